/** One portable word, and a sentence, for any error: of this kernel, of another system, of a resolver, of Node. */
import { type ErrorSystem, errorName } from './error-numbers.ts'
import { foreignStatus } from './foreign-names.ts'
import { remedyOf } from './remedies.ts'
import { meaningOf, type Status, statusOfName } from './status.ts'

/** An error of anyone's: what is looked at of it. */
export interface ForeignError {
  readonly status?: unknown
  readonly code?: unknown
  readonly name?: unknown
  readonly cause?: unknown
  readonly errors?: unknown
}

/** What an error comes to. */
export interface Explanation {
  readonly status: Status
  /** The name that the word was found by: `ECONNREFUSED`; the empty text where there is none. */
  readonly code: string
  /** What it means and what to do, in a sentence or two. */
  readonly sentence: string
}

/** How deep causes and lists of errors are followed. */
const DEEPEST = 8

/**
 * The portable word for an error: given as its name (`ECONNREFUSED`, `WSAECONNREFUSED`, `EAI_NONAME`, `UV_EOF`), as its
 * number with the system whose number it is, or as the error itself. Of an error its `code` counts, then its `name`
 * (`AbortError`), then its `cause`, and then the first of its `errors` (AggregateError) that has a word. `other` if
 * nothing is known.
 */
export function statusOf(name: string | ForeignError): Status
export function statusOf(number: number, system: ErrorSystem): Status
export function statusOf(error: string | number | ForeignError, system?: ErrorSystem): Status {
  return statusOfCode(codeOf(error, system, DEEPEST) ?? '') ?? 'other'
}

/** The same with the name that was found, and with a sentence for people. */
export function explain(name: string | ForeignError): Explanation
export function explain(number: number, system: ErrorSystem): Explanation
export function explain(error: string | number | ForeignError, system?: ErrorSystem): Explanation {
  const code = codeOf(error, system, DEEPEST) ?? ''
  const status = statusOfCode(code) ?? 'other'
  const meaning = meaningOf(commonName(code))
  const first = meaning === '' ? '' : `${meaning[0]?.toUpperCase()}${meaning.slice(1)}. `
  return { status, code, sentence: `${first}${remedyOf(status)}` }
}

function statusOfCode(code: string): Status | undefined {
  const status = statusOfName(commonName(code))
  return status === 'other' ? (foreignStatus(code) ?? foreignStatus(commonName(code))) : status
}

/** Winsock and libuv put a prefix before the common names: WSAECONNREFUSED, UV_ECONNREFUSED. */
function commonName(code: string): string {
  return code.replace(/^(?:WSA|UV_)(?=E[A-Z0-9])/, '')
}

/** The first name of the error that is known; failing that, its own code. */
function codeOf(error: unknown, system: ErrorSystem | undefined, depth: number): string | undefined {
  if (typeof error === 'string') return error
  if (typeof error === 'number') return system === undefined ? undefined : errorName(error, system)
  if (typeof error !== 'object' || error === null || depth === 0) return undefined
  const { code, name, cause, errors } = error as ForeignError
  const own = [code, name].filter((text) => typeof text === 'string')
  const known = own.find((text) => statusOfCode(text) !== undefined)
  if (known !== undefined) return known
  const inner = [cause, ...(Array.isArray(errors) ? (errors as unknown[]) : [])]
    .filter((one) => typeof one === 'object')
    .map((one) => codeOf(one, undefined, depth - 1))
    .find((text) => text !== undefined && statusOfCode(text) !== undefined)
  return inner ?? (typeof code === 'string' ? code : undefined)
}
