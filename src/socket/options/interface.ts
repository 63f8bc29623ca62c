/** Network interfaces in options: by number, by name, and as the address of a host on one. */
import { argumentTypeError, argumentValueError, checkInteger } from '../../base/argument-error.ts'
import { formatInetText, parseInetText } from '../../base/inet-text.ts'
import { parseInet6Text } from '../../base/inet6-text.ts'
import { IFNAMSIZ } from '../../sys/constants.ts'
import { in6_pktinfo, ip6_mtuinfo, ip_mreqn } from '../../sys/layout.ts'
import { interfaceNumber } from '../../sys/sockaddr.ts'
import { integer, nameWithin } from './codec.ts'
import type { Codec } from './option.ts'
import { blank, LITTLE_ENDIAN, neverWritten, viewOf } from './structure.ts'

const INET_BYTES = 4

/** The number of an interface that is given by number, or by name; 0 stands for none, or for the kernel's choice. */
export function toInterfaceNumber(value: number | string, name: string): number {
  if (typeof value === 'string') return interfaceNumber(value)
  if (typeof value !== 'number') throw argumentTypeError(name, 'the name or the number of an interface', value)
  return checkInteger(name, value, 0, 0x7fffffff)
}

/** The bytes of an IPv4 address that is given as text. */
export function toInetBytes(host: string, name: string): Uint8Array {
  return checkedHost(typeof host === 'string' ? parseInetText(host) : 'it is no text', 'IPv4', host, name)
}

/** The bytes of an IPv6 address that is given as text, without a zone. */
export function toInet6Bytes(host: string, name: string): Uint8Array {
  return checkedHost(typeof host === 'string' ? parseInet6Text(host) : 'it is no text', 'IPv6', host, name)
}

function checkedHost(parsed: Uint8Array | string, kind: string, host: unknown, name: string): Uint8Array {
  if (typeof parsed !== 'string') return parsed
  if (typeof host !== 'string') throw argumentTypeError(name, `an ${kind} address as text`, host)
  throw argumentValueError(name, `it is no ${kind} address`, host)
}

/** Fields of a value that is an object; anything else is refused. */
export function checkObject(value: unknown, expected: string, name: string): void {
  if (typeof value !== 'object' || value === null) throw argumentTypeError(name, expected, value)
}

/** An interface by number; set by name as well. */
export const interfaceIndex: Codec<number, number | string> = {
  byteLength: 4,
  read: integer.read,
  write: (value, name) => integer.write(toInterfaceNumber(value, name), name),
}

/** The same where the kernel wants it in network order: IP_UNICAST_IF and IPV6_UNICAST_IF. */
export const networkOrderInterface: Codec<number, number | string> = {
  byteLength: 4,
  read: (bytes) => viewOf(bytes, 4).getUint32(0),
  write: (value, name) => {
    const { bytes, view } = blank(4)
    view.setUint32(0, toInterfaceNumber(value, name))
    return bytes
  },
}

/** An interface by name; empty for none. */
export const interfaceName: Codec<string> = nameWithin(IFNAMSIZ)

/** The interface that multicast leaves by: its address, or its name or number, or both. */
export interface MulticastInterface {
  readonly interface?: number | string
  readonly address?: string
}

/** `struct ip_mreqn` to set; the kernel answers with the address alone, and `0.0.0.0` if it was set by number. */
export const multicastInterface: Codec<string, MulticastInterface> = {
  byteLength: INET_BYTES,
  read: (bytes) => {
    const view = viewOf(bytes, INET_BYTES)
    return formatInetText(new Uint8Array(view.buffer, view.byteOffset, INET_BYTES))
  },
  write: (value, name) => {
    checkObject(value, "an object as { interface: 'eth0' } or { address: '192.0.2.1' }", name)
    const { bytes, view } = blank(ip_mreqn.size)
    bytes.set(toInetBytes(value.address ?? '0.0.0.0', `${name}.address`), ip_mreqn.imr_address)
    const index = toInterfaceNumber(value.interface ?? 0, `${name}.interface`)
    view.setInt32(ip_mreqn.imr_ifindex, index, LITTLE_ENDIAN)
    return bytes
  },
}

/** What datagrams are sent from: an address of this host, an interface by name or number, or both. */
export interface PacketInfo {
  readonly address?: string
  readonly interface?: number | string
}

/** `struct in6_pktinfo` (RFC 3542, section 6). */
export const inet6PacketInfo: Codec<never, PacketInfo> = {
  byteLength: 0,
  read: () => undefined as never,
  write: (value, name) => {
    checkObject(value, "an object as { address: '2001:db8::1', interface: 'eth0' }", name)
    const { bytes, view } = blank(in6_pktinfo.size)
    bytes.set(toInet6Bytes(value.address ?? '::', `${name}.address`), in6_pktinfo.ipi6_addr)
    const index = toInterfaceNumber(value.interface ?? 0, `${name}.interface`)
    view.setUint32(in6_pktinfo.ipi6_ifindex, index, LITTLE_ENDIAN)
    return bytes
  },
}

/** `struct ip6_mtuinfo` (RFC 3542, section 11.4): the MTU alone, since the address is the peer's. */
export const pathMtu: Codec<number, never> = {
  byteLength: ip6_mtuinfo.size,
  read: (bytes) => viewOf(bytes, ip6_mtuinfo.size).getUint32(ip6_mtuinfo.ip6m_mtu, LITTLE_ENDIAN),
  write: neverWritten,
}
