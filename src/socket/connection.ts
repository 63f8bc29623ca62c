/**
 * A connection in the handler form: no promise, closure or buffer for each event. What its handlers send in a turn goes
 * out in one call at the turn's end.
 */
import type { AnyAddress } from '../base/address.ts'
import { argumentRangeError } from '../base/argument-error.ts'
import { BusyError, ClosedError, QueueFullError, TimeoutError } from '../base/errors.ts'
import type { Deadline } from '../reactor/deadlines.ts'
import { CLOSE, FLAGS, OFFSET, RECEIVE, SHUTDOWN_WRITE, WRITABLE } from '../reactor/engine.ts'
import type { Reactor } from '../reactor/reactor.ts'
import { MSG_TRUNC } from '../sys/constants.ts'
import { systemError } from '../sys/system-error.ts'
import { checkBytes } from './arguments.ts'
import type { HandlerOf } from './connection-handler.ts'
import {
  CLOSING,
  ENDING,
  END_IS_DUE,
  FAILING,
  FINISHING,
  FIN_QUEUED,
  INPUT_ENDED,
  IN_CLOSE,
  PAUSED,
} from './connection-state.ts'
import { DEFAULT_FINISH_DEADLINE_MS } from './finish.ts'
import type { SocketKind } from './open-socket.ts'
import { QueueingSocket, wouldWait } from './queueing-socket.ts'
import { checkHandler, Service, type ServiceOptions } from './service.ts'

/** The handlers of a connection. */
export type ConnectionHandler<State = unknown> = HandlerOf<Connection<State>>

/** What a connection in the handler form takes: its limits, and where its handlers' errors go. */
export type ConnectionOptions<State = unknown> = ServiceOptions<Connection<State>>

/** @internal What the connections of one listener share. */
export type ConnectionService<State> = Service<ConnectionHandler<State>, Connection<State>>

/** @internal Checks what a caller passed. Throws `TypeError`, `RangeError`. */
export function connectionService<State>(
  reactor: Reactor,
  handler: ConnectionHandler<State>,
  options: ConnectionOptions<State>,
): ConnectionService<State> {
  checkHandler(handler, 'data', ['open', 'drain', 'end', 'close'])
  return new Service(reactor, handler, options, 'close')
}

export class Connection<State = unknown> extends QueueingSocket {
  /** For the handlers: whatever belongs to this connection. */
  state: State | undefined
  readonly #service: ConnectionService<State>
  #bits = 0
  /** What was received while it was paused. */
  #readAhead: Uint8Array[] | undefined
  #peer: AnyAddress | undefined
  #reason: Error | undefined
  #deadline: Deadline | undefined

  /** @internal Made by `acceptWith` and `handleWith`. */
  constructor(reactor: Reactor, number: number, kind: SocketKind, service: ConnectionService<State>) {
    super(reactor, number, kind)
    this.#service = service
    this.context = service.context
  }

  // --- sending ----------------------------------------------------------------------------------------------------

  /**
   * Queues bytes. Returns how many wait after that, or -1 when the queue is full (see `whenQueueFull`). Throws
   * `ClosedError` after `end`, `finish`, `close` or `abort`. On a seqpacket socket each call is a record.
   */
  send(bytes: Uint8Array): number {
    this.#checkSend('send', bytes)
    const { length } = bytes
    if (length === 0) return this.queuedBytes
    const queued = this.queuedBytes
    if (queued > 0 && queued + length > this.#service.queueLimitBytes && this.#isFull(length)) return -1
    try {
      return this.queue(bytes)
    } catch (error) {
      this.abort(error as Error)
      return -1
    }
  }

  #checkSend(operation: string, bytes: Uint8Array): void {
    checkBytes('bytes', bytes)
    if (this.number === -1 || (this.#bits & (ENDING | CLOSING | FAILING)) !== 0) throw new ClosedError(operation)
    if (bytes.length > 0 || this.isStream) return
    throw argumentRangeError('bytes', 'at least one byte long: the peer would take an empty record for the end', bytes)
  }

  /** Hands bytes to the kernel now, as many as it takes; returns that number. Never overtakes what is queued. */
  trySend(bytes: Uint8Array): number {
    this.#checkSend('trySend', bytes)
    this.flushOwn()
    if (this.heldBack !== undefined) return 0
    const sent = this.reactor.binding.send(this.number, bytes, 0, bytes.length, 0)
    if (wouldWait(sent)) return 0
    if (sent < 0) throw systemError(sent, 'send')
    return sent
  }

  /** What is in the outbox only waits for the turn's end: that is no slow reader. */
  #isFull(length: number): boolean {
    this.flushOwn()
    const { whenQueueFull, queueLimitBytes } = this.#service
    const queued = this.queuedBytes
    if (queued === 0 || queued + length <= queueLimitBytes) return false
    if (whenQueueFull === 'close') this.abort(new QueueFullError('send', queued, queueLimitBytes))
    else if (whenQueueFull === 'drop') this.reactor.droppedMessages++
    return true
  }

  #sendMore(): void {
    try {
      if (!this.sendHeldBack()) return
    } catch (error) {
      return this.#fail(error as Error)
    }
    if ((this.#bits & CLOSING) !== 0) return this.#closeNow()
    if ((this.#bits & (ENDING | FIN_QUEUED)) === ENDING) {
      this.#bits |= FIN_QUEUED
      this.endWriting()
    }
    if ((this.#bits & (ENDING | FAILING)) === 0) this.#call('drain')
  }

  // --- receiving --------------------------------------------------------------------------------------------------

  get isPaused(): boolean {
    return (this.#bits & PAUSED) !== 0
  }

  /** No `data` until `resume`. What has been received already is kept. */
  pause(): this {
    if (this.number !== -1 && (this.#bits & PAUSED) === 0) {
      this.#bits |= PAUSED
      this.reactor.disarm(this, RECEIVE)
    }
    return this
  }

  /** `data` again, behind the handlers that run now. */
  resume(): this {
    if (this.number === -1 || (this.#bits & PAUSED) === 0) return this
    this.#bits &= ~PAUSED
    if (this.#readAhead === undefined && (this.#bits & END_IS_DUE) === 0) this.#receiveMore()
    else queueMicrotask(() => this.context?.runInAsyncScope(this.#deliverReadAhead, this))
    return this
  }

  #receiveMore(): void {
    if ((this.#bits & (INPUT_ENDED | CLOSING)) === 0) this.reactor.arm(this, RECEIVE)
  }

  #deliverReadAhead(): void {
    while (this.#readAhead !== undefined && (this.#bits & PAUSED) === 0 && this.#isReceiving) {
      const bytes = this.#readAhead.shift()!
      if (this.#readAhead.length === 0) this.#readAhead = undefined
      this.#deliver(bytes)
    }
    if (this.#readAhead !== undefined || (this.#bits & PAUSED) !== 0 || this.number === -1) return
    if ((this.#bits & END_IS_DUE) !== 0) this.#deliverEnd()
    else if ((this.armed & RECEIVE) === 0) this.#receiveMore()
  }

  get #isReceiving(): boolean {
    return this.number !== -1 && (this.#bits & (CLOSING | FINISHING | FAILING)) === 0
  }

  /** @internal */
  complete(kind: number, result: number, at: number): void {
    if (kind === RECEIVE) this.#received(result, at)
    else {
      this.reactor.noteArmed(this, WRITABLE, false)
      this.#sendMore()
    }
  }

  #received(result: number, at: number): void {
    const { completions, buffer } = this.reactor.memory
    const isRecord = (completions[at + FLAGS]! & ~MSG_TRUNC) !== 0
    if (result > 0 || isRecord) {
      if (!this.#isReceiving) return
      const bytes = new Uint8Array(buffer, completions[at + OFFSET], result)
      if ((this.#bits & PAUSED) !== 0 || this.#readAhead !== undefined) (this.#readAhead ??= []).push(bytes.slice())
      else {
        this.#deliver(bytes)
        if (this.reactor.poisons) bytes.fill(0xdd)
      }
      return
    }
    this.reactor.noteArmed(this, RECEIVE, false)
    if (result < 0) return this.#broken(systemError(result, 'recv'))
    this.#bits |= INPUT_ENDED
    if ((this.#bits & FINISHING) !== 0) this.close()
    else if ((this.#bits & PAUSED) !== 0 || this.#readAhead !== undefined) this.#bits |= END_IS_DUE
    else this.#deliverEnd()
  }

  /** The connection is broken. What came before is still delivered first. */
  #broken(error: Error): void {
    if (this.#readAhead === undefined || !this.#isReceiving) return this.#fail(error)
    this.#reason = error
    this.#bits |= INPUT_ENDED | END_IS_DUE
  }

  #deliver(bytes: Uint8Array): void {
    try {
      this.#watch(this.#service.handler.data(this, bytes))
    } catch (error) {
      this.#handlerFailed(error)
    }
  }

  #deliverEnd(): void {
    this.#bits &= ~END_IS_DUE
    if (!this.#isReceiving) return
    if (this.#reason !== undefined) return this.#fail(this.#reason)
    if (this.#service.handler.end === undefined) return this.close()
    this.#call('end')
    if ((this.#bits & ENDING) !== 0) this.close()
  }

  #call(name: 'open' | 'drain' | 'end'): void {
    try {
      this.#watch(this.#service.handler[name]?.(this))
    } catch (error) {
      this.#handlerFailed(error)
    }
  }

  /** A handler may be asynchronous: its rejection is an error of the handler too. */
  #watch(result: unknown): void {
    if (result instanceof Promise) result.catch((error: unknown) => this.#handlerFailed(error))
  }

  #handlerFailed(error: unknown): void {
    this.#service.report(error, this)
    this.abort(
      error instanceof Error ? error : new Error('A handler threw something that is no Error.', { cause: error }),
    )
  }

  // --- beginning and ending ---------------------------------------------------------------------------------------

  /** @internal A new descriptor begins here: `open`, then bytes. */
  begin(readAhead?: Uint8Array[], errorAhead?: Error): void {
    this.reactor.hold(this)
    this.#readAhead = readAhead
    this.#reason = errorAhead
    if (errorAhead !== undefined) this.#bits = INPUT_ENDED | END_IS_DUE
    this.#call('open')
    if (this.number === -1 || (this.#bits & PAUSED) !== 0) return
    if (readAhead !== undefined || errorAhead !== undefined) {
      queueMicrotask(() => this.context?.runInAsyncScope(this.#deliverReadAhead, this))
    }
    this.#receiveMore()
  }

  /** @internal Takes a slot for the descriptor that the completion `at` accepted. Closes it, and throws, if there is none. */
  attach(at: number): void {
    this.attachToReactor()
    this.reactor.peers.write(this.slot, at)
  }

  /**
   * Ends the write side once what is queued is with the kernel: the peer reads the end. It can still send; when it has
   * ended too, and the `end` handler has run, the connection closes.
   */
  end(): void {
    if (this.number === -1 || (this.#bits & (ENDING | CLOSING | FAILING)) !== 0) return
    if ((this.#bits & (INPUT_ENDED | END_IS_DUE)) === INPUT_ENDED) return this.close()
    this.#bits |= ENDING
    if (this.heldBack === undefined) this.#queueControl(SHUTDOWN_WRITE)
  }

  /**
   * Ends in good order: what is queued is sent, the peer is told the end, what it still sends is thrown away, and when
   * it has finished too the socket is closed. A peer that has not by the deadline (milliseconds) is reset.
   */
  finish(deadline: number = DEFAULT_FINISH_DEADLINE_MS): void {
    if (this.number === -1 || (this.#bits & (CLOSING | FINISHING | FAILING)) !== 0) return
    if ((this.#bits & INPUT_ENDED) !== 0) return this.close(deadline)
    this.end()
    this.#bits = (this.#bits | FINISHING) & ~PAUSED
    this.#readAhead = undefined
    if ((this.armed & RECEIVE) === 0) this.reactor.arm(this, RECEIVE)
    this.#setDeadline(deadline)
  }

  /**
   * Closes once what is queued is with the kernel (by the deadline in milliseconds, or else the peer is reset). Input
   * that is still unread makes the kernel reset the connection: use `finish` where the peer may be sending.
   */
  close(deadline: number = DEFAULT_FINISH_DEADLINE_MS): void {
    if (deadline !== DEFAULT_FINISH_DEADLINE_MS) this.flushOwn() // the flush behind this call knows of no other
    if (this.number === -1 || (this.#bits & (CLOSING | FAILING)) !== 0) return
    this.#bits |= CLOSING
    this.#readAhead = undefined
    if (this.heldBack === undefined) this.#queueControl(CLOSE)
    else this.#setDeadline(deadline)
  }

  #queueControl(kind: number): void {
    if (!this.reactor.outbox.hasRoomFor(0)) this.reactor.flush()
    if (this.heldBack !== undefined) return
    if (kind === SHUTDOWN_WRITE) this.#bits |= FIN_QUEUED
    this.reactor.outbox.control(this.slot, this.generation, kind)
    this.reactor.scheduleFlush()
  }

  /** Closes at once; what is queued is lost, and the peer of a TCP connection is reset. `close` is told the reason. */
  abort(reason?: Error): void {
    if (this.number === -1 || (this.#bits & FAILING) !== 0) return
    this.#reason = reason
    // Its slot, where the address is, may be another's before the handler runs.
    if (this.#service.handler.close !== undefined) this.#peer = this.remoteAddress
    this.resetNow()
    this.#bits |= FAILING
    queueMicrotask(() => this.context?.runInAsyncScope(this.#gone, this))
  }

  /** @internal Takes the socket out of the handler form; returns what it received, and met, and did not deliver. */
  detachReadAhead(operation: string): { readAhead: Uint8Array[]; errorAhead: Error | undefined } {
    if (this.number === -1 || (this.#bits & (ENDING | CLOSING | FINISHING | FAILING)) !== 0)
      throw new ClosedError(operation)
    this.flushOwn()
    if (this.heldBack !== undefined) throw new BusyError(operation)
    const readAhead = this.#readAhead ?? []
    this.#readAhead = undefined
    this.#service.onGone?.()
    return { readAhead, errorAhead: this.#reason }
  }

  #setDeadline(ms: number): void {
    if (this.#deadline !== undefined) return
    const expire = (): void => {
      this.context?.runInAsyncScope(this.#fail, this, new TimeoutError('finish', ms))
    }
    this.#deadline = { at: performance.now() + ms, place: -1, expire }
    this.reactor.deadlines.add(this.#deadline)
  }

  #fail(reason: Error): void {
    if (this.number === -1) return
    this.#reason = reason
    this.resetNow()
    this.#gone()
  }

  #closeNow(): void {
    this.reactor.close(this)
    this.#gone()
  }

  /** The descriptor is closed: tell so, once. */
  #gone(): void {
    if (this.#deadline !== undefined) this.reactor.deadlines.remove(this.#deadline)
    this.dropQueue()
    this.#readAhead = undefined
    this.#bits = IN_CLOSE | FAILING
    try {
      this.#watch(this.#service.handler.close?.(this, this.#reason))
    } catch (error) {
      this.#service.report(error, this)
    }
    this.#bits = FAILING
    this.#peer = undefined
    this.#service.onGone?.()
  }

  /** @internal */
  override settle(kind: number, result: number, operation: number): void {
    if (kind === CLOSE) {
      this.context?.runInAsyncScope(this.#gone, this)
      return
    }
    // A FIN or a close that was queued behind what the kernel did not take has not been done.
    this.#bits &= ~FIN_QUEUED
    super.settle(kind, result, operation)
    if ((this.#bits & CLOSING) !== 0 && this.number !== -1) this.#setDeadline(DEFAULT_FINISH_DEADLINE_MS)
  }

  /** @internal */
  protected override flushFailed(error: Error): void {
    this.abort(error)
  }

  /** The address of its peer. In the `close` handler too, and no longer after that. */
  override get remoteAddress(): AnyAddress | undefined {
    if (this.#peer !== undefined) return this.#peer
    if (this.number === -1 && (this.#bits & IN_CLOSE) === 0) return undefined
    const accepted = this.reactor.peers.read(this.slot)
    return accepted ?? (this.number === -1 ? undefined : super.remoteAddress)
  }
}
