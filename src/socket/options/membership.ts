/**
 * Multicast groups: joining and leaving, and filters of sources (RFC 3376, RFC 3678; ip(7), ipv6(7)). The structures of
 * RFC 3678 take addresses of either family, and the option's level is that of the group's.
 */
import { argumentRangeError, argumentTypeError, argumentValueError } from '../../base/argument-error.ts'
import { inet } from '../../base/inet-address.ts'
import { inet6 } from '../../base/inet6-address.ts'
import { parseInetText } from '../../base/inet-text.ts'
import { IPPROTO_IP, IPPROTO_IPV6, MCAST_EXCLUDE, MCAST_INCLUDE } from '../../sys/constants.ts'
import {
  group_filter,
  group_req,
  group_source_req,
  ip_mreq_source,
  ip_mreqn,
  ip_msfilter,
  ipv6_mreq,
  sockaddr_storage,
} from '../../sys/layout.ts'
import { packAddress } from '../../sys/sockaddr.ts'
import { checkObject, toInet6Bytes, toInetBytes, toInterfaceNumber } from './interface.ts'
import type { Codec } from './option.ts'
import { blank, LITTLE_ENDIAN } from './structure.ts'

/** A group, and the interface that it is joined on, by name or number; the kernel chooses one if it is left out. */
export interface GroupMembership {
  readonly group: string
  readonly interface?: number | string
}

/** An IPv4 group; the interface may be given by an address of this host on it, too. */
export interface InetMembership extends GroupMembership {
  readonly address?: string
}

/** What one source sends to a group. */
export interface SourceMembership extends GroupMembership {
  readonly source: string
}

/** What one source sends to an IPv4 group; the interface is given by an address of this host on it. */
export interface InetSourceMembership {
  readonly group: string
  readonly source: string
  readonly address?: string
}

/** Sources of a joined group: those that alone are received, or those that are not. */
export interface SourceFilter extends GroupMembership {
  readonly mode: 'include' | 'exclude'
  readonly sources: readonly string[]
}

/** The same for an IPv4 group, with the interface given by an address of this host on it. */
export interface InetSourceFilter {
  readonly group: string
  readonly address?: string
  readonly mode: 'include' | 'exclude'
  readonly sources: readonly string[]
}

/** More sources than any `optmem_max` has room for. */
const MOST_SOURCES = 4096

function toSet<Settable>(write: Codec<never, Settable>['write']): Codec<never, Settable> {
  return { byteLength: 0, read: () => undefined as never, write }
}

/** `struct ip_mreqn` */
export const inetMembership: Codec<never, InetMembership> = toSet((value, name) => {
  checkObject(value, "an object as { group: '239.1.2.3', interface: 'eth0' }", name)
  const { bytes, view } = blank(ip_mreqn.size)
  bytes.set(toInetBytes(value.group, `${name}.group`), ip_mreqn.imr_multiaddr)
  bytes.set(toInetBytes(value.address ?? '0.0.0.0', `${name}.address`), ip_mreqn.imr_address)
  const index = toInterfaceNumber(value.interface ?? 0, `${name}.interface`)
  view.setInt32(ip_mreqn.imr_ifindex, index, LITTLE_ENDIAN)
  return bytes
})

/** `struct ip_mreq_source` */
export const inetSourceMembership: Codec<never, InetSourceMembership> = toSet((value, name) => {
  checkObject(value, "an object as { group: '232.1.2.3', source: '192.0.2.1' }", name)
  const { bytes } = blank(ip_mreq_source.size)
  bytes.set(toInetBytes(value.group, `${name}.group`), ip_mreq_source.imr_multiaddr)
  bytes.set(toInetBytes(value.source, `${name}.source`), ip_mreq_source.imr_sourceaddr)
  bytes.set(toInetBytes(value.address ?? '0.0.0.0', `${name}.address`), ip_mreq_source.imr_interface)
  return bytes
})

/** `struct ipv6_mreq`; anycast groups have the same */
export const inet6Membership: Codec<never, GroupMembership> = toSet((value, name) => {
  checkObject(value, "an object as { group: 'ff02::1:2', interface: 'eth0' }", name)
  const { bytes, view } = blank(ipv6_mreq.size)
  bytes.set(toInet6Bytes(value.group, `${name}.group`), ipv6_mreq.ipv6mr_multiaddr)
  const index = toInterfaceNumber(value.interface ?? 0, `${name}.interface`)
  view.setUint32(ipv6_mreq.ipv6mr_interface, index, LITTLE_ENDIAN)
  return bytes
})

/** `struct group_req` */
export const groupMembership: Codec<never, GroupMembership> = toSet((value, name) => {
  checkObject(value, "an object as { group: 'ff02::1:2', interface: 'eth0' }", name)
  const { bytes, view } = blank(group_req.size)
  view.setUint32(group_req.gr_interface, toInterfaceNumber(value.interface ?? 0, `${name}.interface`), LITTLE_ENDIAN)
  bytes.set(sockaddr(value.group, `${name}.group`), group_req.gr_group)
  return bytes
})

/** `struct group_source_req` */
export const sourceMembership: Codec<never, SourceMembership> = toSet((value, name) => {
  checkObject(value, "an object as { group: 'ff3e::1', source: '2001:db8::1', interface: 'eth0' }", name)
  const { bytes, view } = blank(group_source_req.size)
  const index = toInterfaceNumber(value.interface ?? 0, `${name}.interface`)
  view.setUint32(group_source_req.gsr_interface, index, LITTLE_ENDIAN)
  bytes.set(sockaddr(value.group, `${name}.group`), group_source_req.gsr_group)
  bytes.set(sockaddr(value.source, `${name}.source`), group_source_req.gsr_source)
  return bytes
})

/** `struct ip_msfilter` */
export const inetSourceFilter: Codec<never, InetSourceFilter> = toSet((value, name) => {
  checkFilter(value, name)
  const { bytes, view } = blank(ip_msfilter.imsf_slist + value.sources.length * 4)
  bytes.set(toInetBytes(value.group, `${name}.group`), ip_msfilter.imsf_multiaddr)
  bytes.set(toInetBytes(value.address ?? '0.0.0.0', `${name}.address`), ip_msfilter.imsf_interface)
  view.setUint32(ip_msfilter.imsf_fmode, modeNumber(value.mode), LITTLE_ENDIAN)
  view.setUint32(ip_msfilter.imsf_numsrc, value.sources.length, LITTLE_ENDIAN)
  for (const [index, source] of value.sources.entries()) {
    bytes.set(toInetBytes(source, `${name}.sources[${index}]`), ip_msfilter.imsf_slist + index * 4)
  }
  // The kernel takes nothing that is shorter than the structure with one source.
  return bytes.length >= ip_msfilter.size ? bytes : padded(bytes, ip_msfilter.size)
})

/** `struct group_filter` */
export const sourceFilter: Codec<never, SourceFilter> = toSet((value, name) => {
  checkFilter(value, name)
  const { bytes, view } = blank(group_filter.gf_slist + value.sources.length * sockaddr_storage.size)
  const index = toInterfaceNumber(value.interface ?? 0, `${name}.interface`)
  view.setUint32(group_filter.gf_interface, index, LITTLE_ENDIAN)
  bytes.set(sockaddr(value.group, `${name}.group`), group_filter.gf_group)
  view.setUint32(group_filter.gf_fmode, modeNumber(value.mode), LITTLE_ENDIAN)
  view.setUint32(group_filter.gf_numsrc, value.sources.length, LITTLE_ENDIAN)
  for (const [at, source] of value.sources.entries()) {
    const offset = group_filter.gf_slist + at * sockaddr_storage.size
    bytes.set(sockaddr(source, `${name}.sources[${at}]`), offset)
  }
  return bytes.length >= group_filter.size ? bytes : padded(bytes, group_filter.size)
})

/** The level of an option that is IPv4's or IPv6's by the group that it is about. */
export function levelOfGroup({ group }: { readonly group: string }): number {
  return group.includes(':') ? IPPROTO_IPV6 : IPPROTO_IP
}

function padded(bytes: Uint8Array, size: number): Uint8Array {
  const longer = new Uint8Array(size)
  longer.set(bytes)
  return longer
}

function modeNumber(mode: SourceFilter['mode']): number {
  return mode === 'include' ? MCAST_INCLUDE : MCAST_EXCLUDE
}

function checkFilter(value: InetSourceFilter | SourceFilter, name: string): void {
  checkObject(value, "an object as { group: '232.1.2.3', mode: 'include', sources: ['192.0.2.1'] }", name)
  const { mode, sources } = value
  if (mode !== 'include' && mode !== 'exclude') {
    throw argumentValueError(`${name}.mode`, "it must be 'include' or 'exclude'", mode)
  }
  if (!Array.isArray(sources)) throw argumentTypeError(`${name}.sources`, 'an array of addresses as text', sources)
  if (sources.length > MOST_SOURCES) {
    throw argumentRangeError(`${name}.sources.length`, `<= ${MOST_SOURCES}`, sources.length)
  }
}

/** An address without a port, as the structures of RFC 3678 have it. */
function sockaddr(host: string, name: string): Uint8Array {
  if (typeof host !== 'string') throw argumentTypeError(name, 'an IPv4 or IPv6 address as text', host)
  if (typeof parseInetText(host) !== 'string') return packAddress(inet(host, 0))
  toInet6Bytes(host, name)
  return packAddress(inet6(host, 0))
}
