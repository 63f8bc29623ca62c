/**
 * The operations that wait for the next flush, and the bytes they send. Small sends are copied here, one after the
 * other; what one socket sends in a turn is one list, and sends that follow each other without another socket's in
 * between are one operation.
 */
import {
  HEADER_FLUSHES,
  HEADER_OPERATIONS,
  HEADER_SEND_USED,
  OPERATION_ADDRESS,
  OPERATION_ADDRESS_LENGTH,
  OPERATION_CAPACITY,
  OPERATION_GENERATION,
  OPERATION_KIND,
  OPERATION_LENGTH,
  OPERATION_NEXT,
  OPERATION_OFFSET,
  OPERATION_SLOT,
  OPERATION_WORDS,
  SEND,
  SEND_BYTES,
  SEND_MORE,
  SEND_TO,
  type EngineMemory,
} from './engine.ts'

export class Outbox {
  readonly #header: Int32Array
  readonly #operations: Int32Array
  readonly #bytes: Uint8Array
  readonly #sendOffset: number

  constructor(memory: EngineMemory) {
    this.#header = memory.header
    this.#operations = memory.operations
    this.#bytes = memory.bytes
    this.#sendOffset = memory.sendOffset
  }

  /** Counts the flushes: an operation's number means something until this changes. */
  get flushes(): number {
    return this.#header[HEADER_FLUSHES]!
  }

  get isEmpty(): boolean {
    return this.#header[HEADER_OPERATIONS] === 0
  }

  /** Whether an operation with `byteLength` bytes (address included) fits before the next flush. */
  hasRoomFor(byteLength: number): boolean {
    return (
      this.#header[HEADER_SEND_USED]! + byteLength <= SEND_BYTES &&
      this.#header[HEADER_OPERATIONS]! < OPERATION_CAPACITY
    )
  }

  /**
   * Queues a copy of `bytes`, behind the socket's operation number `tail` (0: its first since the flush). Returns the
   * number of the operation that holds them.
   */
  send(slot: number, generation: number, tail: number, keepsMessages: boolean, bytes: Uint8Array): number {
    const header = this.#header
    const operations = this.#operations
    const used = header[HEADER_SEND_USED]!
    const last = header[HEADER_OPERATIONS]!
    const offset = this.#sendOffset + used
    this.#bytes.set(bytes, offset)
    header[HEADER_SEND_USED] = used + bytes.length
    if (tail !== 0 && tail === last && !keepsMessages) {
      operations[tail * OPERATION_WORDS + OPERATION_LENGTH]! += bytes.length
      return tail
    }
    const number = this.#add(slot, generation, tail === 0 ? SEND : SEND_MORE)
    const start = number * OPERATION_WORDS
    operations[start + OPERATION_OFFSET] = offset
    operations[start + OPERATION_LENGTH] = bytes.length
    if (tail !== 0) operations[tail * OPERATION_WORDS + OPERATION_NEXT] = number
    return number
  }

  /** Queues a datagram whose destination lies at `address` in the shared memory (length 0: the connected peer). */
  sendTo(slot: number, generation: number, bytes: Uint8Array, address: number, addressLength: number): void {
    const offset = this.store(bytes)
    const start = this.#add(slot, generation, SEND_TO) * OPERATION_WORDS
    this.#operations[start + OPERATION_OFFSET] = offset
    this.#operations[start + OPERATION_LENGTH] = bytes.length
    this.#operations[start + OPERATION_ADDRESS] = address
    this.#operations[start + OPERATION_ADDRESS_LENGTH] = addressLength
  }

  /** Copies bytes into the send region; returns where they lie in the shared memory. */
  store(bytes: Uint8Array): number {
    const used = this.#header[HEADER_SEND_USED]!
    this.#bytes.set(bytes, this.#sendOffset + used)
    this.#header[HEADER_SEND_USED] = used + bytes.length
    return this.#sendOffset + used
  }

  /** Queues an operation without bytes: SHUTDOWN_WRITE or CLOSE. */
  control(slot: number, generation: number, kind: number): void {
    this.#add(slot, generation, kind)
  }

  #add(slot: number, generation: number, kind: number): number {
    const number = ++this.#header[HEADER_OPERATIONS]!
    const start = number * OPERATION_WORDS
    const operations = this.#operations
    operations[start + OPERATION_SLOT] = slot
    operations[start + OPERATION_GENERATION] = generation
    operations[start + OPERATION_KIND] = kind
    operations[start + OPERATION_NEXT] = 0
    return number
  }

  /** The bytes of an operation. */
  bytesOf(number: number): Uint8Array {
    const start = number * OPERATION_WORDS
    const offset = this.#operations[start + OPERATION_OFFSET]!
    return this.#bytes.subarray(offset, offset + this.#operations[start + OPERATION_LENGTH]!)
  }

  /** The packed destination of a datagram. */
  addressOf(number: number): Uint8Array {
    const start = number * OPERATION_WORDS
    const offset = this.#operations[start + OPERATION_ADDRESS]!
    return this.#bytes.subarray(offset, offset + this.#operations[start + OPERATION_ADDRESS_LENGTH]!)
  }

  /** The operation after this one in its socket's list; 0 when it is the last. */
  after(number: number): number {
    return this.#operations[number * OPERATION_WORDS + OPERATION_NEXT]!
  }
}
