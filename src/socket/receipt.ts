/**
 * A receive that waits with neither a signal nor a timeout, for not too many bytes: the usual one of a server. The
 * engine receives for it together with all that is ready, and the bytes are copied from there; for a short message that
 * costs less than a call of its own.
 */
import type { Pending } from './wait.ts'

abstract class Receipt<Result> implements Pending {
  /** How many bytes it takes at the most. */
  abstract readonly wantedBytes: number
  readonly promise: Promise<Result>
  protected resolve!: (result: Result | Promise<Result>) => void

  constructor() {
    this.promise = new Promise((resolve) => {
      this.resolve = resolve
    })
  }

  /** `length` bytes were received; they lie in `memory` from `offset` on. */
  abstract succeed(memory: Uint8Array, offset: number, length: number): void

  fire(): void {}

  /** By a promise that is rejected: a function to reject with would be kept by each connection that waits. */
  fail(reason: unknown): void {
    this.resolve(Promise.reject(reason))
  }
}

/** Into the caller's buffer; gives the length. */
export class BufferReceipt extends Receipt<number> {
  readonly #buffer: Uint8Array

  constructor(buffer: Uint8Array) {
    super()
    this.#buffer = buffer
  }

  override get wantedBytes(): number {
    return this.#buffer.length
  }

  override succeed(memory: Uint8Array, offset: number, length: number): void {
    if (length > 0) this.#buffer.set(memory.subarray(offset, offset + length))
    this.resolve(length)
  }
}

/** Into an array that is made when the bytes are there. */
export class FreshReceipt extends Receipt<Uint8Array<ArrayBuffer>> {
  readonly wantedBytes: number

  constructor(wantedBytes: number) {
    super()
    this.wantedBytes = wantedBytes
  }

  override succeed(memory: Uint8Array<ArrayBuffer>, offset: number, length: number): void {
    this.resolve(memory.slice(offset, offset + length))
  }
}
