/** Sending and receiving in the blocking form. The calls of the promise form, by the same names. */
import { unnamed, type AnyAddress } from '../../base/address.ts'
import { checkInteger } from '../../base/argument-error.ts'
import { EndOfStreamError } from '../../base/errors.ts'
import { AF_UNIX, MSG_TRUNC, POLLIN, POLLOUT } from '../../sys/constants.ts'
import { packAddress, unpackAddress } from '../../sys/sockaddr.ts'
import { systemError } from '../../sys/system-error.ts'
import { checkAddress, checkBytes, checkParts } from '../arguments.ts'
import { wouldWait } from '../queueing-socket.ts'
import type { ReceivedDatagram } from '../receiving-socket.ts'
import { BlockingCall, type BlockingOptions, type BlockingTransferOptions } from './blocking-call.ts'
import { OpenSocket } from './open-socket.ts'

const addressBytes = new Uint8Array(128)
const out = new Int32Array(2)
const LONGEST_READ_BYTES = 65536
let scratch: Uint8Array<ArrayBuffer> | undefined

export abstract class TransferSocket extends OpenSocket {
  /** @internal A call that begins; the socket is open. */
  protected begin(operation: string, options: BlockingOptions | undefined): BlockingCall {
    this.open(operation)
    return new BlockingCall(this.binding, operation, options, this.timeout)
  }

  /** @internal Makes a system call until it does not say that it would have to wait. */
  protected transfer(call: BlockingCall, interest: number, syscall: string, make: () => number): number {
    return call.until(this.number, interest, () => {
      const result = make()
      if (wouldWait(result)) return undefined
      if (result < 0) throw systemError(result, syscall)
      return result
    })
  }

  // --- receiving --------------------------------------------------------------------------------------------------

  /**
   * Receives into `buffer` what is there, at least one byte; 0 is the end: the peer has finished. Throws `SocketError`,
   * `TimeoutError`, `CanceledError`, `ClosedError`. See recv(2).
   */
  recv(buffer: Uint8Array, options?: BlockingTransferOptions): number {
    checkBytes('buffer', buffer)
    return this.#recv(this.begin('recv', options), buffer, 0, options?.flags ?? 0)
  }

  #recv(call: BlockingCall, buffer: Uint8Array, offset: number, flags: number): number {
    const { binding, number } = this
    return this.transfer(call, POLLIN, 'recv', () =>
      binding.recv(number, buffer, offset, buffer.length - offset, flags),
    )
  }

  /**
   * Receives what is there, at most `maxBytes` (and 65,536) of it, into a new array; an empty one is the end. Throws as
   * `recv`.
   */
  read(maxBytes: number = LONGEST_READ_BYTES, options?: BlockingTransferOptions): Uint8Array<ArrayBuffer> {
    checkInteger('maxBytes', maxBytes, 1, Number.MAX_SAFE_INTEGER)
    const call = this.begin('read', options)
    scratch ??= new Uint8Array(LONGEST_READ_BYTES)
    const room = scratch.subarray(0, maxBytes)
    const flags = options?.flags ?? 0
    // On TCP the kernel then writes nothing, and what lies here is another socket's.
    if ((flags & MSG_TRUNC) !== 0) room.fill(0)
    return room.slice(0, this.#recv(call, room, 0, flags))
  }

  /** Fills the whole buffer. Throws as `recv`, and `EndOfStreamError` when the peer finishes before. */
  recvExactly(buffer: Uint8Array, options?: BlockingOptions): void {
    checkBytes('buffer', buffer)
    const call = this.begin('recvExactly', options)
    for (let received = 0; received < buffer.length;) {
      const length = this.#recv(call, buffer, received, 0)
      if (length === 0) throw new EndOfStreamError('recvExactly', received, buffer.length)
      received += length
    }
  }

  /** Receives a datagram and learns who sent it. Throws as `recv`. See recvfrom(2). */
  recvFrom(buffer: Uint8Array, options?: BlockingTransferOptions): ReceivedDatagram {
    checkBytes('buffer', buffer)
    const call = this.begin('recvFrom', options)
    const { binding, number } = this
    const flags = options?.flags ?? 0
    const result = this.transfer(call, POLLIN, 'recvfrom', () =>
      binding.recvfrom(number, buffer, 0, buffer.length, flags, addressBytes, out),
    )
    const address = out[0]! > 0 ? unpackAddress(addressBytes, 0, out[0]) : this.#unnamedSender()
    // With MSG_TRUNC among the flags, the kernel answers with the whole length.
    return { length: Math.min(result, buffer.length), address, truncated: (out[1]! & MSG_TRUNC) !== 0 }
  }

  /** No address: a stream's peer is known, and a Unix socket need not have a name. */
  #unnamedSender(): AnyAddress {
    return (this.family === AF_UNIX ? undefined : this.remoteAddress) ?? unnamed()
  }

  /** Receives into several buffers, one after the other; returns how many bytes in all. Throws as `recv`. See readv(2). */
  readv(buffers: readonly Uint8Array[], options?: BlockingTransferOptions): number {
    checkParts('buffers', buffers)
    const call = this.begin('readv', options)
    return this.transfer(call, POLLIN, 'readv', () => this.binding.readv(this.number, buffers, options?.flags ?? 0))
  }

  // --- sending ----------------------------------------------------------------------------------------------------

  /**
   * Sends what the kernel takes, at least one byte; returns how many. Throws `SocketError`, `TimeoutError`,
   * `CanceledError`, `ClosedError`. See send(2).
   */
  send(bytes: Uint8Array, options?: BlockingTransferOptions): number {
    checkBytes('bytes', bytes)
    return this.#send(this.begin('send', options), bytes, 0, options?.flags ?? 0)
  }

  #send(call: BlockingCall, bytes: Uint8Array, offset: number, flags: number): number {
    const { binding, number } = this
    return this.transfer(call, POLLOUT, 'send', () => binding.send(number, bytes, offset, bytes.length - offset, flags))
  }

  /** Sends all of it. Throws as `send`; then some bytes may have been sent. */
  sendAll(bytes: Uint8Array, options?: BlockingOptions): void {
    checkBytes('bytes', bytes)
    const call = this.begin('sendAll', options)
    for (let sent = 0; sent < bytes.length;) sent += this.#send(call, bytes, sent, 0)
  }

  /** Sends a datagram to an address. Throws as `send`. See sendto(2). */
  sendTo(bytes: Uint8Array, address: AnyAddress, options?: BlockingTransferOptions): number {
    checkBytes('bytes', bytes)
    checkAddress('address', address, this.family)
    const call = this.begin('sendTo', options)
    const packed = packAddress(address)
    const flags = options?.flags ?? 0
    return call.until(this.number, POLLOUT, () => {
      const result = this.binding.sendto(this.number, bytes, 0, bytes.length, flags, packed)
      if (wouldWait(result)) return undefined
      if (result < 0) throw systemError(result, 'sendto', address)
      return result
    })
  }

  /** Sends several parts as one, as much as the kernel takes; returns how many bytes. Throws as `send`. See writev(2). */
  writev(parts: readonly Uint8Array[], options?: BlockingTransferOptions): number {
    checkParts('parts', parts)
    const call = this.begin('writev', options)
    return this.transfer(call, POLLOUT, 'writev', () => this.binding.writev(this.number, parts, options?.flags ?? 0))
  }
}
