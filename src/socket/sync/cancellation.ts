/**
 * What ends blocking calls of one thread from another one: no JavaScript runs in a thread that blocks, so an
 * `AbortSignal` could not reach it. Underneath is an eventfd, which poll(2) watches beside the socket.
 *
 * Each thread has an object of its own, which holds the eventfd; what travels between them is the id, a number that
 * never comes twice in a process. So whichever side closes first, or is terminated, nobody writes to a descriptor that
 * has become another's (native/linux/cancellation.c).
 */
import { checkInteger } from '../../base/argument-error.ts'
import { ClosedError } from '../../base/errors.ts'
import { addon } from '../../sys/addon.ts'
import type { CancellationHandle } from '../../sys/binding.ts'
import { EAGAIN, EBADF, ENOENT, POLLIN } from '../../sys/constants.ts'
import { systemError } from '../../sys/system-error.ts'
import { pollNow } from './poll.ts'

const place = new Int32Array(2)

/** Ends the blocking calls that were given it, in whichever threads they are; until `reset`, those that begin too. */
export class Cancellation {
  readonly #handle: CancellationHandle
  #isClosed = false

  /**
   * A new one; or with the `id` of one that another thread has, that thread's. Throws `SocketError`, and `ClosedError`
   * when every thread has closed it already.
   */
  constructor(id?: number) {
    const handle = id === undefined ? addon().cancellationCreate() : addon().cancellationJoin(checkId(id))
    if (handle === -ENOENT) throw new ClosedError('Cancellation', 'cancellation')
    if (typeof handle === 'number') throw systemError(handle, 'eventfd')
    this.#handle = handle
  }

  /** What another thread makes its own object from; a number, for `postMessage` or `workerData`. Throws `ClosedError`. */
  get id(): number {
    return this.#read('id')[0]!
  }

  /** @internal The eventfd. Throws `ClosedError`. */
  descriptorFor(operation: string): number {
    return this.#read(operation)[1]!
  }

  get isCanceled(): boolean {
    return pollNow(addon(), this.descriptorFor('isCanceled'), POLLIN)
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Ends the calls, now and later. Calling it again does nothing. Throws `ClosedError`. */
  cancel(): void {
    this.#check(addon().cancellationSet(this.#handle), 'cancel')
  }

  /** Calls may block again. Throws `ClosedError`. */
  reset(): void {
    this.#check(addon().cancellationReset(this.#handle), 'reset')
  }

  /** This thread has no more use for it; the others keep theirs. Closing it twice does nothing. */
  close(): void {
    this.#isClosed = true
    addon().cancellationClose(this.#handle)
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #read(operation: string): Int32Array {
    this.#check(addon().cancellationRead(this.#handle, place), operation)
    return place
  }

  /** EAGAIN: it is as it should become already. */
  #check(result: number, operation: string): void {
    if (result === -EBADF) throw new ClosedError(operation, 'cancellation')
    if (result < 0 && result !== -EAGAIN) throw systemError(result, 'eventfd')
  }
}

function checkId(id: unknown): number {
  return checkInteger('id', id, 1, 0x7fffffff)
}
