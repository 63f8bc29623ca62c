/** The network interfaces of this machine: netdevice(7), getifaddrs(3), if_nametoindex(3). */
import { type AnyAddress, type Inet6Address, type InetAddress, PacketAddress } from '../base/address.ts'
import { argumentTypeError, checkInteger } from '../base/argument-error.ts'
import { networkOf, type Prefix } from '../base/prefix.ts'
import { addon } from '../sys/addon.ts'
import type { InterfaceEntry } from '../sys/binding.ts'
import * as constants from '../sys/constants.ts'
import { ifreq } from '../sys/layout.ts'
import { unpackAddress } from '../sys/sockaddr.ts'
import { systemError } from '../sys/system-error.ts'

/** A flag of an interface. */
export type InterfaceFlag =
  | 'up'
  | 'broadcast'
  | 'debug'
  | 'loopback'
  | 'pointToPoint'
  | 'running'
  | 'noArp'
  | 'promiscuous'
  | 'allMulticast'
  | 'master'
  | 'slave'
  | 'multicast'
  | 'portSelect'
  | 'autoMedia'
  | 'dynamic'

/** Each flag of an interface (`IFF_…`, netdevice(7)) with its word. */
const FLAGS: readonly (readonly [flag: number, word: InterfaceFlag])[] = [
  [constants.IFF_UP, 'up'],
  [constants.IFF_BROADCAST, 'broadcast'],
  [constants.IFF_DEBUG, 'debug'],
  [constants.IFF_LOOPBACK, 'loopback'],
  [constants.IFF_POINTOPOINT, 'pointToPoint'],
  [constants.IFF_RUNNING, 'running'],
  [constants.IFF_NOARP, 'noArp'],
  [constants.IFF_PROMISC, 'promiscuous'],
  [constants.IFF_ALLMULTI, 'allMulticast'],
  [constants.IFF_MASTER, 'master'],
  [constants.IFF_SLAVE, 'slave'],
  [constants.IFF_MULTICAST, 'multicast'],
  [constants.IFF_PORTSEL, 'portSelect'],
  [constants.IFF_AUTOMEDIA, 'autoMedia'],
  [constants.IFF_DYNAMIC, 'dynamic'],
]

/** An address that an interface has. */
export interface InterfaceAddress {
  /** With port 0; a link-local one with the interface as its scope. */
  readonly address: InetAddress | Inet6Address
  /** The network that is reached by it. */
  readonly network: Prefix
  /** Where to send to all hosts of the network; undefined where there is none. */
  readonly broadcast: InetAddress | undefined
  /** The other end of a point-to-point link; undefined for other links. */
  readonly destination: InetAddress | Inet6Address | undefined
}

/** A network interface. */
export interface NetworkInterface {
  readonly name: string
  readonly index: number
  readonly flags: readonly InterfaceFlag[]
  /** The longest packet that it takes, in bytes. */
  readonly mtu: number
  /** `02:00:5e:10:00:01`; empty if the device has none. */
  readonly hardwareAddress: string
  /** `ARPHRD_…`: 1 is Ethernet, 772 the loopback. */
  readonly hardwareType: number
  readonly addresses: readonly InterfaceAddress[]
}

/** All network interfaces, with their addresses, in the kernel's order. Throws `SocketError`. See getifaddrs(3). */
export function interfaces(): NetworkInterface[] {
  const entries = addon().getifaddrs()
  if (typeof entries === 'number') throw systemError(entries, 'getifaddrs')
  const found = entries.map(readEntry)
  const mtus = readMtus(found.filter(({ device }) => device !== undefined).map(({ name }) => name))
  return found.flatMap(({ name, flags, device }) => {
    if (device === undefined) return []
    const addresses = found.filter((one) => one.name === name).flatMap(({ address }) => address ?? [])
    const { hardwareAddress, hardwareType } = device
    const mtu = mtus.get(name)
    const known = FLAGS.filter(([flag]) => (flags & flag) !== 0).map(([, word]) => word)
    // One that has gone since the list was made is left out.
    if (mtu === undefined) return []
    return [{ name, index: Number(device.interface), flags: known, mtu, hardwareAddress, hardwareType, addresses }]
  })
}

/** An entry is either a device or an address on one. */
interface Entry {
  readonly name: string
  readonly flags: number
  readonly device: PacketAddress | undefined
  readonly address: InterfaceAddress | undefined
}

function readEntry([label, flags, address, mask, other]: InterfaceEntry): Entry {
  const name = label.split(':', 1)[0] ?? label // an address with a label bears that in place of the device's name
  const own = address === null ? undefined : unpackAddress(address)
  const device = own instanceof PacketAddress ? own : undefined
  if (!isHost(own) || mask === null) return { name, flags, device, address: undefined }
  const far = other === null ? undefined : unpackAddress(other)
  const isLink = (flags & constants.IFF_POINTOPOINT) !== 0
  return {
    name,
    flags,
    device,
    address: {
      address: own,
      network: networkOf(own, prefixLength(mask)),
      broadcast: (flags & constants.IFF_BROADCAST) !== 0 && far?.family === 'inet' ? far : undefined,
      destination: isLink && isHost(far) ? far : undefined,
    },
  }
}

function isHost(address: AnyAddress | undefined): address is InetAddress | Inet6Address {
  return address?.family === 'inet' || address?.family === 'inet6'
}

/** How many bits of a mask are set. */
function prefixLength(mask: Uint8Array): number {
  const address = unpackAddress(mask)
  if (!isHost(address)) return 0
  const { first } = networkOf(address, address.family === 'inet' ? 32 : 128)
  const parts = first.includes(':') ? first.split(':') : first.split('.')
  const radix = first.includes(':') ? 16 : 10
  return parts.reduce((bits, part) => bits + onesIn(Number.parseInt(part || '0', radix)), 0)
}

function onesIn(value: number): number {
  let ones = 0
  for (let rest = value; rest !== 0; rest &= rest - 1) ones++
  return ones
}

/** By SIOCGIFMTU, on a socket that is closed again. */
function readMtus(names: readonly string[]): ReadonlyMap<string, number> {
  const binding = addon()
  const fd = binding.socket(constants.AF_UNIX, constants.SOCK_DGRAM | constants.SOCK_CLOEXEC, 0)
  if (fd < 0) throw systemError(fd, 'socket')
  try {
    const mtus = new Map<string, number>()
    for (const name of names) {
      const request = new Uint8Array(ifreq.size)
      request.set(new TextEncoder().encode(name).subarray(0, constants.IFNAMSIZ - 1), ifreq.ifr_name)
      if (binding.ioctl(fd, constants.SIOCGIFMTU, request) < 0) continue
      mtus.set(name, new Int32Array(request.buffer, ifreq.ifr_mtu, 1)[0]!)
    }
    return mtus
  } finally {
    binding.close(fd)
  }
}

/** The number of the interface that has a name. Throws `SocketError` (ENODEV). See if_nametoindex(3). */
export function if_nametoindex(name: string): number {
  if (typeof name !== 'string') throw argumentTypeError('name', 'a string', name)
  const index = addon().if_nametoindex(name)
  if (index < 0) throw systemError(index, 'if_nametoindex')
  return index
}

/** The name of the interface that has a number. Throws `SocketError` (ENXIO). See if_indextoname(3). */
export function if_indextoname(index: number): string {
  const name = addon().if_indextoname(checkInteger('index', index, 0, 0xffff_ffff))
  if (typeof name === 'number') throw systemError(name, 'if_indextoname')
  return name
}

/** The numbers and names of all interfaces. Throws `SocketError`. See if_nameindex(3). */
export function if_nameindex(): [index: number, name: string][] {
  return interfaces().map(({ index, name }) => [index, name])
}
