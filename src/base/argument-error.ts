/**
 * Faults in what the caller passed: a `TypeError` or a `RangeError`, with Node's codes, before any system call.
 *
 * The message names the argument and what it got. These are plain `TypeError`s and `RangeError`s with a `code`, as
 * Node's own are, and not classes of ours: who catches them fixes the call and does not branch on it.
 */

import { describe } from './describe.ts'

/** The codes of an argument's fault, the same as Node's. */
export type ArgumentErrorCode = 'ERR_INVALID_ARG_TYPE' | 'ERR_INVALID_ARG_VALUE' | 'ERR_OUT_OF_RANGE'

/** A fault in an argument. */
export type ArgumentError = (TypeError | RangeError) & { readonly code: ArgumentErrorCode }

/**
 * An argument of a wrong type, as a `TypeError` with code `ERR_INVALID_ARG_TYPE`.
 * @param name the argument, `port` or `options.timeout`
 * @param expected what it must be, with its article: `a number`, `a Uint8Array`
 * @param got the value that was passed
 */
export function argumentTypeError(name: string, expected: string, got: unknown): ArgumentError {
  return Object.assign(new TypeError(`The argument "${name}" must be ${expected}. Received ${describe(got)}`), {
    code: 'ERR_INVALID_ARG_TYPE' as const,
  })
}

/**
 * An argument of the right type outside its range, as a `RangeError` with code `ERR_OUT_OF_RANGE`.
 * @param name the argument
 * @param range what it must be: `>= 0 and <= 65535`, `an integer`, `at most 107 bytes long`
 * @param got the value that was passed
 */
export function argumentRangeError(name: string, range: string, got: unknown): ArgumentError {
  return Object.assign(new RangeError(`The argument "${name}" must be ${range}. Received ${describe(got)}`), {
    code: 'ERR_OUT_OF_RANGE' as const,
  })
}

/**
 * An argument of the right type that cannot be used, as a `TypeError` with code `ERR_INVALID_ARG_VALUE`.
 * @param name the argument
 * @param reason what is wrong with it and what to write instead, as a clause
 * @param got the value that was passed
 */
export function argumentValueError(name: string, reason: string, got: unknown): ArgumentError {
  return Object.assign(new TypeError(`The argument "${name}" is invalid: ${reason}. Received ${describe(got)}`), {
    code: 'ERR_INVALID_ARG_VALUE' as const,
  })
}

/**
 * Checks a whole number within bounds and returns it.
 * @throws TypeError when it is not a number, RangeError when it is not whole or outside the bounds
 */
export function checkInteger(name: string, value: unknown, least: number, most: number): number {
  if (typeof value !== 'number') throw argumentTypeError(name, 'a number', value)
  if (!Number.isInteger(value) || value < least || value > most) {
    throw argumentRangeError(name, `an integer >= ${least} and <= ${most}`, value)
  }
  return value
}
