/** The addresses of sockets: immutable values of each family, and their text. */

import { InetAddress } from './inet-address.ts'
import { Inet6Address } from './inet6-address.ts'
import { NetlinkAddress } from './netlink-address.ts'
import type { OtherAddress } from './other-address.ts'
import { PacketAddress } from './packet-address.ts'
import { UnixAddress } from './unix-address.ts'
import { VsockAddress } from './vsock-address.ts'

export { formatEndpoint, parseEndpoint } from './endpoint-text.ts'
export { inet, InetAddress } from './inet-address.ts'
export { inet6, Inet6Address, type Inet6Options } from './inet6-address.ts'
export { netlink, NetlinkAddress } from './netlink-address.ts'
export { OtherAddress } from './other-address.ts'
export { packet, PacketAddress, type PacketParts } from './packet-address.ts'
export { abstract, unix, UnixAddress, type UnixKind, unnamed } from './unix-address.ts'
export { vsock, VsockAddress } from './vsock-address.ts'

/** An address to bind, connect or send to; `family` tells which. */
export type Address = InetAddress | Inet6Address | UnixAddress | PacketAddress | NetlinkAddress | VsockAddress

/** An address that has a text as an endpoint: what `parseEndpoint` gives, and `formatEndpoint` takes. */
export type EndpointAddress = InetAddress | Inet6Address | UnixAddress

/** What the kernel may tell as an address: one that this library knows, or another family's bytes. */
export type AnyAddress = Address | OtherAddress

/** Whether a value is an address of one of the known families. */
export function isAddress(value: unknown): value is Address {
  return (
    value instanceof InetAddress ||
    value instanceof Inet6Address ||
    value instanceof UnixAddress ||
    value instanceof PacketAddress ||
    value instanceof NetlinkAddress ||
    value instanceof VsockAddress
  )
}
