/**
 * The BSD socket in the promise form. One method is one system call, tried first and waited for only on EAGAIN; those
 * whose name says a loop (`sendAll`, `recvExactly`, `serve`) are one. `tryX` never waits.
 */
import type { AnyAddress } from '../base/address.ts'
import { argumentValueError, checkInteger } from '../base/argument-error.ts'
import { BusyError, ClosedError, EndOfStreamError } from '../base/errors.ts'
import { ACCEPT, ADDRESS, ADDRESS_LENGTH, FLAGS, OFFSET, READABLE, RECEIVE, RECEIVE_ONCE, WRITABLE } from '../reactor/engine.ts'
import { currentReactor, type Reactor } from '../reactor/reactor.ts'
import {
  EPOLLERR,
  EPOLLHUP,
  EPOLLRDHUP,
  MSG_PEEK,
  MSG_TRUNC,
  SHUT_RD,
  SHUT_RDWR,
  SHUT_WR,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
} from '../sys/constants.ts'
import { packAddress, unpackAddress } from '../sys/sockaddr.ts'
import { systemError } from '../sys/system-error.ts'
import { endWatch, watchForLoss, type Loss } from './abandoned.ts'
import { Acceptor, type AcceptOptions } from './acceptor.ts'
import { checkAddress, checkBytes, checkParts } from './arguments.ts'
import { connectSocket } from './connect.ts'
import { Connection, connectionService, type ConnectionHandler, type ConnectionOptions } from './connection.ts'
import { DatagramChannel, type DatagramHandler, type DatagramOptions } from './datagram-channel.ts'
import { DEFAULT_FINISH_DEADLINE_MS, Draining } from './finish.ts'
import { OpenSocket, type SocketKind } from './open-socket.ts'
import { COPY_LIMIT_BYTES, QueueingSocket, wouldWait } from './queueing-socket.ts'
import { LingeringClose } from './lingering-close.ts'
import type { Option } from './options/option.ts'
import { Receipt } from './receipt.ts'
import { Server, type ServeOptions } from './serve.ts'
import { checkWaiting, type Pending, Wait, type Waitable, type Waiting } from './wait.ts'

/** What `recv`, `send` and their like take. */
export interface TransferOptions extends Waiting {
  /** `MSG_…` flags, joined by `|`. */
  readonly flags?: number | undefined
}

/** A connection and the address it came from. */
export interface Accepted {
  readonly peer: Socket
  readonly address: AnyAddress
}

/** A datagram that was received. */
export interface ReceivedDatagram {
  /** Its bytes that are in the buffer. */
  readonly length: number
  readonly address: AnyAddress
  /** Whether the buffer was too short, and the rest is lost (MSG_TRUNC). */
  readonly truncated: boolean
}

/** A descriptor that the kernel gave: accepted, or one of a pair. */
interface Given {
  readonly reactor: Reactor
  readonly number: number
  readonly kind: SocketKind
}

const addressBytes = new Uint8Array(128)
const out = new Int32Array(2)
const HUNG_UP = EPOLLRDHUP | EPOLLHUP | EPOLLERR
const DEFAULT_BACKLOG = 4096

const DONE: Promise<void> = Promise.resolve()

export class Socket extends QueueingSocket implements Waitable {
  /** @internal */
  reading: Pending | undefined
  /** @internal */
  writing: Pending | undefined
  /** Received by the engine for a reader that has gone; for the next `recv`. */
  #readAhead: Uint8Array[] | undefined
  #acceptor: Acceptor | undefined
  #onAcceptingEnd: (() => void) | undefined
  #draining: Draining | undefined
  #loss: Loss | undefined
  /** The last event was seen, and told of no hang-up: then a short read of a stream means that it is drained. */
  #isEventClean = false
  #isDrained = false
  #hasInputEnded = false
  /** What a send that had been taken failed with: told to the next. */
  #sendError: Error | undefined
  /** `shutdown` waits for what is held back. */
  #isShutdownDue = false

  /**
   * A new endpoint, close-on-exec and non-blocking. Throws `SocketError`, or a `TypeError` or `RangeError` for an
   * argument that is no number. See socket(2).
   */
  constructor(family: number, type: number, protocol?: number)
  /** @internal A socket for a descriptor that the kernel gave; it is owned from here on. */
  constructor(given: Given)
  constructor(first: number | Given, type: number = 0, protocol: number = 0) {
    const given = typeof first === 'object' ? first : openDescriptor(first, type, protocol)
    super(given.reactor, given.number, given.kind)
    this.reading = undefined
    this.writing = undefined
    this.#readAhead = undefined
    this.#sendError = undefined
    if (first instanceof OpenSocket) this.reactor.transfer(first, this)
    else this.attachToReactor()
    this.#loss = watchForLoss(this)
  }

  /**
   * Takes a connection out of the handler form. What it had received and not delivered comes first from `recv`. Throws
   * `ClosedError`, or `BusyError` while bytes wait to be sent.
   */
  static takeOver(connection: Connection): Socket {
    const readAhead = connection.detachReadAhead('takeOver')
    const socket = new Socket(connection)
    if (readAhead.length > 0) socket.#readAhead = readAhead
    return socket
  }

  // --- setting up -------------------------------------------------------------------------------------------------

  /** Gives the socket an address of its own. Throws `SocketError`, `ClosedError`. See bind(2). */
  bind(address: AnyAddress): this {
    checkAddress('address', address)
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
    checkAddress('address', address)
    this.#checkStart('connect', WRITABLE, waiting)
    await connectSocket(this, address, waiting)
  }

  // --- accepting --------------------------------------------------------------------------------------------------

  /** Accepts a connection. Rejects with `SocketError`, `TimeoutError`, `ClosedError`, `BusyError`. See accept(2). */
  accept(waiting?: Waiting): Promise<Accepted> {
    return this.#wait(READABLE, 'accept', waiting, false, () => this.#accept())
  }

  /** Accepts a connection if one is there. Throws `SocketError`, `ClosedError`, `BusyError`. */
  tryAccept(): Accepted | undefined {
    this.#checkStart('tryAccept', READABLE, undefined)
    return this.#accept()
  }

  #accept(): Accepted | undefined {
    const number = this.reactor.binding.accept4(this.number, addressBytes, out)
    if (wouldWait(number)) return undefined
    if (number < 0) throw systemError(number, 'accept4')
    const address = unpackAddress(addressBytes, 0, out[0]!)
    return { peer: new Socket({ reactor: this.reactor, number, kind: this.kind }), address }
  }

  /**
   * Calls a function for each connection, and finishes the connection when the function is done. One that throws is
   * reported to `onError` and its connection is aborted; the others go on. Fulfilled when accepting has ended (by the
   * signal, or because the listener was closed) and all connections are served. Throws `BusyError`, `ClosedError`.
   */
  async serve(
    serve: (peer: Socket, address: AnyAddress) => unknown,
    options?: ServeOptions<Socket>,
  ): Promise<void> {
    this.#checkStart('serve', READABLE, undefined)
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
    this.#checkStart('acceptWith', READABLE, undefined)
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
    this.acceptBy(acceptor, () => {})
    acceptor.start()
  }

  /** @internal */
  welcome(number: number, at: number): Accepted {
    const { completions, bytes } = this.reactor.memory
    const address = unpackAddress(bytes, completions[at + ADDRESS]!, completions[at + ADDRESS_LENGTH]!)
    return { peer: new Socket({ reactor: this.reactor, number, kind: this.kind }), address }
  }

  /** @internal */
  acceptBy(acceptor: Acceptor, onEnd: () => void): void {
    this.#acceptor = acceptor
    this.#onAcceptingEnd = onEnd
  }

  /** @internal */
  stopAccepting(): void {
    if (this.number !== -1) this.reactor.disarm(this, ACCEPT)
    this.#acceptor?.stop()
    this.#acceptor = undefined
    this.context = undefined
    const onEnd = this.#onAcceptingEnd
    this.#onAcceptingEnd = undefined
    onEnd?.()
  }

  /**
   * Uses a connected stream or seqpacket socket in the handler form from now on. This object is spent: its descriptor is
   * the connection's. Throws `BusyError`, `ClosedError`, `TypeError`.
   */
  handleWith<State = unknown>(
    handler: ConnectionHandler<State>,
    options: ConnectionOptions<State> = {},
  ): Connection<State> {
    this.#checkStart('handleWith', READABLE, undefined)
    this.#checkStart('handleWith', WRITABLE, undefined)
    if (!this.#canSend()) throw new BusyError('handleWith')
    const service = connectionService(this.reactor, handler, options)
    const connection = new Connection(this.reactor, this.number, this.kind, service)
    this.reactor.transfer(this, connection)
    endWatch(this.#loss)
    connection.begin(this.#readAhead)
    return connection
  }

  /**
   * Uses a datagram socket in the handler form from now on. This object is spent: its descriptor is the channel's.
   * Throws `BusyError`, `ClosedError`, `TypeError`.
   */
  receiveWith(handler: DatagramHandler, options: DatagramOptions = {}): DatagramChannel {
    this.#checkStart('receiveWith', READABLE, undefined)
    this.#checkStart('receiveWith', WRITABLE, undefined)
    if (!this.#canSend()) throw new BusyError('receiveWith')
    const channel = new DatagramChannel(this, handler, options)
    endWatch(this.#loss)
    channel.begin()
    return channel
  }

  // --- receiving --------------------------------------------------------------------------------------------------

  /**
   * Receives into `buffer` what is there, at least one byte; 0 is the end: the peer has finished. Rejects with
   * `SocketError`, `TimeoutError`, `ClosedError`, `BusyError` or the signal's reason. See recv(2).
   */
  recv(buffer: Uint8Array, options?: TransferOptions): Promise<number> {
    if (options === undefined && this.#isDrained && this.number !== -1 && this.reading === undefined) {
      const isShort = buffer instanceof Uint8Array && buffer.length > 0 && buffer.length <= COPY_LIMIT_BYTES
      if (isShort && this.reactor.armInput(this, RECEIVE_ONCE, buffer.length)) {
        const receipt = new Receipt(buffer)
        this.reading = receipt
        return receipt.promise
      }
      this.#isDrained = false
    }
    return this.#wait(READABLE, 'recv', options, this.#isDrained, () => {
      checkBytes('buffer', buffer)
      return this.#recv(buffer, 0, options?.flags ?? 0)
    })
  }

  /** Receives what is there; undefined when nothing is. Throws `SocketError`, `ClosedError`, `BusyError`. */
  tryRecv(buffer: Uint8Array, flags: number = 0): number | undefined {
    checkBytes('buffer', buffer)
    this.#checkStart('tryRecv', READABLE, undefined)
    return this.#recv(buffer, 0, flags)
  }

  /** The engine has received for a waiting `recv`; if that is gone, the bytes are kept for the next. */
  #receivedOnce(result: number, at: number): void {
    const { completions, bytes } = this.reactor.memory
    this.reactor.noteArmed(this, RECEIVE_ONCE, false)
    const receipt = this.reading
    const offset = completions[at + OFFSET]!
    const fits = receipt instanceof Receipt && receipt.buffer.length >= result
    if (!fits && result > 0) (this.#readAhead ??= []).push(bytes.slice(offset, offset + result))
    if (!(receipt instanceof Receipt)) return
    this.reading = undefined
    if (!fits) receipt.fail(argumentValueError('buffer', 'it was detached while recv waited', receipt.buffer))
    else if (result < 0) receipt.fail(systemError(result, 'recv'))
    else {
      this.#hasInputEnded = result === 0
      const isFull = result === receipt.buffer.length
      this.#isDrained = result > 0 && !isFull && (completions[at + FLAGS]! & HUNG_UP) === 0
      receipt.succeed(bytes, offset, result)
    }
  }

  #recv(buffer: Uint8Array, offset: number, flags: number): number | undefined {
    const wanted = buffer.length - offset
    if (this.#readAhead !== undefined) return this.#takeReadAhead(buffer, offset, (flags & MSG_PEEK) !== 0)
    const n = this.reactor.binding.recv(this.number, buffer, offset, wanted, flags)
    if (wouldWait(n)) return undefined
    if (n < 0) throw systemError(n, 'recv')
    if (n === 0 && wanted > 0) this.#hasInputEnded = true
    this.#isDrained = n < wanted && n > 0 && this.#isEventClean && flags === 0 && this.isStream
    return n
  }

  #takeReadAhead(buffer: Uint8Array, offset: number, isPeek: boolean): number {
    const first = this.#readAhead![0]!
    const n = Math.min(first.length, buffer.length - offset)
    buffer.set(first.subarray(0, n), offset)
    if (isPeek) return n
    // The rest of a record that does not fit is lost, as recv(2) loses it.
    if (n < first.length && this.isStream) this.#readAhead![0] = first.subarray(n)
    else this.#readAhead!.shift()
    if (this.#readAhead!.length === 0) this.#readAhead = undefined
    return n
  }

  /** Fills the whole buffer. Rejects as `recv`, and with `EndOfStreamError` when the peer finishes before. */
  recvExactly(buffer: Uint8Array, waiting?: Waiting): Promise<void> {
    let received = 0
    const attempt = (): true | undefined => {
      checkBytes('buffer', buffer)
      while (received < buffer.length) {
        const n = this.#recv(buffer, received, 0)
        if (n === undefined) return undefined
        if (n === 0) throw new EndOfStreamError('recvExactly', received, buffer.length)
        received += n
        if (received < buffer.length && this.#isDrained) return undefined
      }
      return true
    }
    return this.#wait(READABLE, 'recvExactly', waiting, false, attempt).then(ignore)
  }

  /** Receives a datagram and learns who sent it. Rejects as `recv`. See recvfrom(2). */
  recvFrom(buffer: Uint8Array, options?: TransferOptions): Promise<ReceivedDatagram> {
    return this.#wait(READABLE, 'recvFrom', options, false, () => {
      checkBytes('buffer', buffer)
      return this.#recvFrom(buffer, options?.flags ?? 0)
    })
  }

  /** Receives a datagram if one is there. Throws `SocketError`, `ClosedError`, `BusyError`. */
  tryRecvFrom(buffer: Uint8Array, flags: number = 0): ReceivedDatagram | undefined {
    checkBytes('buffer', buffer)
    this.#checkStart('tryRecvFrom', READABLE, undefined)
    return this.#recvFrom(buffer, flags)
  }

  #recvFrom(buffer: Uint8Array, flags: number): ReceivedDatagram | undefined {
    const n = this.reactor.binding.recvfrom(this.number, buffer, 0, buffer.length, flags, addressBytes, out)
    if (wouldWait(n)) return undefined
    if (n < 0) throw systemError(n, 'recvfrom')
    // With MSG_TRUNC among the flags, the kernel answers with the whole length.
    const length = Math.min(n, buffer.length)
    return { length, address: unpackAddress(addressBytes, 0, out[0]!), truncated: (out[1]! & MSG_TRUNC) !== 0 }
  }

  /** Receives into several buffers, one after the other; returns how many bytes in all. Rejects as `recv`. See readv(2). */
  readv(buffers: readonly Uint8Array[], options?: TransferOptions): Promise<number> {
    return this.#wait(READABLE, 'readv', options, false, () => {
      checkParts('buffers', buffers)
      if (this.#readAhead !== undefined && buffers[0] !== undefined) return this.#takeReadAhead(buffers[0], 0, false)
      const n = this.reactor.binding.readv(this.number, buffers, options?.flags ?? 0)
      if (wouldWait(n)) return undefined
      if (n < 0) throw systemError(n, 'readv')
      return n
    })
  }

  // --- sending ----------------------------------------------------------------------------------------------------

  /**
   * Sends what the kernel takes now, at least one byte; returns how many. Rejects with `SocketError`, `TimeoutError`,
   * `ClosedError`, `BusyError` or the signal's reason. See send(2).
   */
  send(bytes: Uint8Array, options?: TransferOptions): Promise<number> {
    return this.#wait(WRITABLE, 'send', options, false, () => {
      checkBytes('bytes', bytes)
      return this.#send(bytes, 0, options?.flags ?? 0)
    })
  }

  /** Sends what the kernel takes now; undefined when that is nothing. Throws `SocketError`, `ClosedError`, `BusyError`. */
  trySend(bytes: Uint8Array, flags: number = 0): number | undefined {
    checkBytes('bytes', bytes)
    this.#checkStart('trySend', WRITABLE, undefined)
    return this.#send(bytes, 0, flags)
  }

  #send(bytes: Uint8Array, offset: number, flags: number): number | undefined {
    if (!this.#canSend()) return undefined
    const n = this.reactor.binding.send(this.number, bytes, offset, bytes.length - offset, flags)
    if (wouldWait(n)) return undefined
    if (n < 0) throw systemError(n, 'send')
    return n
  }

  /** Whether nothing is before what is sent now. Throws what an earlier send ended with. */
  #canSend(): boolean {
    this.flushOwn()
    const error = this.#sendError
    this.#sendError = undefined
    if (error !== undefined) throw error
    return this.heldBack === undefined
  }

  /**
   * Sends all of it. Up to `COPY_LIMIT_BYTES` on a stream are taken at once: they go out with what others send in this
   * turn, and an error is told to the next send. Rejects as `send`; when it does, some bytes may have been sent.
   */
  sendAll(bytes: Uint8Array, waiting?: Waiting): Promise<void> {
    let sent = 0
    try {
      checkBytes('bytes', bytes)
      this.#checkStart('sendAll', WRITABLE, waiting)
      if (bytes.length <= COPY_LIMIT_BYTES && this.isStream && this.heldBack === undefined) {
        if (this.#sendError !== undefined) this.#canSend()
        this.queue(bytes)
        return DONE
      }
    } catch (error) {
      return Promise.reject(error)
    }
    const attempt = (): true | undefined => {
      while (sent < bytes.length) {
        const n = this.#send(bytes, sent, 0)
        if (n === undefined) return undefined
        sent += n
      }
      return true
    }
    return this.#wait(WRITABLE, 'sendAll', waiting, false, attempt).then(ignore)
  }

  /** Sends a datagram to an address. Rejects as `send`. See sendto(2). */
  sendTo(bytes: Uint8Array, address: AnyAddress, options?: TransferOptions): Promise<number> {
    return this.#wait(WRITABLE, 'sendTo', options, false, () => {
      checkBytes('bytes', bytes)
      checkAddress('address', address)
      return this.#sendTo(bytes, address, options?.flags ?? 0)
    })
  }

  /** Sends a datagram if the kernel takes it now. Throws `SocketError`, `ClosedError`, `BusyError`. */
  trySendTo(bytes: Uint8Array, address: AnyAddress, flags: number = 0): number | undefined {
    checkBytes('bytes', bytes)
    checkAddress('address', address)
    this.#checkStart('trySendTo', WRITABLE, undefined)
    return this.#sendTo(bytes, address, flags)
  }

  #sendTo(bytes: Uint8Array, address: AnyAddress, flags: number): number | undefined {
    if (!this.#canSend()) return undefined
    const n = this.reactor.binding.sendto(this.number, bytes, 0, bytes.length, flags, packAddress(address))
    if (wouldWait(n)) return undefined
    if (n < 0) throw systemError(n, 'sendto', address)
    return n
  }

  /** Sends several parts as one, as much as the kernel takes now; returns how many bytes. Rejects as `send`. See writev(2). */
  writev(parts: readonly Uint8Array[], options?: TransferOptions): Promise<number> {
    return this.#wait(WRITABLE, 'writev', options, false, () => {
      checkParts('parts', parts)
      if (!this.#canSend()) return undefined
      const n = this.reactor.binding.writev(this.number, parts, options?.flags ?? 0)
      if (wouldWait(n)) return undefined
      if (n < 0) throw systemError(n, 'writev')
      return n
    })
  }

  // --- ending -----------------------------------------------------------------------------------------------------

  /**
   * Shuts one direction or both: SHUT_RD, SHUT_WR, SHUT_RDWR; the write side after what `sendAll` has taken. Throws `SocketError`, `ClosedError`. See shutdown(2).
   */
  shutdown(how: number): this {
    if (how !== SHUT_RD && how !== SHUT_WR && how !== SHUT_RDWR) {
      throw argumentValueError('how', 'it must be SHUT_RD, SHUT_WR or SHUT_RDWR', how)
    }
    this.open('shutdown')
    this.flushOwn()
    this.#isShutdownDue = how !== SHUT_RD && this.heldBack !== undefined
    if (this.#isShutdownDue && how === SHUT_WR) return this
    const result = this.reactor.binding.shutdown(this.number, this.#isShutdownDue ? SHUT_RD : how)
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
    else new LingeringClose(this, this.heldBack)
    this.#ended('close')
  }

  /** Closes at once and, on TCP, resets the peer. */
  abort(): void {
    if (this.number === -1) return
    this.resetNow()
    this.#ended('abort')
  }

  #ended(operation: string): void {
    endWatch(this.#loss)
    this.dropQueue()
    this.#readAhead = undefined
    this.reading?.fail(new ClosedError(operation))
    this.reading = undefined
    this.writing?.fail(new ClosedError(operation))
    this.#draining?.fail(new ClosedError(operation))
    this.stopAccepting()
  }

  /**
   * Closes in good order: waits for a send under way, ends the write side, throws away what still comes until the peer
   * has finished too, and closes. A peer that has not by the deadline (milliseconds) is reset, and the promise rejects
   * with `TimeoutError`. Rejects with `BusyError` while a receive is waiting.
   */
  async finish({ deadline = DEFAULT_FINISH_DEADLINE_MS }: { deadline?: number } = {}): Promise<void> {
    this.#checkStart('finish', READABLE, { timeout: deadline })
    if (this.isStream && !this.#hasInputEnded) {
      try {
        await this.writing?.promise
        await this.#wait(WRITABLE, 'finish', { timeout: deadline }, false, () => this.#canSend() || undefined)
        this.endWriting()
        this.#readAhead = undefined
        this.#draining = new Draining(this, deadline)
        await this.#draining.ended
      } catch (error) {
        this.abort()
        throw error
      } finally {
        this.#draining = undefined
      }
    }
    this.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.number !== -1) await this.finish()
  }

  // --- waiting ----------------------------------------------------------------------------------------------------

  /** Whether an operation can begin. Throws `ClosedError`, `BusyError`, a signal's reason, or what `waiting` is at fault. */
  #checkStart(operation: string, interest: number, waiting: Waiting | undefined): void {
    if (waiting !== undefined) checkWaiting(waiting)
    this.open(operation)
    waiting?.signal?.throwIfAborted()
    const isBusy =
      interest === WRITABLE
        ? this.writing !== undefined
        : this.reading !== undefined || this.#acceptor !== undefined || this.#draining !== undefined
    if (isBusy) throw new BusyError(operation)
  }

  /** Tries at once (unless it is known to be in vain), and waits if need be. */
  #wait<Result>(
    interest: number,
    operation: string,
    waiting: Waiting | undefined,
    isVain: boolean,
    attempt: () => Result | undefined,
  ): Promise<Result> {
    try {
      this.#checkStart(operation, interest, waiting)
      const result = isVain ? undefined : attempt()
      if (result !== undefined) return Promise.resolve(result)
      return new Wait(this, interest, operation, attempt, waiting).promise
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** @internal */
  complete(kind: number, result: number, at: number): void {
    const { completions, bytes } = this.reactor.memory
    if (kind === ACCEPT) {
      if (this.#acceptor !== undefined) this.#acceptor.complete(result, at)
      else if (result >= 0) this.reactor.binding.close(result)
    } else if (kind === RECEIVE) {
      if (this.#draining !== undefined) this.#draining.complete(result)
      else if (result > 0) {
        const offset = completions[at + OFFSET]!
        ;(this.#readAhead ??= []).push(bytes.slice(offset, offset + result))
      }
    } else if (kind === RECEIVE_ONCE) this.#receivedOnce(result, at)
    else {
      this.reactor.noteArmed(this, kind, false)
      if (kind === WRITABLE) this.#writable()
      else {
        this.#isEventClean = (completions[at + FLAGS]! & HUNG_UP) === 0
        this.#isDrained = false
        this.reading?.fire()
      }
    }
  }

  #writable(): void {
    try {
      if (!this.sendHeldBack()) return
      if (this.#isShutdownDue) this.endWriting()
    } catch (error) {
      this.dropQueue()
      this.#sendError = error as Error
    }
    this.#isShutdownDue = false
    this.writing?.fire()
  }

  /** @internal */
  protected override flushFailed(error: Error): void {
    this.dropQueue()
    this.#sendError = error
    if (this.writing !== undefined) queueMicrotask(() => this.writing?.fire())
  }

  /** @internal */
  stopWaiting(interest: number): void {
    if (interest === READABLE) this.reading = undefined
    else this.writing = undefined
    if (interest === READABLE || this.heldBack === undefined) this.reactor.disarm(this, interest)
  }

  /** Sets an option, after what `sendAll` has taken is with the kernel. */
  override set<Value>(option: Option<Value>, value: Value): this {
    this.flushOwn()
    return super.set(option, value)
  }
}

function ignore(): void {}

function openDescriptor(family: number, type: number, protocol: number): Given {
  checkInteger('family', family, 0, 0xffff)
  checkInteger('type', type, 0, 0x7fffffff)
  checkInteger('protocol', protocol, 0, 0xffff)
  if ((type & (SOCK_CLOEXEC | SOCK_NONBLOCK)) !== 0) {
    throw argumentValueError('type', 'SOCK_CLOEXEC and SOCK_NONBLOCK are always set; leave them out', type)
  }
  const reactor = currentReactor()
  const number = reactor.binding.socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol)
  if (number < 0) throw systemError(number, 'socket')
  return { reactor, number, kind: { family, type, protocol } }
}
