/**
 * A set of descriptors that are watched for long, as Python's `selectors.DefaultSelector`: each is registered once, with
 * data of the program's own, and each `select` costs only what is ready.
 */
import { argumentRangeError, argumentTypeError, argumentValueError } from '../../base/argument-error.ts'
import { BusyError, ClosedError, TimeoutError } from '../../base/errors.ts'
import { Descriptor } from '../../reactor/descriptor.ts'
import type { Watcher } from '../../reactor/watchers.ts'
import {
  EBADF,
  EEXIST,
  ENOENT,
  EPOLL_CTL_ADD,
  EPOLL_CTL_DEL,
  EPOLL_CTL_MOD,
  EPOLLIN,
  EPOLLOUT,
  POLLIN,
  POLLOUT,
} from '../../sys/constants.ts'
import { systemError } from '../../sys/system-error.ts'
import { endWatch, watchForLoss } from '../abandoned.ts'
import { ReceivingSocket } from '../receiving-socket.ts'
import { checkWaiting, type Waiting } from '../wait.ts'
import { Epoll } from './epoll.ts'
import { numberOf, type PollTarget } from './target.ts'

/** For a `Selector`: the descriptor can be read, or has a connection to accept, or has ended or failed. */
export const EVENT_READ = 1
/** For a `Selector`: the descriptor can be written, or has failed. */
export const EVENT_WRITE = 2

/** What a `Selector` knows of a descriptor. */
export interface SelectorKey<Data = unknown> {
  /** What was registered. */
  readonly target: PollTarget
  /** Its number. */
  readonly fd: number
  /** What it is watched for: `EVENT_READ`, `EVENT_WRITE`, or both. */
  readonly events: number
  /** The program's own. */
  readonly data: Data
}

/** The most keys that one `select` gives; those left over come first in the next. */
const MOST_KEYS = 1024
const taken = new Int32Array(2 * MOST_KEYS)

interface Entry<Data> extends Watcher {
  key: SelectorKey<Data>
  readonly id: number
}

export class Selector<Data = unknown> {
  readonly #epoll: Epoll
  readonly #byNumber: Map<number, Entry<Data>> = new Map()
  /** An id is never given twice: a late event of an epoll registration that lives on finds nobody. */
  readonly #byId: Map<number, Entry<Data>> = new Map()
  /** Sockets that may have received something already, of which the kernel knows nothing any more. */
  readonly #ahead: Set<Entry<Data>> = new Set()
  #lastId = 0

  /** Throws `SocketError` when the system is out of descriptors. */
  constructor() {
    this.#epoll = Epoll.open()
    watchForLoss(this.#epoll)
  }

  /** The number of its epoll(7) descriptor, which can be read when something registered is ready. Throws `ClosedError`. */
  get fd(): number {
    this.#check('fd')
    return this.#epoll.fd
  }

  get isClosed(): boolean {
    return this.#epoll.isClosed
  }

  /** A waiting `select` keeps the process alive (the default). */
  ref(): this {
    this.#epoll.ref()
    return this
  }

  /** A waiting `select` does not keep the process alive. */
  unref(): this {
    this.#epoll.unref()
    return this
  }

  /**
   * Watches a descriptor for `EVENT_READ`, `EVENT_WRITE` or both. A socket of the library is unregistered by itself when
   * it is closed; any other descriptor is to be unregistered before. Throws `SocketError` (EPERM for a file, which is
   * always ready), `ClosedError`, or a `TypeError` or `RangeError` for an argument, and for one that is registered.
   */
  register(target: PollTarget, events: number, data: Data): SelectorKey<Data>
  register(this: Selector<Data | undefined>, target: PollTarget, events: number): SelectorKey<Data | undefined>
  register(target: PollTarget, events: number, data?: Data): SelectorKey<Data> {
    this.#check('register')
    checkEvents(events)
    const fd = numberOf(target, 'target', 'register')
    const id = ++this.#lastId
    const result = this.#epoll.control(EPOLL_CTL_ADD, fd, maskOf(events), id)
    if (result === -EEXIST) {
      throw argumentValueError('target', 'its descriptor is registered already; use modify, or unregister it', target)
    }
    if (result < 0) throw systemError(result, 'epoll_ctl')
    // One that someone else closed, whose number has been given anew: epoll has forgotten it.
    const gone = this.#byNumber.get(fd)
    if (gone !== undefined) this.#forget(gone)
    const entry: Entry<Data> = {
      key: { target, fd, events, data: data as Data },
      id,
      changed: () => this.#changed(entry),
      ended: () => this.#remove(entry),
    }
    this.#byNumber.set(fd, entry)
    this.#byId.set(id, entry)
    if (target instanceof Descriptor) target.reactor.watchers.add(target.slot, entry)
    this.#changed(entry)
    return entry.key
  }

  /** Other events and other data for what is registered. Throws as `register`. */
  modify(target: PollTarget, events: number, data: Data): SelectorKey<Data>
  modify(this: Selector<Data | undefined>, target: PollTarget, events: number): SelectorKey<Data | undefined>
  modify(target: PollTarget, events: number, data?: Data): SelectorKey<Data> {
    this.#check('modify')
    checkEvents(events)
    const entry = this.#entryOf(target, 'modify')
    const { key } = entry
    const result = key.events === events ? 0 : this.#epoll.control(EPOLL_CTL_MOD, key.fd, maskOf(events), entry.id)
    if (result < 0) throw systemError(result, 'epoll_ctl')
    entry.key = { ...key, events, data: data as Data }
    this.#changed(entry)
    return entry.key
  }

  /** Watches it no longer; returns its key. Throws `TypeError` for what is not registered, `ClosedError`. */
  unregister(target: PollTarget): SelectorKey<Data> {
    this.#check('unregister')
    const entry = this.#entryOf(target, 'unregister')
    const { key } = entry
    if (key.target instanceof Descriptor) key.target.reactor.watchers.remove(key.target.slot, entry)
    this.#remove(entry)
    return key
  }

  /** The key of what is registered; undefined for what is not. Throws `ClosedError`. */
  getKey(target: PollTarget): SelectorKey<Data> | undefined {
    this.#check('getKey')
    if (target instanceof Descriptor && target.isClosed) return undefined
    return this.#byNumber.get(numberOf(target, 'target', 'getKey'))?.key
  }

  /** The keys of all that are registered, in their order. Throws `ClosedError`. */
  keys(): SelectorKey<Data>[] {
    this.#check('keys')
    return Array.from(this.#byNumber.values(), ({ key }) => key)
  }

  /**
   * The keys that are ready (at most 1024 at once), each with what it is ready for; waits while there is none. At the end
   * of the `timeout` (milliseconds) the list is empty. What is still ready is told again by the next call. Rejects with
   * `ClosedError`, `BusyError` (one waits at a time) or the signal's reason.
   */
  async select(waiting?: Waiting): Promise<[SelectorKey<Data>, number][]> {
    this.#check('select')
    if (waiting !== undefined) checkWaiting(waiting)
    waiting?.signal?.throwIfAborted()
    if (this.#epoll.reading !== undefined) throw new BusyError('select')
    const first = this.#take()
    if (first !== undefined || waiting?.timeout === 0) return first ?? []
    try {
      return await this.#epoll.wait('select', waiting, () => this.#take())
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error
      return this.#take() ?? []
    }
  }

  /** Ends it; what is registered stays open. A waiting `select` is rejected with `ClosedError`. */
  close(): void {
    if (this.isClosed) return
    for (const entry of this.#byId.values()) {
      const { target } = entry.key
      if (target instanceof Descriptor) target.reactor.watchers.remove(target.slot, entry)
    }
    for (const set of [this.#byNumber, this.#byId, this.#ahead]) set.clear()
    endWatch(this.#epoll)
    this.#epoll.close('select')
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #check(operation: string): void {
    if (this.isClosed) throw new ClosedError(operation)
  }

  #entryOf(target: PollTarget, operation: string): Entry<Data> {
    const entry = this.#byNumber.get(numberOf(target, 'target', operation))
    if (entry === undefined) throw argumentValueError('target', 'it is not registered', target)
    return entry
  }

  #remove(entry: Entry<Data>): void {
    const { fd } = entry.key
    // ENOENT, EBADF: it was closed before, by someone else.
    const result = this.#epoll.control(EPOLL_CTL_DEL, fd, 0, 0)
    if (result < 0 && result !== -ENOENT && result !== -EBADF) throw systemError(result, 'epoll_ctl')
    this.#forget(entry)
  }

  #forget(entry: Entry<Data>): void {
    this.#byNumber.delete(entry.key.fd)
    this.#byId.delete(entry.id)
    this.#ahead.delete(entry)
  }

  /** What the socket has outside of the kernel may be other than before: looked at by the next try. */
  #changed(entry: Entry<Data>): void {
    if (!(entry.key.target instanceof ReceivingSocket)) return
    this.#ahead.add(entry)
    this.#epoll.refresh()
  }

  /** What is ready; undefined when nothing is. */
  #take(): [SelectorKey<Data>, number][] | undefined {
    const { reactor, number } = this.#epoll
    // What waits to be sent takes room that would seem free.
    reactor.flush()
    const count = reactor.binding.epollTake(number, taken)
    if (count < 0) throw systemError(count, 'epoll_wait')
    const ready: Map<Entry<Data>, number> = new Map()
    for (let i = 0; i < count; i++) {
      const entry = this.#byId.get(taken[2 * i + 1]!)
      if (entry !== undefined) this.#note(ready, entry, taken[2 * i]!)
    }
    for (const entry of this.#ahead) {
      const target = entry.key.target as ReceivingSocket
      if ((target.adjustReadiness(POLLIN, 0) & POLLIN) === 0) this.#ahead.delete(entry)
      else this.#note(ready, entry, POLLIN)
    }
    return ready.size === 0 ? undefined : Array.from(ready, ([{ key }, mask]) => [key, mask])
  }

  #note(ready: Map<Entry<Data>, number>, entry: Entry<Data>, found: number): void {
    const { target, events } = entry.key
    const isOutputFree = !(target instanceof ReceivingSocket) || target.adjustReadiness(0, POLLOUT) !== 0
    // Whatever is neither readable nor writable, a hang-up or a failure, ends the wait for either.
    const read = (found & ~EPOLLOUT) === 0 ? 0 : EVENT_READ
    const write = (found & ~EPOLLIN) === 0 || !isOutputFree ? 0 : EVENT_WRITE
    const mask = (ready.get(entry) ?? 0) | ((read | write) & events)
    if (mask !== 0) ready.set(entry, mask)
  }
}

function maskOf(events: number): number {
  return ((events & EVENT_READ) === 0 ? 0 : EPOLLIN) | ((events & EVENT_WRITE) === 0 ? 0 : EPOLLOUT)
}

function checkEvents(events: number): void {
  if (typeof events !== 'number') throw argumentTypeError('events', 'a number', events)
  if (events !== EVENT_READ && events !== EVENT_WRITE && events !== (EVENT_READ | EVENT_WRITE)) {
    throw argumentRangeError('events', 'EVENT_READ, EVENT_WRITE, or both joined by |', events)
  }
}
