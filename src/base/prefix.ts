/** Networks: an address and how many of its first bits count (RFC 4632, section 3.1; RFC 4291, section 2.3). */
import { argumentTypeError, argumentValueError, checkInteger } from './argument-error.ts'
import { InetAddress } from './inet-address.ts'
import { Inet6Address } from './inet6-address.ts'
import { formatInetText, parseInetText } from './inet-text.ts'
import { formatInet6Text, parseInet6Text } from './inet6-text.ts'
import { printsAs } from './inspect.ts'

/** What can be looked for in a network: a socket's address, or an address in numbers, without a zone. */
export type Host = InetAddress | Inet6Address | string

/** A network: `10.0.0.0/8`, `fe80::/10`. It never changes; {@link prefix} makes one. */
export class Prefix {
  readonly family: 'inet' | 'inet6'
  /** How many of the first bits count: 0 to 32, or to 128. */
  readonly length: number
  readonly #bytes: Uint8Array

  static {
    printsAs(this, (network) => `Prefix(${network.toString()})`)
  }

  /** Internal: the bits behind `length` are 0. */
  constructor(bytes: Uint8Array, length: number) {
    this.family = bytes.length === 4 ? 'inet' : 'inet6'
    this.length = length
    this.#bytes = bytes
  }

  /** The first address: `10.0.0.0`. */
  get first(): string {
    return textOf(this.#bytes)
  }

  /** The last address; of IPv4 the broadcast address: `10.255.255.255`. */
  get last(): string {
    return textOf(this.#bytes.map((byte, i) => byte | (~maskAt(i, this.length) & 0xff)))
  }

  /** The mask: `255.0.0.0`, `ffc0::`. */
  get mask(): string {
    return textOf(this.#bytes.map((_, i) => maskAt(i, this.length)))
  }

  /**
   * Whether the address is in the network. An address of the other family is not; one of IPv4 that is written as IPv6
   * (`::ffff:10.1.2.3`, what an IPv6 socket that takes IPv4 tells) counts as the one of IPv4 that it is.
   * @throws TypeError when a text is no address
   */
  contains(host: Host): boolean {
    const bytes = bytesOf('host', host)
    return this.#holds(bytes) || (this.family === 'inet' && isMapped(bytes) && this.#holds(bytes.subarray(12)))
  }

  /** Whether all of the other network is in this one. */
  covers(other: Prefix): boolean {
    return other.length >= this.length && this.#holds(other.#bytes)
  }

  /** Whether the two have an address in common: then one covers the other. */
  overlaps(other: Prefix): boolean {
    return this.covers(other) || other.covers(this)
  }

  #holds(bytes: Uint8Array): boolean {
    return (
      bytes.length === this.#bytes.length &&
      bytes.every((byte, i) => (byte & maskAt(i, this.length)) === this.#bytes[i])
    )
  }

  /** Whether the other value is the same network. */
  equals(other: unknown): boolean {
    return other instanceof Prefix && other.toString() === this.toString()
  }

  /** `10.0.0.0/8` */
  toString(): string {
    return `${this.first}/${this.length}`
  }

  toJSON(): string {
    return this.toString()
  }
}

/**
 * A network from its text (`10.0.0.0/8`, `fe80::/10`; an address alone is a network of one), or from an address and a
 * length. The bits behind the length must be 0, since one that is not is as a rule a slip; `networkOf` clears them.
 * @throws TypeError when the text is no network, RangeError when the length does not fit
 */
export function prefix(text: string): Prefix {
  const { bytes, length } = read(text)
  const cleared = clear(bytes, length)
  if (cleared.every((byte, i) => byte === bytes[i])) return new Prefix(cleared, length)
  throw argumentValueError(
    'text',
    `bits behind the first ${length} are set; the network is ${textOf(cleared)}/${length}`,
    text,
  )
}

/** The network that an address is in, if the first `length` bits count. Throws as `prefix` does. */
export function networkOf(host: Host, length: number): Prefix {
  const bytes = bytesOf('host', host)
  return new Prefix(clear(bytes, checkInteger('length', length, 0, bytes.length * 8)), length)
}

function read(text: unknown): { bytes: Uint8Array; length: number } {
  if (typeof text !== 'string') throw argumentTypeError('text', 'a string', text)
  const [host = '', bits, ...more] = text.split('/')
  const bytes = bytesOf('text', host)
  if (bits === undefined) return { bytes, length: bytes.length * 8 }
  if (more.length > 0 || !/^(?:0|[1-9][0-9]{0,2})$/.test(bits)) {
    throw argumentValueError('text', 'write the number of bits behind one slash, as 10.0.0.0/8', text)
  }
  return { bytes, length: checkInteger('length', Number(bits), 0, bytes.length * 8) }
}

function bytesOf(name: string, host: unknown): Uint8Array {
  const text = host instanceof InetAddress || host instanceof Inet6Address ? host.host : host
  if (typeof text !== 'string') throw argumentTypeError(name, 'an address, or its text', host)
  const bytes = text.includes(':') ? parseInet6Text(text) : parseInetText(text)
  if (typeof bytes !== 'string') return bytes
  throw argumentValueError(name, bytes, host)
}

/** ::ffff:0:0/96, RFC 4291, section 2.5.5.2. */
function isMapped(bytes: Uint8Array): boolean {
  return bytes.length === 16 && bytes.subarray(0, 12).every((byte, i) => byte === (i < 10 ? 0 : 0xff))
}

function clear(bytes: Uint8Array, length: number): Uint8Array {
  return bytes.map((byte, i) => byte & maskAt(i, length))
}

/** The mask's byte at a place. */
function maskAt(place: number, length: number): number {
  const bits = Math.min(Math.max(length - place * 8, 0), 8)
  return (0xff00 >> bits) & 0xff
}

function textOf(bytes: Uint8Array): string {
  return bytes.length === 4 ? formatInetText(bytes) : formatInet6Text(bytes)
}
