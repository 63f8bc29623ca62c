/** One answer of `getaddrinfo`: what to make a socket of, and where to bind or connect it (`struct addrinfo`). */
import type { Address } from '../../base/address.ts'
import { printsAs } from '../../base/inspect.ts'
import { IPPROTO_TCP, IPPROTO_UDP, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET, SOCK_STREAM } from '../../sys/constants.ts'

const TYPES: Readonly<Record<number, string>> = {
  [SOCK_STREAM]: 'SOCK_STREAM',
  [SOCK_DGRAM]: 'SOCK_DGRAM',
  [SOCK_RAW]: 'SOCK_RAW',
  [SOCK_SEQPACKET]: 'SOCK_SEQPACKET',
}

/**
 * An answer of {@link getaddrinfo}. It can be handed on as it is: `new Socket(family, type, protocol)`, and `address` to
 * `bind` or `connect`.
 */
export class Addrinfo {
  /** `AF_INET`, `AF_INET6`. */
  readonly family: number
  /** `SOCK_STREAM`, `SOCK_DGRAM`, `SOCK_RAW`. */
  readonly type: number
  /** `IPPROTO_TCP`, `IPPROTO_UDP`, or 0. */
  readonly protocol: number
  readonly address: Address
  /** The host's canonical name, in the first answer, when `AI_CANONNAME` asked for it; otherwise undefined. */
  readonly canonicalName: string | undefined

  static {
    printsAs(this, (info) => `Addrinfo(${info.toString()})`)
  }

  constructor(family: number, type: number, protocol: number, address: Address, canonicalName?: string) {
    this.family = family
    this.type = type
    this.protocol = protocol
    this.address = address
    this.canonicalName = canonicalName
  }

  /** `TCP 127.0.0.1:80`, `UDP [::1]:53 (localhost)`, `SOCK_RAW 127.0.0.1:0` */
  toString(): string {
    const name = this.canonicalName === undefined ? '' : ` (${this.canonicalName})`
    return `${this.#kind()} ${this.address.toString()}${name}`
  }

  #kind(): string {
    if (this.type === SOCK_STREAM && this.protocol === IPPROTO_TCP) return 'TCP'
    if (this.type === SOCK_DGRAM && this.protocol === IPPROTO_UDP) return 'UDP'
    const type = TYPES[this.type] ?? `type ${this.type}`
    return this.protocol === 0 ? type : `${type} protocol ${this.protocol}`
  }

  /** Whether the other value is the same kind of socket at the same address. */
  equals(other: unknown): boolean {
    return (
      other instanceof Addrinfo &&
      other.family === this.family &&
      other.type === this.type &&
      other.protocol === this.protocol &&
      other.address.equals(this.address)
    )
  }
}
