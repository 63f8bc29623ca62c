/**
 * An address of a family that this library does not take apart: the family's number and the bytes, so that nothing
 * is lost. It is packed again as it came.
 */

import { argumentTypeError, checkInteger } from './argument-error.ts'
import { printsAs } from './inspect.ts'

/** A socket address that stays as the kernel gave it. It never changes. */
export class OtherAddress {
  readonly family = 'other'
  /** The family's number on this platform, one of the kernel's `AF_` constants. */
  readonly familyNumber: number
  /** The whole `sockaddr`, its family first, in hexadecimal. */
  readonly hex: string
  readonly #bytes: Uint8Array

  static {
    printsAs(this, (address) => `OtherAddress(${address.toString()})`)
  }

  /**
   * @param familyNumber the family's number
   * @param bytes the whole `sockaddr`, which is copied
   */
  constructor(familyNumber: number, bytes: Uint8Array) {
    this.familyNumber = checkInteger('familyNumber', familyNumber, 0, 0xffff)
    if (!(bytes instanceof Uint8Array)) throw argumentTypeError('bytes', 'a Uint8Array', bytes)
    this.#bytes = new Uint8Array(bytes)
    this.hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  }

  /** Internal: the `sockaddr`. Lent; never written to. */
  get packed(): Uint8Array {
    return this.#bytes
  }

  /** The whole `sockaddr`, its family first: a copy each time. */
  get bytes(): Uint8Array {
    return this.#bytes.slice()
  }

  /** Whether the other value is the same bytes. */
  equals(other: unknown): boolean {
    return other instanceof OtherAddress && other.familyNumber === this.familyNumber && other.hex === this.hex
  }

  /** `family 16: 10000000d2040000`. `parseEndpoint` does not read this. */
  toString(): string {
    return `family ${this.familyNumber}: ${this.hex}`
  }

  toJSON(): { family: 'other'; familyNumber: number; hex: string } {
    return { family: this.family, familyNumber: this.familyNumber, hex: this.hex }
  }
}
