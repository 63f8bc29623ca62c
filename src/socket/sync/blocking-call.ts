/**
 * The one loop in which every blocking call waits: the system call is tried, poll(2) waits until the socket is ready,
 * and it is tried again, with one absolute deadline over all tries. A signal of the system (EINTR) only makes it wait
 * again for what is left of the time.
 *
 * poll(2) is called for at most a tenth of a second at a time. Node cannot interrupt native code: `worker.terminate()`
 * sets a flag that is looked at when JavaScript runs, as it does here between two slices. One long poll would make it
 * wait for ever, and so would a debugger.
 */
import { argumentTypeError, argumentValueError } from '../../base/argument-error.ts'
import { CanceledError, TimeoutError } from '../../base/errors.ts'
import type { Binding } from '../../sys/binding.ts'
import { POLLIN } from '../../sys/constants.ts'
import { checkTimeout } from '../wait.ts'
import { Cancellation } from './cancellation.ts'
import { pollFor, pollNow } from './poll.ts'

/** What every blocking call takes. */
export interface BlockingOptions {
  /**
   * Milliseconds after which the call throws `TimeoutError`; 0 does not wait at all. Without it the socket's own
   * `timeout` holds; `Infinity` waits for ever.
   */
  readonly timeout?: number | undefined
  /** Ends the call from another thread, with `CanceledError`. */
  readonly cancellation?: Cancellation | undefined
}

/** What `recv`, `send` and their like take. */
export interface BlockingTransferOptions extends BlockingOptions {
  /** `MSG_…` flags, joined by `|`. */
  readonly flags?: number | undefined
}

const LONGEST_SLICE_MS = 100
const LONGEST_PAUSE_MS = 50

export class BlockingCall {
  readonly #binding: Binding
  readonly #operation: string
  readonly #timeoutMs: number
  readonly #end: number
  /** The cancellation's descriptor; -1 without one. Its object is kept, so that it stays open. */
  readonly #cancel: number
  readonly #cancellation: Cancellation | undefined

  /**
   * Its time begins now. Throws `TypeError` or `RangeError` for options at fault, `ClosedError` for a closed
   * cancellation, `CanceledError` for one that is set.
   */
  constructor(binding: Binding, operation: string, options: BlockingOptions = {}, usualTimeoutMs?: number) {
    checkOptions(options)
    this.#binding = binding
    this.#operation = operation
    this.#timeoutMs = options.timeout ?? usualTimeoutMs ?? Number.POSITIVE_INFINITY
    this.#end = performance.now() + this.#timeoutMs
    this.#cancellation = options.cancellation
    this.#cancel = this.#cancellation?.descriptorFor(operation) ?? -1
    if (this.#cancel !== -1 && pollNow(binding, this.#cancel, POLLIN)) throw new CanceledError(operation)
  }

  /**
   * Calls `attempt` until it gives something other than undefined, which says that it would have to wait for
   * `interest`. Throws what `attempt` throws, `TimeoutError`, `CanceledError`.
   */
  until<Result>(fd: number, interest: number, attempt: () => Result | undefined): Result {
    for (let vain = 0; ;) {
      const result = attempt()
      if (result !== undefined) return result
      // Where poll(2) says at once that a socket is ready that is not, nothing tells when it will be: a Unix datagram
      // socket whose receiver is full, a Unix connect to a full backlog (unix(7)). These are tried at growing intervals.
      if (vain > 1) this.#pause(2 ** (vain - 2))
      const began = performance.now()
      while (this.#poll(fd, interest, LONGEST_SLICE_MS) !== 'ready');
      vain = performance.now() - began < 1 ? vain + 1 : 0
    }
  }

  #pause(ms: number): void {
    const end = performance.now() + Math.min(ms, LONGEST_PAUSE_MS)
    for (let rest: number; (rest = end - performance.now()) > 0;) this.#poll(-1, 0, rest)
  }

  #poll(fd: number, interest: number, longestMs: number): 'nothing' | 'ready' {
    const rest = this.#end - performance.now()
    if (rest <= 0) throw new TimeoutError(this.#operation, this.#timeoutMs)
    const met = pollFor(this.#binding, fd, interest, this.#cancel, Math.ceil(Math.min(rest, longestMs)))
    if (met === 'canceled') throw new CanceledError(this.#operation)
    return met
  }
}

function checkOptions(options: BlockingOptions): void {
  if (typeof options !== 'object' || options === null) throw argumentTypeError('options', 'an object', options)
  checkTimeout('options.timeout', options.timeout)
  if (options.cancellation !== undefined && !(options.cancellation instanceof Cancellation)) {
    throw argumentTypeError('options.cancellation', 'a Cancellation', options.cancellation)
  }
  if ('signal' in options && options.signal !== undefined) {
    const why = 'no JavaScript runs while the call blocks, so a signal cannot end it; use options.cancellation'
    throw argumentValueError('options.signal', why, options.signal)
  }
}
