/**
 * A `recv` that waits with neither a signal nor a timeout, into a short buffer: the usual one of a server. The engine
 * receives for it together with all that is ready, and the bytes are copied into the buffer; for a short message that
 * costs less than a call of its own.
 */
import type { Pending } from './wait.ts'

export class Receipt implements Pending {
  readonly buffer: Uint8Array
  readonly promise: Promise<number>
  #resolve!: (length: number) => void
  #reject!: (reason: unknown) => void

  constructor(buffer: Uint8Array) {
    this.buffer = buffer
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  /** `length` bytes were received; they lie in `memory` from `offset` on. */
  succeed(memory: Uint8Array, offset: number, length: number): void {
    if (length > 0) this.buffer.set(memory.subarray(offset, offset + length))
    this.#resolve(length)
  }

  fire(): void {}

  fail(reason: unknown): void {
    this.#reject(reason)
  }
}
