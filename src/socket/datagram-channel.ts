/**
 * A datagram socket in the handler form: many datagrams are received in a call, each is lent to the handler with its
 * source, and what the handlers send leaves many in a call at the turn's end.
 */
import type { AnyAddress } from '../base/address.ts'
import { argumentRangeError, argumentValueError, checkInteger } from '../base/argument-error.ts'
import {
  ADDRESS,
  ADDRESS_LENGTH,
  FLAGS,
  MESSAGE_BYTES,
  OFFSET,
  RECEIVE_FROM,
  SEND_BYTES,
  WRITABLE,
} from '../reactor/engine.ts'
import { AF_UNIX, EAGAIN, EWOULDBLOCK, MSG_TRUNC } from '../sys/constants.ts'
import { packAddress, unpackAddress } from '../sys/sockaddr.ts'
import { systemError } from '../sys/system-error.ts'
import { checkAddress, checkBytes } from './arguments.ts'
import { OpenSocket } from './open-socket.ts'
import { checkHandler, Service, type ServiceOptions } from './service.ts'
import { Source, SPENT } from './source.ts'

/**
 * The handlers of a datagram socket; `datagram` alone must be there, and what they return is not used. One that throws
 * (or, if it is asynchronous, whose promise is rejected) is reported to `onError`.
 */
export interface DatagramHandler {
  /**
   * A datagram came. `bytes` and `source` are lent for the length of the call: copy what you keep (`bytes.slice()`,
   * `source.toAddress()`). `isTruncated` tells that it was longer than `maxMessageBytes`.
   */
  datagram(channel: DatagramChannel, bytes: Uint8Array, source: Source, isTruncated: boolean): unknown
  /** The kernel reported an error of an earlier datagram (ECONNREFUSED: nobody listens there). The channel goes on. */
  error?(channel: DatagramChannel, error: Error): unknown
  /** All that had to be held back is with the kernel. */
  drain?(channel: DatagramChannel): unknown
  /** The last call: the channel is closed. */
  close?(channel: DatagramChannel): unknown
}

/** What a datagram channel takes. `whenQueueFull` is `drop` if it is not given. */
export interface DatagramOptions extends ServiceOptions<DatagramChannel> {
  /** The longest datagram that is received whole, 65,536 bytes if not given; at most 1 MiB. */
  readonly maxMessageBytes?: number | undefined
}

const MOST_MESSAGE_BYTES = 1 << 20
const NO_ADDRESS = new Uint8Array(0)

interface HeldBack {
  readonly bytes: Uint8Array
  readonly address: Uint8Array
}

/** A datagram that came in the turn in which the channel was paused. */
interface ReadAhead {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly address: Uint8Array<ArrayBuffer>
  readonly isTruncated: boolean
}

export class DatagramChannel extends OpenSocket {
  readonly #service: Service<DatagramHandler, DatagramChannel>
  readonly #source: Source
  #isPaused = false
  #readAhead: ReadAhead[] = []
  #unflushedBytes = 0
  #stamp = -1
  #heldBack: HeldBack[] = []
  #heldBackBytes = 0
  #droppedMessages = 0

  /** @internal Made by `receiveWith`. */
  constructor(socket: OpenSocket, handler: DatagramHandler, options: DatagramOptions) {
    checkHandler(handler, 'datagram', ['error', 'drain', 'close'])
    const { maxMessageBytes = MESSAGE_BYTES } = options
    checkInteger('options.maxMessageBytes', maxMessageBytes, 1, MOST_MESSAGE_BYTES)
    const { reactor } = socket
    const service = new Service(reactor, handler, options, 'drop')
    super(reactor, reactor.detach(socket), socket.kind)
    this.isReferenced = socket.isReferenced
    this.#service = service
    this.context = service.context
    this.#source = new Source(reactor.memory.bytes)
    this.attachToReactor(maxMessageBytes)
  }

  /** @internal */
  begin(): void {
    this.reactor.hold(this)
    this.reactor.arm(this, RECEIVE_FROM)
  }

  /** The bytes that were sent here and are not with the kernel yet. */
  get queuedBytes(): number {
    return this.#heldBackBytes + (this.#stamp === this.reactor.outbox.flushes ? this.#unflushedBytes : 0)
  }

  /** Messages that were dropped because the queue was full, or (Unix) their receiver's was. */
  get droppedMessages(): number {
    return this.#droppedMessages
  }

  /**
   * Queues a datagram, to a source (within the call that lent it), to an address, or to the connected peer. The bytes
   * are copied. Returns how many bytes wait after that, or -1 when the queue is full (see `whenQueueFull`). What the
   * kernel refuses is told to `error`, with the address: also (`EAGAIN`) what a Unix receiver has no room for, because
   * nothing tells when it has room again, and the others must not wait for it. Throws `ClosedError`.
   */
  send(bytes: Uint8Array, destination?: Source | AnyAddress): number {
    checkBytes('bytes', bytes)
    this.open('send')
    const { outbox } = this.reactor
    if (bytes.length > SEND_BYTES / 2)
      throw argumentRangeError('bytes', `at most ${SEND_BYTES / 2} bytes long`, bytes.length)
    const isSource = destination instanceof Source
    if (isSource && destination.offset === -1)
      throw argumentValueError('destination', SPENT, 'a source whose call is over')
    if (!isSource && destination !== undefined) checkAddress('destination', destination, this.kind.family)
    const isShared = isSource && destination.bytes === this.reactor.memory.bytes
    const packed = isShared ? NO_ADDRESS : this.#packed(destination)
    if (this.#heldBack.length > 0) return this.#holdBack(bytes, isShared ? this.#packed(destination) : packed)
    if (!outbox.hasRoomFor(bytes.length + packed.length)) {
      this.reactor.flush()
      return this.send(bytes, destination)
    }
    if (this.#stamp !== outbox.flushes) {
      this.#stamp = outbox.flushes
      this.#unflushedBytes = 0
    }
    if (isShared) outbox.sendTo(this.slot, this.generation, bytes, destination.offset, destination.byteLength)
    else outbox.sendTo(this.slot, this.generation, bytes, packed.length === 0 ? 0 : outbox.store(packed), packed.length)
    this.#unflushedBytes += bytes.length
    this.reactor.scheduleFlush()
    return this.#unflushedBytes
  }

  #packed(destination: Source | AnyAddress | undefined): Uint8Array {
    if (destination === undefined) return NO_ADDRESS
    if (!(destination instanceof Source)) return packAddress(destination)
    return destination.bytes.subarray(destination.offset, destination.offset + destination.byteLength)
  }

  #holdBack(bytes: Uint8Array, address: Uint8Array): number {
    const { queueLimitBytes, whenQueueFull } = this.#service
    if (this.#heldBackBytes + bytes.length > queueLimitBytes) {
      if (whenQueueFull === 'close') this.close()
      if (whenQueueFull !== 'wait') this.#countDropped()
      return -1
    }
    this.#heldBack.push({ bytes: bytes.slice(), address: address.slice() })
    this.#heldBackBytes += bytes.length
    return this.#heldBackBytes
  }

  #countDropped(): void {
    this.#droppedMessages++
    this.reactor.droppedMessages++
  }

  #sendHeldBack(): void {
    const { binding } = this.reactor
    let done = 0
    for (const { bytes, address } of this.#heldBack) {
      const sent =
        address.length === 0
          ? binding.send(this.number, bytes, 0, bytes.length, 0)
          : binding.sendto(this.number, bytes, 0, bytes.length, 0, address)
      if (sent === -EAGAIN || sent === -EWOULDBLOCK) break
      done++
      this.#heldBackBytes -= bytes.length
      if (sent < 0)
        this.#tellError(
          systemError(sent, 'sendto', address.length === 0 ? undefined : unpackAddress(address, 0, address.length)),
        )
      if (this.number === -1) return
    }
    this.#heldBack.splice(0, done)
    if (this.#heldBack.length > 0) this.reactor.arm(this, WRITABLE)
    else this.#guard(() => this.#service.handler.drain?.(this))
  }

  get isPaused(): boolean {
    return this.#isPaused
  }

  /** No `datagram` until `resume`; what comes waits in the kernel, as far as it has room. What has come is kept. */
  pause(): this {
    if (this.number !== -1) this.reactor.disarm(this, RECEIVE_FROM)
    this.#isPaused = true
    return this
  }

  resume(): this {
    if (this.number === -1 || !this.#isPaused) return this
    this.#isPaused = false
    if (this.#readAhead.length === 0) this.reactor.arm(this, RECEIVE_FROM)
    else queueMicrotask(() => this.context?.runInAsyncScope(this.#deliverReadAhead, this))
    return this
  }

  #deliverReadAhead(): void {
    while (this.#readAhead.length > 0 && !this.#isPaused && this.number !== -1) {
      const { bytes, address, isTruncated } = this.#readAhead.shift()!
      this.#hand(bytes, address, 0, address.length, isTruncated)
    }
    if (!this.#isPaused && this.number !== -1) this.reactor.arm(this, RECEIVE_FROM)
  }

  /** Hands what is queued to the kernel and closes. What the kernel does not take is lost, as datagrams may be. */
  close(): void {
    if (this.number === -1) return
    this.reactor.flush()
    this.#heldBack = []
    this.#heldBackBytes = 0
    this.#readAhead = []
    if (this.number === -1) return
    this.reactor.close(this)
    queueMicrotask(() => this.context?.runInAsyncScope(this.#guard, this, () => this.#service.handler.close?.(this)))
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** @internal */
  complete(kind: number, result: number, at: number): void {
    if (kind !== RECEIVE_FROM) {
      this.reactor.noteArmed(this, WRITABLE, false)
      this.#sendHeldBack()
    } else if (result < 0) this.#tellError(systemError(result, 'recvmsg'))
    else this.#deliver(result, at)
  }

  #deliver(length: number, at: number): void {
    const { completions, buffer, bytes: memory } = this.reactor.memory
    const bytes = new Uint8Array(buffer, completions[at + OFFSET], length)
    const address = completions[at + ADDRESS]!
    const addressLength = completions[at + ADDRESS_LENGTH]!
    const isTruncated = (completions[at + FLAGS]! & MSG_TRUNC) !== 0
    if (!this.#isPaused && this.#readAhead.length === 0) this.#hand(bytes, memory, address, addressLength, isTruncated)
    else {
      const kept = memory.slice(address, address + addressLength)
      this.#readAhead.push({ bytes: bytes.slice(), address: kept, isTruncated })
    }
  }

  /** Lends a datagram to the handler; its sender's address lies in `memory` at `address`. */
  #hand(
    bytes: Uint8Array<ArrayBuffer>,
    memory: Uint8Array<ArrayBuffer>,
    address: number,
    addressLength: number,
    isTruncated: boolean,
  ): void {
    const source = this.#source
    source.bytes = memory
    source.offset = address
    source.byteLength = addressLength
    try {
      const result: unknown = this.#service.handler.datagram(this, bytes, source, isTruncated)
      if (result instanceof Promise) result.catch((error: unknown) => this.#service.report(error, this))
    } catch (error) {
      this.#service.report(error, this)
    }
    source.offset = -1
    if (this.reactor.poisons) bytes.fill(0xdd)
  }

  #tellError(error: Error): void {
    this.#guard(() => this.#service.handler.error?.(this, error))
  }

  #guard(call: () => unknown): void {
    try {
      const result = call()
      if (result instanceof Promise) result.catch((error: unknown) => this.#service.report(error, this))
    } catch (error) {
      this.#service.report(error, this)
    }
  }

  /** @internal */
  settle(_kind: number, result: number, operation: number): void {
    const { outbox } = this.reactor
    this.#stamp = -1
    const address = outbox.addressOf(operation)
    if (result === -EAGAIN || result === -EWOULDBLOCK) {
      // Of a Unix socket it is that receiver which is full, and nothing tells when it has room: the datagram is lost.
      if (this.kind.family === AF_UNIX && address.length > 0) this.#countDropped()
      else {
        this.reactor.noteArmed(this, WRITABLE, true)
        this.#holdBack(outbox.bytesOf(operation), address)
        return
      }
    }
    const error = systemError(
      result,
      'sendmsg',
      address.length === 0 ? undefined : unpackAddress(address, 0, address.length),
    )
    queueMicrotask(() => {
      if (this.number !== -1) this.context?.runInAsyncScope(this.#tellError, this, error)
    })
  }
}
