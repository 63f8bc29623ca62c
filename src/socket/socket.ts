/**
 * The BSD socket in the promise form. One method is one system call, tried first and waited for only on EAGAIN; those
 * whose name says a loop (`sendAll`, `recvExactly`, `serve`) are one. `tryX` never waits.
 */
import type { AnyAddress } from '../base/address.ts'
import { checkInteger } from '../base/argument-error.ts'
import { BusyError, ClosedError } from '../base/errors.ts'
import {
  ACCEPT,
  ADDRESS,
  ADDRESS_LENGTH,
  OFFSET,
  READABLE,
  RECEIVE,
  RECEIVE_ONCE,
  WRITABLE,
} from '../reactor/engine.ts'
import { currentReactor, type Reactor } from '../reactor/reactor.ts'
import { SHUT_RD, SHUT_WR } from '../sys/constants.ts'
import { packAddress, unpackAddress } from '../sys/sockaddr.ts'
import { systemError } from '../sys/system-error.ts'
import { endWatch, watchForLoss } from './abandoned.ts'
import { Acceptor, type AcceptOptions } from './acceptor.ts'
import { restoreCloseOnExec, shareNonBlocking } from './adopted-flags.ts'
import { checkAddress, checkDirection } from './arguments.ts'
import { connectSocket } from './connect.ts'
import { Connection, connectionService, type ConnectionHandler, type ConnectionOptions } from './connection.ts'
import { DatagramChannel, type DatagramHandler, type DatagramOptions } from './datagram-channel.ts'
import { DEFAULT_FINISH_DEADLINE_MS, Draining } from './finish.ts'
import { LingeringClose } from './lingering-close.ts'
import { openDescriptor } from './open-descriptor.ts'
import { OpenSocket, type SocketKind } from './open-socket.ts'
import { wouldWait } from './queueing-socket.ts'
import { ReceivingSocket } from './receiving-socket.ts'
import { Server, type ServeOptions } from './serve.ts'
import type { Waiting } from './wait.ts'

/** A connection and the address it came from. */
export interface Accepted {
  readonly peer: Socket
  readonly address: AnyAddress
}

/** A descriptor that left the library. */
export interface Detached {
  /** Its number; it is the caller's to close. */
  readonly fd: number
  /** What had been received and not taken, in order; on a record socket each is a record. Mostly nothing. */
  readonly readAhead: readonly Uint8Array[]
}

/** A descriptor that the kernel gave: accepted, or one of a pair. */
interface Given {
  readonly reactor: Reactor
  readonly number: number
  readonly kind: SocketKind
  /** It is held, and closed in the end, by a server: nobody has to watch for its loss. */
  readonly isServed?: boolean
}

const addressBytes = new Uint8Array(128)
const out = new Int32Array(2)
const DEFAULT_BACKLOG = 4096

export class Socket extends ReceivingSocket {
  /** What takes all input: a listener's acceptor, or `finish`. */
  #taker: Acceptor | Draining | undefined

  /**
   * A new endpoint, close-on-exec and non-blocking. Throws `SocketError`, or a `TypeError` or `RangeError` for an
   * argument that is no number. See socket(2).
   */
  constructor(family: number, type: number, protocol?: number)
  /** @internal A socket for a descriptor that the kernel gave; it is owned from here on. */
  constructor(given: Given)
  constructor(first: number | Given, type: number = 0, protocol: number = 0) {
    const given: Given = typeof first === 'object' ? first : openGiven(first, type, protocol)
    super(given.reactor, given.number, given.kind)
    if (first instanceof OpenSocket) this.reactor.transfer(first, this)
    else this.attachToReactor()
    if (given.isServed === true) this.reactor.hold(this)
    else watchForLoss(this)
  }

  /**
   * Takes a connection out of the handler form. What it had received and not delivered comes first from `recv`. Throws
   * `ClosedError`, or `BusyError` while bytes wait to be sent.
   */
  static takeOver<State>(connection: Connection<State>): Socket {
    const { readAhead, errorAhead } = connection.detachReadAhead('takeOver')
    const socket = new Socket(connection)
    if (readAhead.length > 0) socket.readAhead = readAhead
    socket.errorAhead = errorAhead
    return socket
  }

  // --- setting up -------------------------------------------------------------------------------------------------

  /** Gives the socket an address of its own. Throws `SocketError`, `ClosedError`. See bind(2). */
  bind(address: AnyAddress): this {
    checkAddress('address', address, this.kind.family)
    const result = this.reactor.binding.bind(this.open('bind'), packAddress(address))
    if (result < 0) throw systemError(result, 'bind', address)
    return this
  }

  /**
   * Makes a stream or seqpacket socket accept connections. Up to `backlog` of them wait to be accepted (the kernel
   * takes its `somaxconn` if that is less). Throws `SocketError`, `ClosedError`. See listen(2).
   */
  listen(backlog: number = DEFAULT_BACKLOG): this {
    checkInteger('backlog', backlog, 0, 0x7fffffff)
    const result = this.reactor.binding.listen(this.open('listen'), backlog)
    if (result < 0) throw systemError(result, 'listen')
    return this
  }

  /**
   * Connects, or on a datagram socket names the peer. A connect that a signal or a timeout ends is taken back. Rejects
   * with `SocketError`, `TimeoutError`, `ClosedError`, `BusyError` or the signal's reason. See connect(2).
   */
  async connect(address: AnyAddress, waiting?: Waiting): Promise<void> {
    checkAddress('address', address, this.kind.family)
    this.checkStart('connect', WRITABLE, waiting)
    await connectSocket(this, address, waiting)
  }

  // --- accepting --------------------------------------------------------------------------------------------------

  /** Accepts a connection. Rejects with `SocketError`, `TimeoutError`, `ClosedError`, `BusyError`. See accept(2). */
  accept(waiting?: Waiting): Promise<Accepted> {
    return this.wait(READABLE, 'accept', waiting, false, () => this.#accept())
  }

  /** Accepts a connection if one is there. Throws `SocketError`, `ClosedError`, `BusyError`. */
  tryAccept(): Accepted | undefined {
    this.checkStart('tryAccept', READABLE, undefined)
    return this.#accept()
  }

  #accept(): Accepted | undefined {
    const number = this.reactor.binding.accept4(this.number, addressBytes, out)
    if (wouldWait(number)) return undefined
    if (number < 0) throw systemError(number, 'accept4')
    const address = unpackAddress(addressBytes, 0, out[0])
    return { peer: new Socket({ reactor: this.reactor, number, kind: this.kind }), address }
  }

  /**
   * Calls a function for each connection, and finishes the connection when the function is done. One that throws is
   * reported to `onError` and its connection is aborted; the others go on. Fulfilled when accepting has ended (by the
   * signal, or because the listener was closed) and all connections are served. Throws `BusyError`, `ClosedError`.
   */
  async serve(serve: (peer: Socket, address: AnyAddress) => unknown, options?: ServeOptions<Socket>): Promise<void> {
    this.checkStart('serve', READABLE, undefined)
    if (options?.signal?.aborted === true) return
    await new Server<Socket>(this, serve, options).done
  }

  /**
   * Accepts in the handler form: the handler's members are called for each connection and its events, until the
   * listener is closed. Throws `BusyError`, `ClosedError`, `TypeError`.
   */
  acceptWith<State = unknown>(
    handler: ConnectionHandler<State>,
    options: ConnectionOptions<State> & AcceptOptions = {},
  ): void {
    this.checkStart('acceptWith', READABLE, undefined)
    const { reactor, kind } = this
    const service = connectionService(reactor, handler, options)
    const welcome = (fd: number, at: number): void => {
      const connection = new Connection(reactor, fd, kind, service)
      connection.attach(at)
      connection.begin()
    }
    const acceptor = new Acceptor(this, welcome, (error) => service.report(error, undefined), options)
    service.onGone = () => acceptor.connectionGone()
    this.context = service.context
    this.acceptBy(acceptor)
    acceptor.start()
  }

  /** @internal */
  welcome(number: number, at: number): Accepted {
    const { completions, bytes } = this.reactor.memory
    const address = unpackAddress(bytes, completions[at + ADDRESS], completions[at + ADDRESS_LENGTH])
    const peer = new Socket({ reactor: this.reactor, number, kind: this.kind, isServed: true })
    peer.expectNothingYet()
    return { peer, address }
  }

  /** @internal */
  acceptBy(acceptor: Acceptor): void {
    this.#taker = acceptor
  }

  /** @internal */
  stopAccepting(): void {
    const acceptor = this.#taker
    if (!(acceptor instanceof Acceptor)) return
    if (this.number !== -1) this.reactor.disarm(this, ACCEPT)
    this.#taker = undefined
    this.context = undefined
    acceptor.stop()
  }

  /**
   * Uses a connected stream or seqpacket socket in the handler form from now on. This object is spent: its descriptor is
   * the connection's. Throws `BusyError`, `ClosedError`, `TypeError`.
   */
  handleWith<State = unknown>(
    handler: ConnectionHandler<State>,
    options: ConnectionOptions<State> = {},
  ): Connection<State> {
    this.checkStart('handleWith', READABLE, undefined)
    this.checkStart('handleWith', WRITABLE, undefined)
    if (!this.canSend()) throw new BusyError('handleWith')
    const service = connectionService(this.reactor, handler, options)
    const connection = new Connection(this.reactor, this.number, this.kind, service)
    this.reactor.transfer(this, connection)
    endWatch(this)
    if (handler.close !== undefined) connection.notePeer()
    connection.begin(this.readAhead, this.errorAhead)
    return connection
  }

  /**
   * Uses a datagram socket in the handler form from now on. This object is spent: its descriptor is the channel's.
   * Throws `BusyError`, `ClosedError`, `TypeError`.
   */
  receiveWith(handler: DatagramHandler, options: DatagramOptions = {}): DatagramChannel {
    this.checkStart('receiveWith', READABLE, undefined)
    this.checkStart('receiveWith', WRITABLE, undefined)
    if (!this.canSend()) throw new BusyError('receiveWith')
    const channel = new DatagramChannel(this, handler, options)
    endWatch(this)
    channel.begin()
    return channel
  }

  /** Another socket for the same endpoint, with a descriptor of its own. Throws `SocketError`, `ClosedError`. See dup(2). */
  dup(): Socket {
    const number = this.reactor.binding.dup(this.open('dup'))
    if (number < 0) throw systemError(number, 'dup')
    const duplicate = new Socket({ reactor: this.reactor, number, kind: this.kind })
    shareNonBlocking(this, duplicate)
    return duplicate
  }

  /**
   * Gives the descriptor away, open, with its flags as `fromfd` found them. This object is spent. Throws `BusyError`
   * while something waits on it or is still to be sent, `ClosedError`, and the error that a reader was still to be told.
   */
  detach(): Detached {
    this.checkStart('detach', READABLE, undefined)
    this.checkStart('detach', WRITABLE, undefined)
    if (!this.canSend()) throw new BusyError('detach')
    if (this.errorAhead !== undefined) this.tellErrorAhead()
    endWatch(this)
    const fd = this.reactor.detach(this)
    this.reactor.binding.disown(fd)
    restoreCloseOnExec(this, fd)
    const { readAhead = [] } = this
    this.readAhead = undefined
    return { fd, readAhead }
  }

  // --- ending -----------------------------------------------------------------------------------------------------

  /**
   * Shuts one direction or both: SHUT_RD, SHUT_WR, SHUT_RDWR; the write side after what `sendAll` has taken. Throws `SocketError`, `ClosedError`. See shutdown(2).
   */
  shutdown(how: number): this {
    checkDirection(how)
    this.open('shutdown')
    this.flushOwn()
    this.isShutdownDue = how !== SHUT_RD && this.heldBack !== undefined
    if (this.isShutdownDue && how === SHUT_WR) return this
    const result = this.reactor.binding.shutdown(this.number, this.isShutdownDue ? SHUT_RD : how)
    if (result < 0) throw systemError(result, 'shutdown')
    return this
  }

  /**
   * close(2), now (or, where the kernel has no room for what `sendAll` has taken, as soon as it has). What waits on the
   * socket is rejected with `ClosedError`. What was sent is still delivered, unless input is unread: then TCP resets the
   * connection (`finish` does not). Closing a closed socket does nothing.
   */
  close(): void {
    if (this.number === -1) return
    this.flushOwn()
    if (this.heldBack === undefined) this.reactor.close(this)
    else LingeringClose.begin(this, this.heldBack)
    this.#ended('close')
  }

  /** Closes at once and, on TCP, resets the peer. */
  abort(): void {
    if (this.number === -1) return
    this.resetNow()
    this.#ended('abort')
  }

  #ended(operation: string): void {
    endWatch(this)
    this.dropQueue()
    this.readAhead = undefined
    this.reading?.fail(new ClosedError(operation))
    this.reading = undefined
    this.writing?.fail(new ClosedError(operation))
    if (this.#taker instanceof Draining) this.#taker.fail(new ClosedError(operation))
    this.stopAccepting()
  }

  /**
   * Closes in good order: waits for a send under way, ends the write side, throws away what still comes until the peer
   * has finished too, and closes. A peer that has not by the deadline (milliseconds) is reset, and the promise rejects
   * with `TimeoutError`. Rejects with `BusyError` while a receive is waiting.
   */
  async finish({ deadline = DEFAULT_FINISH_DEADLINE_MS }: { deadline?: number } = {}): Promise<void> {
    this.checkStart('finish', READABLE, { timeout: deadline })
    if (this.isStream && !this.hasInputEnded) {
      const draining = new Draining(this, deadline)
      this.#taker = draining
      try {
        await Promise.race([this.#endSending(deadline), draining.ended])
        draining.begin()
        await draining.ended
      } catch (error) {
        this.abort()
        throw error
      } finally {
        this.#taker = undefined
      }
    }
    this.close()
  }

  /** Once all that `sendAll` has taken is with the kernel. */
  async #endSending(deadline: number): Promise<void> {
    await this.writing?.promise
    await this.wait(WRITABLE, 'finish', { timeout: deadline }, false, () => this.canSend() || undefined)
    this.open('finish') // it may have been closed meanwhile
    this.endWriting()
    this.readAhead = undefined
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.number !== -1) await this.finish()
  }

  /** @internal */
  complete(kind: number, result: number, at: number): void {
    const { completions, bytes } = this.reactor.memory
    if (kind === ACCEPT) {
      if (this.#taker instanceof Acceptor) this.#taker.complete(result, at)
      else if (result >= 0) this.reactor.binding.close(result)
    } else if (kind === RECEIVE) {
      if (this.#taker instanceof Draining) return this.#taker.complete(result)
      const offset = completions[at + OFFSET]!
      if (result > 0) (this.readAhead ??= []).push(bytes.slice(offset, offset + result))
      else if (result < 0) this.errorAhead = systemError(result, 'recv')
      this.reading?.fire()
    } else if (kind === RECEIVE_ONCE) this.receivedOnce(result, at)
    else {
      this.reactor.noteArmed(this, kind, false)
      if (kind === WRITABLE) this.writable()
      else this.readable()
    }
  }

  /** @internal */
  protected override get isInputTaken(): boolean {
    return this.#taker !== undefined
  }
}

function openGiven(family: number, type: number, protocol: number): Given {
  const reactor = currentReactor()
  const number = openDescriptor(reactor.binding, family, type, protocol)
  return { reactor, number, kind: { family, type, protocol } }
}
