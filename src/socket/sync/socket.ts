/**
 * The BSD socket in the blocking form, for scripts and worker threads: the names of the promise form, and each call
 * returns when it is done. The descriptor is non-blocking underneath; what blocks is poll(2) (blocking-call.ts). No
 * event loop takes part, and none runs meanwhile in the thread.
 */
import type { AnyAddress } from '../../base/address.ts'
import { checkInteger } from '../../base/argument-error.ts'
import { SocketError } from '../../base/errors.ts'
import { addon } from '../../sys/addon.ts'
import type { Binding } from '../../sys/binding.ts'
import {
  AF_UNIX,
  EAGAIN,
  EINPROGRESS,
  EINTR,
  ENOTCONN,
  POLLIN,
  POLLOUT,
  SHUT_WR,
  SOCK_STREAM,
} from '../../sys/constants.ts'
import { packAddress, unpackAddress } from '../../sys/sockaddr.ts'
import { systemError } from '../../sys/system-error.ts'
import { checkAddress, checkDirection } from '../arguments.ts'
import { connectOutcome, NOWHERE } from '../connect.ts'
import { DEFAULT_FINISH_DEADLINE_MS } from '../finish.ts'
import { openDescriptor, openPair } from '../open-descriptor.ts'
import type { SocketKind } from '../open-socket.ts'
import { wouldWait } from '../queueing-socket.ts'
import type { BlockingOptions } from './blocking-call.ts'
import { TransferSocket } from './transfer-socket.ts'

/** A connection and the address it came from. */
export interface Accepted {
  readonly peer: Socket
  readonly address: AnyAddress
}

/** A descriptor that the kernel gave: accepted, or one of a pair. */
interface Given {
  readonly binding: Binding
  readonly number: number
  readonly kind: SocketKind
}

const addressBytes = new Uint8Array(128)
const out = new Int32Array(1)
const DEFAULT_BACKLOG = 4096

export class Socket extends TransferSocket {
  /**
   * A new endpoint, close-on-exec. Throws `SocketError`, or a `TypeError` or `RangeError` for an argument that is no
   * number. See socket(2).
   */
  constructor(family: number, type: number, protocol?: number)
  /** @internal A socket for a descriptor that the kernel gave; it is owned from here on. */
  constructor(given: Given)
  constructor(first: number | Given, type: number = 0, protocol: number = 0) {
    const { binding, number, kind } = typeof first === 'object' ? first : openGiven(first, type, protocol)
    super(binding, number, kind)
  }

  /** Gives the socket an address of its own. Throws `SocketError`, `ClosedError`. See bind(2). */
  bind(address: AnyAddress): this {
    checkAddress('address', address, this.family)
    const result = this.binding.bind(this.open('bind'), packAddress(address))
    if (result < 0) throw systemError(result, 'bind', address)
    return this
  }

  /**
   * Makes a stream or seqpacket socket accept connections. Up to `backlog` of them wait to be accepted (the kernel
   * takes its `somaxconn` if that is less). Throws `SocketError`, `ClosedError`. See listen(2).
   */
  listen(backlog: number = DEFAULT_BACKLOG): this {
    checkInteger('backlog', backlog, 0, 0x7fffffff)
    const result = this.binding.listen(this.open('listen'), backlog)
    if (result < 0) throw systemError(result, 'listen')
    return this
  }

  /**
   * Connects, or on a datagram socket names the peer. A connect that a timeout or a cancellation ends is taken back.
   * Throws `SocketError`, `TimeoutError`, `CanceledError`, `ClosedError`. See connect(2).
   */
  connect(address: AnyAddress, options?: BlockingOptions): void {
    checkAddress('address', address, this.family)
    const call = this.begin('connect', options)
    const packed = packAddress(address)
    const { binding, number } = this
    let isUnderWay = false
    try {
      call.until(number, POLLOUT, () => {
        if (isUnderWay) return connectOutcome(binding, number, packed, address)
        const result = binding.connect(number, packed)
        if (result === 0) return true
        // Interrupted, a connect goes on (connect(2)), as one that is in progress does. EAGAIN is the full backlog of a
        // Unix socket, where nothing has begun.
        isUnderWay = result === -EINPROGRESS || result === -EINTR
        if (isUnderWay || result === -EAGAIN) return undefined
        throw systemError(result, 'connect', address)
      })
    } catch (error) {
      // Ended from outside: it must not connect later.
      if (isUnderWay && !(error instanceof SocketError)) binding.connect(number, NOWHERE)
      throw error
    }
  }

  /** Accepts a connection. Throws `SocketError`, `TimeoutError`, `CanceledError`, `ClosedError`. See accept(2). */
  accept(options?: BlockingOptions): Accepted {
    const { binding, kind } = this
    const call = this.begin('accept', options)
    const number = this.transfer(call, POLLIN, 'accept4', () => binding.accept4(this.number, addressBytes, out))
    const peer = new Socket({ binding, number, kind })
    return { peer, address: unpackAddress(addressBytes, 0, out[0]) }
  }

  /** Shuts one direction or both: SHUT_RD, SHUT_WR, SHUT_RDWR. Throws `SocketError`, `ClosedError`. See shutdown(2). */
  shutdown(how: number): this {
    checkDirection(how)
    const result = this.binding.shutdown(this.open('shutdown'), how)
    if (result < 0) throw systemError(result, 'shutdown')
    return this
  }

  /**
   * Closes in good order: ends the write side, throws away what still comes until the peer has finished too, and
   * closes. A peer that has not by the deadline (milliseconds) is reset, and `TimeoutError` is thrown; a cancellation
   * resets it as well, with `CanceledError`. Throws `SocketError`, `ClosedError`.
   */
  finish({
    deadline = DEFAULT_FINISH_DEADLINE_MS,
    ...options
  }: { deadline?: number } & Omit<BlockingOptions, 'timeout'> = {}): void {
    const call = this.begin('finish', { ...options, timeout: deadline })
    if (this.isStream) {
      try {
        // A peer that is gone already is no error.
        const result = this.binding.shutdown(this.number, SHUT_WR)
        if (result < 0 && result !== -ENOTCONN) throw systemError(result, 'shutdown')
        const waste = new Uint8Array(65_536)
        const { binding, number } = this
        const receivesMore = (): boolean | undefined => {
          const length = binding.recv(number, waste, 0, waste.length, 0)
          return wouldWait(length) ? undefined : length > 0 // what broke the connection is an end, too
        }
        while (call.until(number, POLLIN, receivesMore));
      } catch (error) {
        this.abort()
        throw error
      }
    }
    this.close()
  }
}

/** A pair of Unix sockets, connected to each other. Throws `SocketError`. See socketpair(2). */
export function socketpair(type: number = SOCK_STREAM): [Socket, Socket] {
  const binding = addon()
  const [one, other] = openPair(binding, type)
  const kind = { family: AF_UNIX, type, protocol: 0 }
  return [new Socket({ binding, number: one!, kind }), new Socket({ binding, number: other!, kind })]
}

function openGiven(family: number, type: number, protocol: number): Given {
  const binding = addon()
  return { binding, number: openDescriptor(binding, family, type, protocol), kind: { family, type, protocol } }
}
