/** The addresses of sockets: immutable values of three families, and their text. */

import { InetAddress } from './inet-address.ts'
import { Inet6Address } from './inet6-address.ts'
import type { OtherAddress } from './other-address.ts'
import { UnixAddress } from './unix-address.ts'

export { formatEndpoint, parseEndpoint } from './endpoint-text.ts'
export { inet, InetAddress } from './inet-address.ts'
export { inet6, Inet6Address, type Inet6Options } from './inet6-address.ts'
export { OtherAddress } from './other-address.ts'
export { abstract, unix, UnixAddress, type UnixKind, unnamed } from './unix-address.ts'

/** An address to bind, connect or send to; `family` tells which. */
export type Address = InetAddress | Inet6Address | UnixAddress

/** What the kernel may tell as an address: one that this library knows, or another family's bytes. */
export type AnyAddress = Address | OtherAddress

/** Whether a value is an address of one of the known families. */
export function isAddress(value: unknown): value is Address {
  return value instanceof InetAddress || value instanceof Inet6Address || value instanceof UnixAddress
}
