/**
 * An epoll of its own for who waits on many descriptors. The reactor watches it as it watches a socket: it becomes
 * readable when one of its descriptors is ready. So waiting costs the reactor one registration, whatever it is for, and
 * descriptors of any kind and owner can be waited on, those of its own sockets among them.
 */
import { ClosedError } from '../../base/errors.ts'
import { Descriptor } from '../../reactor/descriptor.ts'
import { READABLE } from '../../reactor/engine.ts'
import { currentReactor, type Reactor } from '../../reactor/reactor.ts'
import type { Watcher } from '../../reactor/watchers.ts'
import { systemError } from '../../sys/system-error.ts'
import { type Pending, Wait, type Waitable, type Waiting } from '../wait.ts'

export class Epoll extends Descriptor implements Waitable {
  /** @internal */
  reading: Pending | undefined = undefined
  /** @internal */
  writing: Pending | undefined = undefined
  readonly #watched: Map<number, Watcher> = new Map()

  /** Throws `SocketError`. */
  static open(): Epoll {
    const reactor = currentReactor()
    const number = reactor.binding.epollCreate()
    if (number < 0) throw systemError(number, 'epoll_create1')
    return new Epoll(reactor, number)
  }

  private constructor(reactor: Reactor, number: number) {
    super(reactor, number)
    try {
      reactor.attach(this, 0, 1)
    } catch (error) {
      reactor.binding.close(number)
      throw error
    }
  }

  /** epoll_ctl(2): 0, or the errno negated. */
  control(command: number, fd: number, events: number, data: number): number {
    return this.reactor.binding.epollCtl(this.number, command, fd, events, data)
  }

  /** Tries, and tries again whenever a descriptor becomes ready. Level-triggered, whoever tries sees what is ready. */
  wait<Result>(operation: string, waiting: Waiting | undefined, attempt: () => Result | undefined): Promise<Result> {
    return new Wait(this, READABLE, operation, attempt, waiting).promise
  }

  /** Tries again, behind what runs now. */
  refresh(): void {
    queueMicrotask(() => this.reading?.fire())
  }

  /** The wait fails with `ClosedError` when the descriptor is closed or given away before the epoll is closed. */
  endWith(descriptor: Descriptor, operation: string): void {
    if (this.#watched.has(descriptor.slot)) return
    const watcher = {
      changed: (): void => this.refresh(),
      ended: (): void => this.reading?.fail(new ClosedError(operation)),
    }
    this.#watched.set(descriptor.slot, watcher)
    this.reactor.watchers.add(descriptor.slot, watcher)
  }

  close(operation: string): void {
    for (const [slot, watcher] of this.#watched) this.reactor.watchers.remove(slot, watcher)
    this.#watched.clear()
    this.reactor.close(this)
    this.reading?.fail(new ClosedError(operation))
  }

  /** @internal */
  complete(kind: number): void {
    this.reactor.noteArmed(this, kind, false)
    this.reading?.fire()
  }

  /** @internal Nothing is ever sent on it. */
  settle(): void {}

  /** @internal */
  stopWaiting(interest: number): void {
    this.reading = undefined
    this.reactor.disarm(this, interest)
  }
}
