/** An IPv4 address and port (`sockaddr_in`, ip(7)). */

import { argumentTypeError, argumentValueError, checkInteger } from './argument-error.ts'
import { formatInetText, parseInetText } from './inet-text.ts'
import { parseInet6Text } from './inet6-text.ts'
import { printsAs } from './inspect.ts'

/** An IPv4 address and port. It never changes; {@link inet} makes one. */
export class InetAddress {
  readonly family = 'inet'
  /** The address as dotted text, `127.0.0.1`. */
  readonly host: string
  /** The port, 0 to 65535. */
  readonly port: number
  #packed: Uint8Array | undefined = undefined

  static {
    printsAs(this, (address) => `InetAddress(${address.toString()})`)
  }

  /** Internal: takes what {@link inet} has checked, or the kernel has given. */
  constructor(host: string, port: number) {
    this.host = host
    this.port = port
  }

  /** Internal: the `sockaddr` of this address, kept by the first call that needs it. Lent; never written to. */
  get packed(): Uint8Array | undefined {
    return this.#packed
  }

  set packed(bytes: Uint8Array | undefined) {
    this.#packed = bytes
  }

  /** Whether the other value is the same address and port. */
  equals(other: unknown): boolean {
    return other instanceof InetAddress && other.host === this.host && other.port === this.port
  }

  /** `127.0.0.1:80` */
  toString(): string {
    return `${this.host}:${this.port}`
  }

  toJSON(): { family: 'inet'; host: string; port: number } {
    return { family: this.family, host: this.host, port: this.port }
  }
}

/**
 * An IPv4 address and port. `inet('0.0.0.0', 0)` stands for every interface and a port that the kernel chooses.
 * @param host four decimal numbers with dots between; names need resolving first
 * @throws TypeError when the host is not an IPv4 address, RangeError when the port is not a whole number up to 65535
 */
export function inet(host: string, port: number): InetAddress {
  return new InetAddress(checkHost(host), checkInteger('port', port, 0, 65535))
}

function checkHost(host: unknown): string {
  if (typeof host !== 'string') throw argumentTypeError('host', 'a string', host)
  const bytes = parseInetText(host)
  if (typeof bytes !== 'string') return formatInetText(bytes)
  throw argumentValueError('host', explain(host, bytes), host)
}

function explain(host: string, reason: string): string {
  if (host === '') return "it is empty; write '0.0.0.0' for every interface of this machine"
  if (typeof parseInet6Text(host) !== 'string') return 'it is an IPv6 address; use inet6() and an AF_INET6 socket'
  if (/^[0-9.]+$/.test(host)) return reason
  if (host.includes('%')) return 'a zone belongs to IPv6 addresses only'
  return 'it is not an IPv4 address; a host name needs resolving first'
}
