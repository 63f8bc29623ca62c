/**
 * Bytes that wait to be written, first in first out, as a list of chunks with one reading position.
 *
 * Large pieces are borrowed: `append` keeps the caller's array, which must not change until its bytes are discarded.
 * Small ones are copied: `appendCopy` fills a tail chunk of the queue's own, so that a thousand small messages are a
 * few chunks and not a thousand. A tail chunk starts small, and the next one is twice as large, up to 64 KiB, and an
 * emptied queue keeps nothing: most connections never hold output back, and there may be many thousands of them.
 *
 * Chunks are taken from the front by moving an index; what lies before it is cut off once it is half of the list, so
 * every operation takes constant time on average.
 */

import { checkInteger } from './argument-error.ts'

const LEAST_TAIL_BYTES = 1024
const MOST_TAIL_BYTES = 65536
/** Fewer spent entries than this are not worth cutting off. */
const LEAST_SPENT = 32

const EMPTY = new Uint8Array(0)

export class ByteQueue {
  /** Whole arrays, but for the last one when it is the tail, of which only the first `#tailUsed` bytes count. */
  #chunks: (Uint8Array | undefined)[] = []
  /** The index of the first chunk, and how many of its bytes are discarded already. */
  #head = 0
  #cursor = 0
  #byteLength = 0
  /** The last chunk, when it is the queue's own and may be filled up. */
  #tail: Uint8Array | undefined = undefined
  #tailUsed = 0

  /** How many bytes wait. */
  get byteLength(): number {
    return this.#byteLength
  }

  /** Whether nothing waits. */
  get isEmpty(): boolean {
    return this.#byteLength === 0
  }

  /** Queues bytes without copying. They are borrowed, and must not change until they are discarded. */
  append(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#endTail()
    this.#chunks.push(bytes)
    this.#byteLength += bytes.length
  }

  /** Queues a copy of bytes, which the caller may use again at once. */
  appendCopy(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#byteLength += bytes.length
    const fitting = this.#fillTail(bytes)
    if (fitting === bytes.length) return
    // The tail, if there was one, is full now, so it counts as a whole chunk without more ado.
    const rest = bytes.length - fitting
    const capacity = Math.min(Math.max(2 * (this.#tail?.length ?? 0), LEAST_TAIL_BYTES), MOST_TAIL_BYTES)
    this.#tail = new Uint8Array(Math.max(capacity, rest))
    this.#tail.set(fitting === 0 ? bytes : bytes.subarray(fitting))
    this.#tailUsed = rest
    this.#chunks.push(this.#tail)
  }

  /**
   * The bytes that come first, as many as lie together; empty when none wait. They are lent until the next call of
   * `discard` or `clear`, and what is appended meanwhile does not show in them.
   */
  first(): Uint8Array {
    const chunk = this.#chunks[this.#head]
    if (chunk === undefined) return EMPTY
    const end = chunk === this.#tail ? this.#tailUsed : chunk.length
    return this.#cursor === 0 && end === chunk.length ? chunk : chunk.subarray(this.#cursor, end)
  }

  /**
   * Takes bytes from the front.
   * @throws RangeError when fewer wait
   */
  discard(count: number): void {
    checkInteger('count', count, 0, this.#byteLength)
    if (count === this.#byteLength) {
      this.clear()
      return
    }
    this.#byteLength -= count
    this.#cursor += count
    // Fewer bytes go than wait, so this ends at the tail at the latest.
    for (
      let chunk = this.#chunks[this.#head];
      chunk !== undefined && chunk !== this.#tail;
      chunk = this.#chunks[this.#head]
    ) {
      if (this.#cursor < chunk.length) break
      this.#cursor -= chunk.length
      this.#chunks[this.#head++] = undefined
    }
    if (this.#head >= LEAST_SPENT && 2 * this.#head >= this.#chunks.length) {
      this.#chunks.splice(0, this.#head)
      this.#head = 0
    }
  }

  /** Forgets all bytes, and lets go of those borrowed. */
  clear(): void {
    this.#chunks = []
    this.#head = 0
    this.#cursor = 0
    this.#byteLength = 0
    this.#tail = undefined
    this.#tailUsed = 0
  }

  /** Copies what fits into the tail's spare room, and returns how much that was. */
  #fillTail(bytes: Uint8Array): number {
    if (this.#tail === undefined) return 0
    const fitting = Math.min(bytes.length, this.#tail.length - this.#tailUsed)
    this.#tail.set(fitting === bytes.length ? bytes : bytes.subarray(0, fitting), this.#tailUsed)
    this.#tailUsed += fitting
    return fitting
  }

  /** Makes the tail a chunk like the others, because something else comes behind it. */
  #endTail(): void {
    if (this.#tail === undefined) return
    this.#chunks[this.#chunks.length - 1] = this.#tail.subarray(0, this.#tailUsed)
    this.#tail = undefined
  }
}
