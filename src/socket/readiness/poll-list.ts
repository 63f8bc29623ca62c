/** A list of descriptors with what is asked of each: poll(2) answers, and an epoll waits until the answer is another. */
import { argumentRangeError, argumentTypeError } from '../../base/argument-error.ts'
import { ClosedError, TimeoutError } from '../../base/errors.ts'
import { Descriptor } from '../../reactor/descriptor.ts'
import { currentReactor } from '../../reactor/reactor.ts'
import { EPERM, EPOLL_CTL_ADD } from '../../sys/constants.ts'
import { systemError } from '../../sys/system-error.ts'
import { ReceivingSocket } from '../receiving-socket.ts'
import { checkWaiting, type Waiting } from '../wait.ts'
import { Epoll } from './epoll.ts'
import { numberOf, type PollTarget } from './target.ts'

/** The most descriptors that one call takes: as many as Linux lets a process have (`fs.nr_open`). */
const MOST_TARGETS = 1 << 20

/** Throws `TypeError` or `RangeError` for what is no list, or too long. */
export function checkList(name: string, list: unknown): asserts list is readonly unknown[] {
  if (!Array.isArray(list)) throw argumentTypeError(name, 'an array', list)
  if (list.length > MOST_TARGETS) throw argumentRangeError(`${name}.length`, `<= ${MOST_TARGETS}`, list.length)
}

export class PollList {
  /** What each was found ready for, in the order of the list. */
  readonly revents: Int32Array
  readonly fds: Int32Array
  readonly #events: Int32Array
  readonly #targets: readonly PollTarget[]
  readonly #operation: string

  /** `nameOf` names an entry in errors. Throws `ClosedError`, or `TypeError` or `RangeError`. */
  constructor(
    operation: string,
    targets: readonly PollTarget[],
    events: readonly number[],
    nameOf: (index: number) => string,
  ) {
    this.#operation = operation
    this.#targets = targets
    this.fds = Int32Array.from(targets, (target, i) => numberOf(target, nameOf(i), operation))
    this.#events = Int32Array.from(events)
    this.revents = new Int32Array(targets.length)
  }

  /** Asks, without waiting; returns whether any entry is ready. Throws `SocketError`, `ClosedError`. */
  ask(): boolean {
    const reactor = currentReactor()
    // What waits to be sent takes room that would seem free.
    reactor.flush()
    const result = reactor.binding.poll(this.fds, this.#events, this.revents, 0)
    if (result < 0) throw systemError(result, 'poll')
    let isAnyReady = result > 0
    for (const [i, target] of this.#targets.entries()) {
      if (!(target instanceof Descriptor)) continue
      if (target.isClosed) throw new ClosedError(this.#operation)
      if (!(target instanceof ReceivingSocket)) continue
      this.revents[i] = target.adjustReadiness(this.#events[i]!, this.revents[i]!)
      isAnyReady ||= this.revents[i] !== 0
    }
    return isAnyReady
  }

  /**
   * Waits until `answer`, which asks, gives something; undefined when the time is over. Rejects with `SocketError`,
   * `ClosedError` or the signal's reason.
   */
  async wait<Result>(waiting: Waiting | undefined, answer: () => Result | undefined): Promise<Result | undefined> {
    if (waiting !== undefined) checkWaiting(waiting)
    waiting?.signal?.throwIfAborted()
    const first = answer()
    if (first !== undefined || waiting?.timeout === 0) return first
    const epoll = Epoll.open()
    try {
      this.#watchBy(epoll)
      return await epoll.wait(this.#operation, waiting, answer)
    } catch (error) {
      if (error instanceof TimeoutError) return answer()
      throw error
    } finally {
      epoll.close(this.#operation)
    }
  }

  #watchBy(epoll: Epoll): void {
    const masks = new Map<number, number>()
    for (const [i, fd] of this.fds.entries()) masks.set(fd, (masks.get(fd) ?? 0) | this.#events[i]!)
    for (const [fd, events] of masks) {
      const result = epoll.control(EPOLL_CTL_ADD, fd, events, 0)
      // A file is ready for what poll(2) has said already, and will never be for more.
      if (result < 0 && result !== -EPERM) throw systemError(result, 'epoll_ctl')
    }
    for (const target of this.#targets) if (target instanceof Descriptor) epoll.endWith(target, this.#operation)
  }
}
