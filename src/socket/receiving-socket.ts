/** Receiving in the promise form. */
import { unnamed, type AnyAddress } from '../base/address.ts'
import { argumentValueError, checkInteger } from '../base/argument-error.ts'
import { EndOfStreamError, ReadAheadError } from '../base/errors.ts'
import { IS_READABLE, IS_UNSURE, OFFSET, READABLE, RECEIVE_ONCE } from '../reactor/engine.ts'
import {
  AF_UNIX,
  MSG_CTRUNC,
  MSG_PEEK,
  MSG_TRUNC,
  POLLIN,
  POLLOUT,
  POLLRDNORM,
  POLLWRBAND,
  POLLWRNORM,
} from '../sys/constants.ts'
import { unpackAddress } from '../sys/sockaddr.ts'
import { systemError } from '../sys/system-error.ts'
import { checkBytes, checkParts } from './arguments.ts'
import { COPY_LIMIT_BYTES, wouldWait } from './queueing-socket.ts'
import { callAttempt, pollOne, type Attempt } from './readiness/attempt.ts'
import { BufferReceipt, FreshReceipt } from './receipt.ts'
import { ignore, SendingSocket, type TransferOptions } from './sending-socket.ts'
import type { Waiting } from './wait.ts'

/** A datagram that was received. */
export interface ReceivedDatagram {
  /** Its bytes that are in the buffer. */
  readonly length: number
  /** Who sent it. */
  readonly address: AnyAddress
  /** Whether the buffer was too short, and the rest is lost (MSG_TRUNC). */
  readonly truncated: boolean
}

const addressBytes = new Uint8Array(128)
const NO_ADDRESS = new Uint8Array(0)
const out = new Int32Array(2)
/** What the engine receives at once for one socket at the most. */
const LONGEST_READ_BYTES = 65536
let scratch: Uint8Array<ArrayBuffer> | undefined

export abstract class ReceivingSocket extends SendingSocket {
  /** @internal Received by the engine for a reader that has gone; for the next `recv`. */
  readAhead: Uint8Array[] | undefined = undefined
  /** @internal What it met behind that. The kernel tells of it once, so the next reader has to be told. */
  errorAhead: Error | undefined = undefined
  /** @internal The peer has finished, and all that it sent has been received. */
  protected hasInputEnded = false
  /** A stream whose last read was short, and did not stop at something (engine.h): nothing is there until an event. */
  #isDrained = false

  /**
   * Receives into `buffer` what is there, at least one byte; 0 is the end: the peer has finished. Rejects with
   * `SocketError`, `TimeoutError`, `ClosedError`, `BusyError` or the signal's reason. See recv(2).
   */
  recv(buffer: Uint8Array, options?: TransferOptions): Promise<number> {
    if (options === undefined && this.#isDrained && buffer instanceof Uint8Array) {
      const { length } = buffer
      if (length > 0 && length <= COPY_LIMIT_BYTES && this.#canReceiveInTurn(length)) {
        const receipt = new BufferReceipt(buffer)
        this.reading = receipt
        return receipt.promise
      }
    }
    return this.#waitAndReceive(buffer, options)
  }

  /** Whether the engine is now to receive, with all that is ready. False where a call of its own is needed. */
  #canReceiveInTurn(wantedBytes: number): boolean {
    const isFree = this.number !== -1 && this.reading === undefined && !this.isInputTaken
    if (!isFree || this.readAhead !== undefined) return false
    if (this.reactor.armInput(this, RECEIVE_ONCE, wantedBytes)) return true
    this.#isDrained = false
    return false
  }

  #waitAndReceive(buffer: Uint8Array, options: TransferOptions | undefined): Promise<number> {
    const room = roomOf(buffer)
    return this.wait(READABLE, 'recv', options, room !== undefined && this.#isVain, () => {
      checkRoom(buffer, room)
      return this.#recv(buffer, 0, options?.flags ?? 0)
    })
  }

  /**
   * Receives what is there, at most `maxBytes` (and 65,536) of it, into an array that is made when it is there: a socket
   * that waits holds no buffer. An empty array is the end. Rejects as `recv`.
   */
  read(maxBytes: number = LONGEST_READ_BYTES, options?: TransferOptions): Promise<Uint8Array<ArrayBuffer>> {
    if (options === undefined && this.#isDrained && Number.isInteger(maxBytes) && maxBytes > 0) {
      const wanted = Math.min(maxBytes, LONGEST_READ_BYTES)
      if (this.#canReceiveInTurn(wanted)) {
        const receipt = new FreshReceipt(wanted)
        this.reading = receipt
        return receipt.promise
      }
    }
    return this.#waitAndRead(maxBytes, options)
  }

  #waitAndRead(maxBytes: number, options: TransferOptions | undefined): Promise<Uint8Array<ArrayBuffer>> {
    const isVain = Number.isInteger(maxBytes) && maxBytes > 0 && this.#isVain
    return this.wait(READABLE, 'read', options, isVain, () => {
      checkInteger('maxBytes', maxBytes, 1, Number.MAX_SAFE_INTEGER)
      scratch ??= new Uint8Array(LONGEST_READ_BYTES)
      const room = scratch.subarray(0, maxBytes)
      const flags = options?.flags ?? 0
      // On TCP the kernel then writes nothing, and what lies here is another socket's.
      if ((flags & MSG_TRUNC) !== 0) room.fill(0)
      const length = this.#recv(room, 0, flags)
      return length === undefined ? undefined : room.slice(0, length)
    })
  }

  get #isVain(): boolean {
    return this.#isDrained && this.readAhead === undefined
  }

  /** @internal It was accepted just now: trying to receive before waiting would mostly be in vain. */
  expectNothingYet(): void {
    this.#isDrained = this.isStream
  }

  /** Receives what is there; undefined when nothing is. Throws `SocketError`, `ClosedError`, `BusyError`. */
  tryRecv(buffer: Uint8Array, flags: number = 0): number | undefined {
    checkBytes('buffer', buffer)
    this.checkStart('tryRecv', READABLE, undefined)
    return this.#recv(buffer, 0, flags)
  }

  /** @internal The engine has received for a waiting `recv`; if that is gone, the bytes are kept for the next. */
  protected receivedOnce(result: number, at: number): void {
    const { completions, bytes } = this.reactor.memory
    this.reactor.noteArmed(this, RECEIVE_ONCE, false)
    const receipt = this.reading
    const offset = completions[at + OFFSET]!
    const isWaiting = receipt instanceof BufferReceipt || receipt instanceof FreshReceipt
    const fits = isWaiting && receipt.wantedBytes >= result
    if (!fits && result > 0) {
      ;(this.readAhead ??= []).push(bytes.slice(offset, offset + result))
      this.reactor.watchers.changed(this.slot)
    }
    if (!isWaiting) return
    this.reading = undefined
    if (!fits) receipt.fail(detachedError())
    else if (result < 0) receipt.fail(systemError(result, 'recv'))
    else {
      this.hasInputEnded = result === 0
      this.#isDrained = (this.reactor.memory.flags[this.slot]! & IS_READABLE) === 0
      receipt.succeed(bytes, offset, result)
    }
  }

  #recv(buffer: Uint8Array, offset: number, flags: number): number | undefined {
    const wanted = buffer.length - offset
    if (this.readAhead !== undefined)
      return this.#takeReadAhead([offset === 0 ? buffer : buffer.subarray(offset)], flags)
    if (this.errorAhead !== undefined) this.tellErrorAhead()
    const { binding, memory } = this.reactor
    // On a Unix socket recvmsg(2), which says whether the read ended where descriptors came.
    const isUnix = this.kind.family === AF_UNIX
    const n = isUnix
      ? binding.recvfrom(this.number, buffer, offset, wanted, flags, NO_ADDRESS, out)
      : binding.recv(this.number, buffer, offset, wanted, flags)
    if (wouldWait(n)) return undefined
    if (n < 0) throw systemError(n, 'recv')
    if (n === 0 && wanted > 0) this.hasInputEnded = true
    const isShort = n < wanted && n > 0 && flags === 0 && this.isStream
    const isWhole = (memory.flags[this.slot]! & IS_UNSURE) === 0 && (!isUnix || (out[1]! & MSG_CTRUNC) === 0)
    this.#isDrained = isShort && isWhole
    return n
  }

  /** @internal */
  protected tellErrorAhead(): void {
    const error = this.errorAhead
    this.errorAhead = undefined
    throw error
  }

  #takeReadAhead(buffers: readonly Uint8Array[], flags: number): number {
    const first = this.readAhead![0]!
    let n = 0
    for (const buffer of buffers) {
      const part = first.subarray(n, n + buffer.length)
      buffer.set(part)
      n += part.length
    }
    const result = (flags & MSG_TRUNC) !== 0 && !this.isStream ? first.length : n
    if ((flags & MSG_PEEK) !== 0) return result
    // The rest of a record that does not fit is lost, as recv(2) loses it.
    if (n < first.length && this.isStream) this.readAhead![0] = first.subarray(n)
    else this.readAhead!.shift()
    if (this.readAhead!.length === 0) this.readAhead = undefined
    return result
  }

  /** Fills the whole buffer. Rejects as `recv`, and with `EndOfStreamError` when the peer finishes before. */
  recvExactly(buffer: Uint8Array, waiting?: Waiting): Promise<void> {
    let received = 0
    const room = roomOf(buffer)
    const attempt = (): true | undefined => {
      checkRoom(buffer, room)
      while (received < buffer.length) {
        const n = this.#recv(buffer, received, 0)
        if (n === undefined) return undefined
        if (n === 0) throw new EndOfStreamError('recvExactly', received, buffer.length)
        received += n
        if (received < buffer.length && this.#isDrained) return undefined
      }
      return true
    }
    return this.wait(READABLE, 'recvExactly', waiting, false, attempt).then(ignore)
  }

  /** Receives a datagram and learns who sent it. Rejects as `recv`. See recvfrom(2). */
  recvFrom(buffer: Uint8Array, options?: TransferOptions): Promise<ReceivedDatagram> {
    const room = roomOf(buffer)
    return this.wait(READABLE, 'recvFrom', options, false, () => {
      checkRoom(buffer, room)
      return this.#recvFrom(buffer, options?.flags ?? 0)
    })
  }

  /** Receives a datagram if one is there. Throws `SocketError`, `ClosedError`, `BusyError`. */
  tryRecvFrom(buffer: Uint8Array, flags: number = 0): ReceivedDatagram | undefined {
    checkBytes('buffer', buffer)
    this.checkStart('tryRecvFrom', READABLE, undefined)
    return this.#recvFrom(buffer, flags)
  }

  #recvFrom(buffer: Uint8Array, flags: number): ReceivedDatagram | undefined {
    if (this.readAhead !== undefined) {
      const truncated = !this.isStream && this.readAhead[0]!.length > buffer.length
      const length = this.#takeReadAhead([buffer], flags & ~MSG_TRUNC)
      return { length, address: this.remoteAddress ?? unnamed(), truncated }
    }
    if (this.errorAhead !== undefined) this.tellErrorAhead()
    const n = this.reactor.binding.recvfrom(this.number, buffer, 0, buffer.length, flags, addressBytes, out)
    if (wouldWait(n)) return undefined
    if (n < 0) throw systemError(n, 'recvfrom')
    // With MSG_TRUNC among the flags, the kernel answers with the whole length.
    const length = Math.min(n, buffer.length)
    const address = out[0]! > 0 ? unpackAddress(addressBytes, 0, out[0]) : this.#unnamedSender()
    return { length, address, truncated: (out[1]! & MSG_TRUNC) !== 0 }
  }

  /** No address: a stream's peer is known, and a Unix socket need not have a name. */
  #unnamedSender(): AnyAddress {
    return (this.kind.family === AF_UNIX ? undefined : this.remoteAddress) ?? unnamed()
  }

  /** Receives into several buffers, one after the other; returns how many bytes in all. Rejects as `recv`. See readv(2). */
  readv(buffers: readonly Uint8Array[], options?: TransferOptions): Promise<number> {
    const rooms = Array.isArray(buffers) ? buffers.map(roomOf) : []
    return this.wait(READABLE, 'readv', options, false, () => {
      checkParts('buffers', buffers)
      for (const [i, buffer] of buffers.entries()) checkRoom(buffer, rooms[i])
      const flags = options?.flags ?? 0
      if (this.readAhead !== undefined) return this.#takeReadAhead(buffers, flags)
      if (this.errorAhead !== undefined) this.tellErrorAhead()
      const n = this.reactor.binding.readv(this.number, buffers, flags)
      if (wouldWait(n)) return undefined
      if (n < 0) throw systemError(n, 'readv')
      return n
    })
  }

  /**
   * Waits until the socket can be read: it has received, or ended, or a listener has a connection. With a function it
   * makes any system call wait: the function is called with the descriptor's number, at once and whenever the socket can
   * be read, until it returns true. It must not block, nor close the descriptor. Rejects with what it throws, with
   * `ReadAheadError` when it would overtake what was received already, and as `recv`.
   */
  whenReadable(attempt?: Attempt, waiting?: Waiting): Promise<void> {
    const isDone = (): true | undefined => {
      this.#isDrained = false // the function may leave a part of what is there
      if (attempt === undefined) {
        return this.#hasAhead || pollOne(this.reactor.binding, this.number, POLLIN) !== 0 || undefined
      }
      if (this.errorAhead !== undefined) this.tellErrorAhead()
      if (this.readAhead !== undefined) throw new ReadAheadError('whenReadable', this.readAheadBytes)
      return callAttempt(attempt, this.number)
    }
    return this.wait(READABLE, 'whenReadable', waiting, false, isDone).then(ignore)
  }

  get #hasAhead(): true | undefined {
    return this.readAhead !== undefined || this.errorAhead !== undefined || undefined
  }

  /** @internal */
  protected get readAheadBytes(): number {
    return (this.readAhead ?? []).reduce((sum, { length }) => sum + length, 0)
  }

  /** @internal A mask of poll(2), put right by what is outside of the kernel: received already, or held back. */
  adjustReadiness(events: number, revents: number): number {
    const known = this.#hasAhead === true ? revents | (events & (POLLIN | POLLRDNORM)) : revents
    return this.heldBack === undefined ? known : known & ~(POLLOUT | POLLWRNORM | POLLWRBAND)
  }

  /** @internal The socket can be read. */
  protected readable(): void {
    this.#isDrained = false
    this.reading?.fire()
  }
}

/** How long the buffer is when the call begins; undefined when it is none. */
function roomOf(buffer: unknown): number | undefined {
  return buffer instanceof Uint8Array ? buffer.length : undefined
}

/** Before each try: one that has lost its memory would make the kernel say 0, which is the end. */
function checkRoom(buffer: unknown, room: number | undefined): void {
  checkBytes('buffer', buffer)
  if (room !== undefined && buffer.length < room) throw detachedError()
}

function detachedError(): Error {
  return argumentValueError('buffer', 'it was detached while recv waited', 'a detached Uint8Array')
}
