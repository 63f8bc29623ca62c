/**
 * One operation that waits for readiness: it tries, arms, and tries again, with one absolute deadline over all tries.
 *
 * Of each socket one operation can wait to read and one to write; a second is a `BusyError`, because two readers would
 * tear the bytes apart between them. An operation that a signal or a deadline ends has not done its call, and never
 * does it later.
 */
import { argumentRangeError, argumentTypeError } from '../base/argument-error.ts'
import { TimeoutError } from '../base/errors.ts'
import type { Descriptor } from '../reactor/descriptor.ts'
import type { Deadline } from '../reactor/deadlines.ts'
import { READABLE } from '../reactor/engine.ts'

/** What every waiting call takes. */
export interface Waiting {
  /** Ends the wait; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds after which the call rejects with `TimeoutError`; without it, it waits for ever. */
  readonly timeout?: number | undefined
}

/** An operation that waits, as its socket sees it. */
export interface Pending {
  readonly promise: Promise<unknown>
  /** The socket is ready. */
  fire(): void
  /** Ends the wait: nothing was done, and nothing will be. */
  fail(reason: unknown): void
}

/** A descriptor that operations can wait on. */
export interface Waitable extends Descriptor {
  /** @internal The operation that waits to read, and the one that waits to write. */
  reading: Pending | undefined
  /** @internal */
  writing: Pending | undefined
  /** @internal Nothing waits for this interest any more. */
  stopWaiting(interest: number): void
}

export class Wait<Result> implements Deadline, Pending {
  readonly promise: Promise<Result>
  at: number = Number.POSITIVE_INFINITY
  place = -1
  readonly #socket: Waitable
  readonly #interest: number
  readonly #operation: string
  readonly #attempt: () => Result | undefined
  readonly #waiting: Waiting | undefined
  #resolve!: (result: Result) => void
  #reject!: (reason: unknown) => void

  /** `attempt` makes the call: it returns undefined while that would wait, and throws what ends the operation. */
  constructor(
    socket: Waitable,
    interest: number,
    operation: string,
    attempt: () => Result | undefined,
    waiting: Waiting | undefined,
  ) {
    this.#socket = socket
    this.#interest = interest
    this.#operation = operation
    this.#attempt = attempt
    this.#waiting = waiting
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    if (interest === READABLE) socket.reading = this
    else socket.writing = this
    if (waiting !== undefined) this.#limit(waiting)
    this.#arm()
  }

  #limit({ signal, timeout }: Waiting): void {
    if (timeout !== undefined && timeout !== Number.POSITIVE_INFINITY) {
      this.at = performance.now() + timeout
      this.#socket.reactor.deadlines.add(this)
    }
    signal?.addEventListener('abort', this.#abort)
  }

  #arm(): void {
    const { reactor } = this.#socket
    try {
      if (this.#interest !== READABLE) return reactor.arm(this.#socket, this.#interest)
      while (!reactor.armInput(this.#socket, READABLE)) {
        const result = this.#attempt()
        if (result !== undefined) return this.#succeed(result)
      }
    } catch (error) {
      this.fail(error)
    }
  }

  fire(): void {
    let result: Result | undefined
    try {
      result = this.#attempt()
    } catch (error) {
      this.fail(error)
      return
    }
    if (result === undefined) this.#arm()
    else this.#succeed(result)
  }

  /** The deadline has come. */
  expire(): void {
    this.fail(new TimeoutError(this.#operation, this.#waiting?.timeout ?? 0))
  }

  readonly #abort = (): void => this.fail(this.#waiting?.signal?.reason)

  fail(reason: unknown): void {
    this.#end()
    this.#reject(reason)
  }

  #succeed(result: Result): void {
    this.#end()
    this.#resolve(result)
  }

  #end(): void {
    const socket = this.#socket
    socket.stopWaiting(this.#interest)
    if (this.#waiting === undefined) return
    this.#waiting.signal?.removeEventListener('abort', this.#abort)
    socket.reactor.deadlines.remove(this)
  }
}

/** Checks what a caller passed as `Waiting`. Throws `TypeError` or `RangeError`. */
export function checkWaiting(waiting: Waiting): void {
  if (typeof waiting !== 'object' || waiting === null) throw argumentTypeError('options', 'an object', waiting)
  const { signal, timeout } = waiting
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw argumentTypeError('options.signal', 'an AbortSignal', signal)
  }
  checkTimeout('options.timeout', timeout)
}

/** Checks a time of waiting; undefined is none. Throws `TypeError` or `RangeError`. */
export function checkTimeout(name: string, timeout: unknown): asserts timeout is number | undefined {
  if (timeout === undefined) return
  if (typeof timeout !== 'number') throw argumentTypeError(name, 'a number of milliseconds', timeout)
  if (!(timeout >= 0)) throw argumentRangeError(name, '0 or more', timeout)
}
