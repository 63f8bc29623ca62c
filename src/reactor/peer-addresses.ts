/**
 * The packed addresses of accepted peers, by slot: kept in one array, and unpacked only when somebody asks. So an
 * accepted connection costs no object for its address, and a peer's address is still known after the kernel has
 * forgotten it.
 */
import type { AnyAddress } from '../base/address.ts'
import { unpackAddress } from '../sys/sockaddr.ts'
import { ADDRESS, ADDRESS_LENGTH, type EngineMemory } from './engine.ts'

/** Seven words of address (`struct sockaddr_in6` is the longest that fits), and its length in bytes. */
const WORDS = 8
const LENGTH = 7
const LONGEST_BYTES = LENGTH * 4

export class PeerAddresses {
  readonly #memory: EngineMemory
  #words: Int32Array = new Int32Array(64 * WORDS)

  constructor(memory: EngineMemory) {
    this.#memory = memory
  }

  clear(slot: number): void {
    const start = slot * WORDS
    if (start < this.#words.length) this.#words[start + LENGTH] = 0
  }

  #reserve(slot: number): void {
    const start = slot * WORDS
    if (start < this.#words.length) return
    const longer = new Int32Array(Math.max(this.#words.length * 2, start + WORDS))
    longer.set(this.#words)
    this.#words = longer
  }

  /** Keeps the address of the completion at word `at`. Longer ones (a Unix peer's name) are left to getpeername(2). */
  write(slot: number, at: number): void {
    const { completions } = this.#memory
    const length = completions[at + ADDRESS_LENGTH]!
    if (length > LONGEST_BYTES) return
    this.#reserve(slot)
    const start = slot * WORDS
    // The engine aligns addresses to eight bytes. A shorter address leaves words behind it that nobody reads.
    const from = completions[at + ADDRESS]! >> 2
    const source = this.#memory.words
    for (let word = 0; word < LENGTH; word++) this.#words[start + word] = source[from + word]!
    this.#words[start + LENGTH] = length
  }

  /** Keeps a packed address, `length` bytes of it. Longer ones are left out, as by `write`. */
  writeBytes(slot: number, bytes: Uint8Array, length: number): void {
    if (length > LONGEST_BYTES) return
    this.#reserve(slot)
    const start = slot * WORDS
    new Uint8Array(this.#words.buffer, start * 4, LONGEST_BYTES).set(bytes.subarray(0, length))
    this.#words[start + LENGTH] = length
  }

  read(slot: number): AnyAddress | undefined {
    const start = slot * WORDS
    const length = this.#words[start + LENGTH] ?? 0
    if (length === 0) return undefined
    return unpackAddress(new Uint8Array(this.#words.buffer, start * 4, LONGEST_BYTES), 0, length)
  }
}
