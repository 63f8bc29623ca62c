/**
 * Addresses as the kernel takes and gives them: `struct sockaddr_in`, `sockaddr_in6`, `sockaddr_un`, `sockaddr_ll`,
 * `sockaddr_nl` and `sockaddr_vm` (ip(7), ipv6(7), unix(7), packet(7), netlink(7), vsock(7)).
 *
 * Ports of the internet, `sin6_flowinfo` and `sll_protocol` are in network order, all else in the machine's own. A Unix
 * address's length matters: with nothing after the family the socket is unnamed; if a NUL comes first, all the rest is
 * an abstract name, NULs included; else a path, up to its NUL. Linux accepts a path that fills `sun_path` without a
 * NUL, and then gives a length one greater than the structure.
 */

import {
  type Address,
  type AnyAddress,
  Inet6Address,
  InetAddress,
  isAddress,
  NetlinkAddress,
  OtherAddress,
  PacketAddress,
  UnixAddress,
  VsockAddress,
} from '../base/address.ts'
import { argumentRangeError, argumentTypeError, argumentValueError, checkInteger } from '../base/argument-error.ts'
import { SocketError } from '../base/errors.ts'
import { formatInetText, parseInetText } from '../base/inet-text.ts'
import { formatInet6Text, parseInet6Text } from '../base/inet6-text.ts'
import { formatHardwareAddress, parseHardwareAddress } from '../base/packet-address.ts'
import { AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_UNIX, AF_VSOCK, ENODEV } from './constants.ts'
import {
  sockaddr_in,
  sockaddr_in6,
  sockaddr_ll,
  sockaddr_nl,
  sockaddr_storage,
  sockaddr_un,
  sockaddr_vm,
} from './layout.ts'

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1
const FAMILY_BYTES = 2

/** Gives the number of the interface with a name, or a value below 1 when there is none (`if_nametoindex(3)`). */
export type InterfaceIndex = (name: string) => number

let interfaceIndex: InterfaceIndex | undefined

/** Says how names of interfaces are looked up. Until then an address whose scope is a name cannot be packed. */
export function lookUpInterfacesWith(lookUp: InterfaceIndex): void {
  interfaceIndex = lookUp
}

/**
 * The number of an interface that is given by its name or its number.
 * @throws SocketError ENODEV when no interface has the name
 */
export function interfaceNumber(scope: number | string): number {
  return typeof scope === 'number' ? scope : indexOfName(scope, undefined)
}

/**
 * The `sockaddr` of an address, which the address keeps, so that the next call returns the same bytes. They are lent:
 * nobody may write to them. A scope that is a name is looked up now, and not again for this address.
 * @throws SocketError ENODEV when no interface has the scope's name; TypeError when the value is not an address
 */
export function packAddress(address: AnyAddress): Uint8Array {
  // A caller without types may pass anything, null too.
  return (address as AnyAddress | null | undefined)?.packed ?? packAnew(address)
}

function packAnew(address: unknown): Uint8Array {
  if (!isAddress(address)) {
    throw argumentTypeError('address', 'an address, which inet(), inet6(), unix() or parseEndpoint() makes', address)
  }
  return (address.packed = packFamily(address))
}

function packFamily(address: Address): Uint8Array {
  switch (address.family) {
    case 'inet':
      return packInet(address)
    case 'inet6':
      return packInet6(address)
    case 'unix':
      return packUnix(address)
    case 'packet':
      return packPacket(address)
    case 'netlink':
      return packNetlink(address)
    case 'vsock':
      return packVsock(address)
  }
}

/**
 * The address in a `sockaddr` that the kernel wrote, copied out of it. A family that is not known here gives an
 * {@link OtherAddress}. A length of 0, which the kernel gives when there is no address (a datagram from an unnamed
 * Unix socket, a message on a connection), is for the caller to tell before.
 * @param bytes where the `sockaddr` lies, at `offset`
 * @param length its length as the kernel gave it
 * @throws TypeError or RangeError when it is cut off, or shorter or longer than its family has it
 */
export function unpackAddress(bytes: Uint8Array, offset = 0, length: number = bytes.length - offset): AnyAddress {
  if (!(bytes instanceof Uint8Array)) throw argumentTypeError('bytes', 'a Uint8Array', bytes)
  checkInteger('offset', offset, 0, bytes.length)
  checkInteger('length', length, 0, bytes.length - offset)
  checkLength('a socket address', length, FAMILY_BYTES, Number.POSITIVE_INFINITY)
  const family = readHost16(bytes, offset + sockaddr_storage.ss_family)
  switch (family) {
    case AF_INET:
      return unpackInet(bytes, offset, length)
    case AF_INET6:
      return unpackInet6(bytes, offset, length)
    case AF_UNIX:
      return unpackUnix(bytes.subarray(offset, offset + length))
    case AF_PACKET:
      return unpackPacket(bytes.subarray(offset, offset + length))
    case AF_NETLINK:
      return unpackNetlink(bytes.subarray(offset, offset + length))
    case AF_VSOCK:
      return unpackVsock(bytes.subarray(offset, offset + length))
    default:
      return new OtherAddress(family, bytes.subarray(offset, offset + length))
  }
}

/**
 * The family's number (`AF_…`) in a `sockaddr`, whatever the rest of it is.
 * @throws TypeError or RangeError when it is too short to have one
 */
export function sockaddrFamily(bytes: Uint8Array): number {
  if (!(bytes instanceof Uint8Array)) throw argumentTypeError('bytes', 'a Uint8Array', bytes)
  checkLength('a socket address', bytes.length, FAMILY_BYTES, Number.POSITIVE_INFINITY)
  return readHost16(bytes, sockaddr_storage.ss_family)
}

function packInet(address: InetAddress): Uint8Array {
  const { bytes, view } = blank(sockaddr_in.size, AF_INET)
  view.setUint16(sockaddr_in.sin_port, address.port)
  bytes.set(textBytes(parseInetText(address.host)), sockaddr_in.sin_addr)
  return bytes
}

function packInet6(address: Inet6Address): Uint8Array {
  const { bytes, view } = blank(sockaddr_in6.size, AF_INET6)
  view.setUint16(sockaddr_in6.sin6_port, address.port)
  view.setUint32(sockaddr_in6.sin6_flowinfo, address.flowInfo)
  bytes.set(textBytes(parseInet6Text(address.host)), sockaddr_in6.sin6_addr)
  view.setUint32(sockaddr_in6.sin6_scope_id, scopeIndex(address), LITTLE_ENDIAN)
  return bytes
}

function packUnix(address: UnixAddress): Uint8Array {
  const { name, kind } = address
  const start = sockaddr_un.sun_path + (kind === 'abstract' ? 1 : 0)
  // A path has a NUL behind it, but for one that another program made as long as the structure.
  const end = kind === 'path' ? Math.min(start + name.length + 1, sockaddr_un.size) : start + name.length
  const { bytes } = blank(end, AF_UNIX)
  bytes.set(name, start)
  return bytes
}

function unpackInet(bytes: Uint8Array, offset: number, length: number): InetAddress {
  checkLength('an IPv4 address', length, sockaddr_in.size, sockaddr_storage.size)
  const host = formatInetText(bytes, offset + sockaddr_in.sin_addr)
  return new InetAddress(host, readNet16(bytes, offset + sockaddr_in.sin_port))
}

function unpackInet6(bytes: Uint8Array, offset: number, length: number): Inet6Address {
  checkLength('an IPv6 address', length, sockaddr_in6.size, sockaddr_storage.size)
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, length)
  return new Inet6Address(
    formatInet6Text(bytes, offset + sockaddr_in6.sin6_addr),
    view.getUint16(sockaddr_in6.sin6_port),
    view.getUint32(sockaddr_in6.sin6_scope_id, LITTLE_ENDIAN),
    view.getUint32(sockaddr_in6.sin6_flowinfo),
  )
}

function unpackUnix(bytes: Uint8Array): UnixAddress {
  checkLength('a Unix address', bytes.length, sockaddr_un.sun_path, sockaddr_storage.size)
  const name = bytes.subarray(sockaddr_un.sun_path)
  if (name.length === 0) return new UnixAddress('unnamed', new Uint8Array(0))
  const longest = sockaddr_un.size - sockaddr_un.sun_path
  const end = name.indexOf(0)
  if (end === 0) {
    checkLength('an abstract Unix address', bytes.length, sockaddr_un.sun_path, sockaddr_un.size)
    return new UnixAddress('abstract', name.slice(1))
  }
  const path = name.slice(0, end < 0 ? name.length : end)
  if (path.length > longest)
    throw argumentRangeError('length', `that of a path of at most ${longest} bytes`, bytes.length)
  return new UnixAddress('path', path)
}

function packPacket(address: PacketAddress): Uint8Array {
  const hardware = parseHardwareAddress(address.hardwareAddress)
  const { bytes, view } = blank(Math.max(sockaddr_ll.size, sockaddr_ll.sll_addr + hardware.length), AF_PACKET)
  view.setUint16(sockaddr_ll.sll_protocol, address.protocol)
  view.setInt32(sockaddr_ll.sll_ifindex, interfaceNumber(address.interface), LITTLE_ENDIAN)
  view.setUint16(sockaddr_ll.sll_hatype, address.hardwareType, LITTLE_ENDIAN)
  bytes[sockaddr_ll.sll_pkttype] = address.packetType
  bytes[sockaddr_ll.sll_halen] = hardware.length
  bytes.set(hardware, sockaddr_ll.sll_addr)
  return bytes
}

function unpackPacket(bytes: Uint8Array): PacketAddress {
  // The kernel may stop behind the hardware address, and goes on past the structure for a long one (packet(7)).
  checkLength('a packet address', bytes.length, sockaddr_ll.sll_addr, sockaddr_storage.size)
  const view = viewOf(bytes)
  const length = bytes[sockaddr_ll.sll_halen] ?? 0
  return new PacketAddress({
    protocol: view.getUint16(sockaddr_ll.sll_protocol),
    interface: view.getInt32(sockaddr_ll.sll_ifindex, LITTLE_ENDIAN),
    hardwareAddress: formatHardwareAddress(bytes.subarray(sockaddr_ll.sll_addr, sockaddr_ll.sll_addr + length)),
    hardwareType: view.getUint16(sockaddr_ll.sll_hatype, LITTLE_ENDIAN),
    packetType: bytes[sockaddr_ll.sll_pkttype] ?? 0,
  })
}

function packNetlink(address: NetlinkAddress): Uint8Array {
  const { bytes, view } = blank(sockaddr_nl.size, AF_NETLINK)
  view.setUint32(sockaddr_nl.nl_pid, address.portId, LITTLE_ENDIAN)
  view.setUint32(sockaddr_nl.nl_groups, address.groups, LITTLE_ENDIAN)
  return bytes
}

function unpackNetlink(bytes: Uint8Array): NetlinkAddress {
  checkLength('a netlink address', bytes.length, sockaddr_nl.size, sockaddr_storage.size)
  const view = viewOf(bytes)
  return new NetlinkAddress(
    view.getUint32(sockaddr_nl.nl_pid, LITTLE_ENDIAN),
    view.getUint32(sockaddr_nl.nl_groups, LITTLE_ENDIAN),
  )
}

function packVsock(address: VsockAddress): Uint8Array {
  const { bytes, view } = blank(sockaddr_vm.size, AF_VSOCK)
  view.setUint32(sockaddr_vm.svm_port, address.port, LITTLE_ENDIAN)
  view.setUint32(sockaddr_vm.svm_cid, address.contextId, LITTLE_ENDIAN)
  bytes[sockaddr_vm.svm_flags] = address.flags
  return bytes
}

function unpackVsock(bytes: Uint8Array): VsockAddress {
  checkLength('a vsock address', bytes.length, sockaddr_vm.size, sockaddr_storage.size)
  const view = viewOf(bytes)
  return new VsockAddress(
    view.getUint32(sockaddr_vm.svm_cid, LITTLE_ENDIAN),
    view.getUint32(sockaddr_vm.svm_port, LITTLE_ENDIAN),
    bytes[sockaddr_vm.svm_flags] ?? 0,
  )
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

function readNet16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}

function readHost16(bytes: Uint8Array, at: number): number {
  const value = readNet16(bytes, at)
  return LITTLE_ENDIAN ? ((value & 0xff) << 8) | (value >> 8) : value
}

/** Room for a `sockaddr`, all zero but for its family. */
function blank(size: number, family: number): { bytes: Uint8Array; view: DataView } {
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  view.setUint16(sockaddr_storage.ss_family, family, LITTLE_ENDIAN)
  return { bytes, view }
}

/** An address's own host always parses; a reason instead of bytes would be a fault of this library. */
function textBytes(parsed: Uint8Array | string): Uint8Array {
  if (typeof parsed === 'string') throw argumentValueError('address', parsed, undefined)
  return parsed
}

function scopeIndex(address: Inet6Address): number {
  return typeof address.scope === 'number' ? address.scope : indexOfName(address.scope, address)
}

function indexOfName(name: string, address: Inet6Address | undefined): number {
  if (interfaceIndex === undefined) {
    throw argumentValueError('scope', 'names of interfaces need the addon; write the number of the interface', name)
  }
  const index = interfaceIndex(name)
  if (index < 1) throw new SocketError({ code: 'ENODEV', errno: ENODEV, syscall: 'if_nametoindex', address })
  return index
}

function checkLength(what: string, length: number, least: number, most: number): void {
  if (length < least || length > most) {
    const range = most === Number.POSITIVE_INFINITY ? `at least ${least}` : `${least} to ${most}`
    throw argumentRangeError('length', `that of ${what}, ${range} bytes`, length)
  }
}
