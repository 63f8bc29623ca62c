/**
 * What an open socket can do whichever form it is used in: its two addresses, and ending its write side.
 * `Socket` (promises) and `Connection` and `DatagramChannel` (handlers) extend it.
 */
import type { AnyAddress } from '../base/address.ts'
import { BRINGS_DESCRIPTORS, KEEPS_MESSAGES, MESSAGE_BYTES } from '../reactor/engine.ts'
import type { Reactor } from '../reactor/reactor.ts'
import { AF_INET, AF_INET6, AF_UNIX, ENOTCONN, SHUT_WR, SO_LINGER, SOCK_STREAM, SOL_SOCKET } from '../sys/constants.ts'
import { systemError } from '../sys/system-error.ts'
import { OptionedDescriptor } from './optioned-descriptor.ts'
import { readLocalAddress, readRemoteAddress } from './socket-names.ts'

/** Family, type and protocol, shared by a listener and all that it accepts. */
export interface SocketKind {
  readonly family: number
  readonly type: number
  readonly protocol: number
}

/** Room for the longest address of any family (`struct sockaddr_storage`). */
const ADDRESS_BYTES = 128
const addressBytes = new Uint8Array(ADDRESS_BYTES)
/** `struct linger` with a time of 0: close(2) resets. */
export const RESET_ON_CLOSE: Uint8Array = new Uint8Array(Int32Array.of(1, 0).buffer)

export abstract class OpenSocket extends OptionedDescriptor {
  /** @internal */
  readonly kind: SocketKind

  constructor(reactor: Reactor, number: number, kind: SocketKind) {
    super(reactor, number)
    this.kind = kind
  }

  /** @internal Gives the descriptor its slot; the descriptor is closed if that fails. */
  protected attachToReactor(messageBytes: number = MESSAGE_BYTES): void {
    try {
      this.reactor.attach(this, this.#traits, messageBytes)
    } catch (error) {
      this.reactor.binding.close(this.number)
      this.number = -1
      throw error
    }
  }

  get #traits(): number {
    if (!this.isStream) return KEEPS_MESSAGES
    return this.kind.family === AF_UNIX ? BRINGS_DESCRIPTORS : 0
  }

  /** The family it was made with: `AF_INET`, `AF_INET6`, `AF_UNIX`, … */
  get family(): number {
    return this.kind.family
  }

  /** The type it was made with: `SOCK_STREAM`, `SOCK_DGRAM`, `SOCK_SEQPACKET`, … */
  get type(): number {
    return this.kind.type
  }

  /** The protocol it was made with; 0 stands for the family's usual one. */
  get protocol(): number {
    return this.kind.protocol
  }

  /** @internal */
  get isStream(): boolean {
    return this.kind.type === SOCK_STREAM
  }

  /** The address it is bound to. Throws `SocketError`, `ClosedError`. See getsockname(2). */
  get localAddress(): AnyAddress {
    return readLocalAddress(this.reactor.binding, this.open('getsockname'))
  }

  /** The address of its peer; undefined while it has none. Throws `SocketError`, `ClosedError`. See getpeername(2). */
  get remoteAddress(): AnyAddress | undefined {
    return readRemoteAddress(this.reactor.binding, this.open('getpeername'))
  }

  /** @internal Notes the address of its peer by the slot, where it stays when the kernel has forgotten it. */
  notePeer(): void {
    const length = this.reactor.binding.getpeername(this.number, addressBytes)
    if (length > 0) this.reactor.peers.writeBytes(this.slot, addressBytes, length)
  }

  /** @internal Closes so that the peer of a TCP connection is reset, and nothing waits in the kernel. */
  protected resetNow(): void {
    const { family } = this.kind
    if (this.isStream && (family === AF_INET || family === AF_INET6)) {
      this.reactor.binding.setsockopt(this.number, SOL_SOCKET, SO_LINGER, RESET_ON_CLOSE)
    }
    this.reactor.close(this)
  }

  /** @internal Ends the write side; a peer that is gone already is no error. */
  protected endWriting(): void {
    const result = this.reactor.binding.shutdown(this.number, SHUT_WR)
    if (result < 0 && result !== -ENOTCONN) throw systemError(result, 'shutdown')
  }
}
