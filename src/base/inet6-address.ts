/**
 * An IPv6 address, port, scope and flow information (`sockaddr_in6`, ipv6(7)).
 *
 * The scope says which interface a link-local address belongs to (RFC 4007). It is an interface's name or number;
 * names are looked up when the address is first packed, so the address itself needs no system call. A zone that is
 * all digits is a number, as with `getaddrinfo(3)`.
 */

import { argumentRangeError, argumentTypeError, argumentValueError, checkInteger } from './argument-error.ts'
import { parseInetText } from './inet-text.ts'
import { formatInet6Text, parseInet6Text } from './inet6-text.ts'
import { printsAs } from './inspect.ts'

const MAX_UINT32 = 0xffff_ffff

/** The parts of an IPv6 socket address that most programs leave out. */
export interface Inet6Options {
  /** The interface, by name or number, that a link-local address belongs to; 0 (the default) is none. */
  readonly scope?: number | string
  /** `sin6_flowinfo`: the traffic class and the 20 bits of flow label, 0 by default. */
  readonly flowInfo?: number
}

/** An IPv6 address and port. It never changes; {@link inet6} makes one. */
export class Inet6Address {
  readonly family = 'inet6'
  /** The address without its zone, in RFC 5952's form: `fe80::1`. */
  readonly host: string
  /** The port, 0 to 65535. */
  readonly port: number
  /** The interface's name or number; 0 when there is none. */
  readonly scope: number | string
  /** `sin6_flowinfo` as a number; 0 when unused. It is not part of the text. */
  readonly flowInfo: number
  #packed: Uint8Array | undefined = undefined

  static {
    printsAs(this, (address) => {
      const flow = address.flowInfo === 0 ? '' : `, flowInfo 0x${address.flowInfo.toString(16)}`
      return `Inet6Address(${address.toString()}${flow})`
    })
  }

  /** Internal: takes what {@link inet6} has checked, or the kernel has given. */
  constructor(host: string, port: number, scope: number | string, flowInfo: number) {
    this.host = host
    this.port = port
    this.scope = scope
    this.flowInfo = flowInfo
  }

  /** Internal: the `sockaddr` of this address, kept by the first call that needs it. Lent; never written to. */
  get packed(): Uint8Array | undefined {
    return this.#packed
  }

  set packed(bytes: Uint8Array | undefined) {
    this.#packed = bytes
  }

  /** The host with its zone, if it has one, as Node writes it: `fe80::1%eth0`. */
  get zonedHost(): string {
    return this.scope === 0 ? this.host : `${this.host}%${this.scope}`
  }

  /** Whether the other value is the same in every part. A scope's name and its number count as different. */
  equals(other: unknown): boolean {
    return (
      other instanceof Inet6Address &&
      other.host === this.host &&
      other.port === this.port &&
      other.scope === this.scope &&
      other.flowInfo === this.flowInfo
    )
  }

  /** `[::1]:80`, `[fe80::1%eth0]:80` */
  toString(): string {
    return `[${this.zonedHost}]:${this.port}`
  }

  toJSON(): { family: 'inet6'; host: string; port: number; scope: number | string; flowInfo: number } {
    return { family: this.family, host: this.host, port: this.port, scope: this.scope, flowInfo: this.flowInfo }
  }
}

/**
 * An IPv6 address and port. `inet6('::', 0)` stands for every interface and a port that the kernel chooses.
 * @param host an IPv6 address, with or without a zone (`fe80::1%eth0`); no brackets; names need resolving first
 * @throws TypeError when the host is not an IPv6 address, or the scope no name or number;
 *   RangeError when a number is out of its range
 */
export function inet6(host: string, port: number, options: Inet6Options = {}): Inet6Address {
  if (typeof host !== 'string') throw argumentTypeError('host', 'a string', host)
  if (typeof options !== 'object' || options === null) throw argumentTypeError('options', 'an object', options)
  const percent = host.indexOf('%')
  const canonical = checkHost(percent < 0 ? host : host.slice(0, percent), host)
  const zone = percent < 0 ? undefined : readScope('host', host.slice(percent + 1), host)
  return new Inet6Address(
    canonical,
    checkInteger('port', port, 0, 65535),
    mergeScope(zone, options.scope),
    checkInteger('options.flowInfo', options.flowInfo ?? 0, 0, MAX_UINT32),
  )
}

function checkHost(address: string, got: string): string {
  const bytes = parseInet6Text(address)
  if (typeof bytes !== 'string') return formatInet6Text(bytes)
  throw argumentValueError('host', explain(address, bytes), got)
}

function explain(address: string, reason: string): string {
  if (address === '') return "it has no address; write '::' for every interface of this machine"
  if (typeof parseInetText(address) !== 'string') {
    return `it is an IPv4 address; use inet() and an AF_INET socket, or write '::ffff:${address}'`
  }
  if (address.startsWith('[')) return 'it has brackets, which belong to the form with a port that parseEndpoint() reads'
  if (!address.includes(':')) return 'it is not an IPv6 address; a host name needs resolving first'
  return reason
}

/** An interface's name or number from text. Names hold what Linux allows (`dev_valid_name`) and brackets do not end. */
function readScope(name: string, zone: string, got: unknown): number | string {
  if (zone === '') throw argumentValueError(name, 'the zone is empty; write the name or number of an interface', got)
  if (/^[0-9]+$/.test(zone)) {
    const index = Number(zone)
    if (index > MAX_UINT32) throw argumentRangeError(name, `a zone of at most ${MAX_UINT32}`, got)
    return index
  }
  if (/[\s/:%[\]\p{Cc}\p{Surrogate}]/u.test(zone)) {
    throw argumentValueError(name, 'the zone is not the name of an interface', got)
  }
  return zone
}

function mergeScope(zone: number | string | undefined, option: unknown): number | string {
  if (option === undefined) return zone ?? 0
  const scope =
    typeof option === 'string'
      ? readScope('options.scope', option, option)
      : typeof option === 'number'
        ? checkInteger('options.scope', option, 0, MAX_UINT32)
        : undefined
  if (scope === undefined) throw argumentTypeError('options.scope', "an interface's name or number", option)
  if (zone !== undefined && zone !== scope) {
    throw argumentValueError('options.scope', `the host already names another zone, '${zone}'`, option)
  }
  return scope
}
