// Random addresses of each family, for properties.
import * as fc from 'fast-check'
import {
  abstract,
  type EndpointAddress,
  inet,
  inet6,
  type Inet6Address,
  type InetAddress,
  unix,
  type UnixAddress,
  unnamed,
} from '../../src/base/address.ts'
import { formatInetText } from '../../src/base/inet-text.ts'
import { formatInet6Text } from '../../src/base/inet6-text.ts'

const port = fc.oneof(fc.constantFrom(0, 1, 80, 255, 256, 65_535), fc.integer({ min: 0, max: 65_535 }))
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff })

export const inetAddresses: fc.Arbitrary<InetAddress> = fc
  .tuple(fc.uint8Array({ minLength: 4, maxLength: 4 }), port)
  .map(([bytes, number]) => inet(formatInetText(bytes), number))

/** Without flow information, which has no text. Half have no scope, and the scopes are numbers. */
export const inet6Addresses: fc.Arbitrary<Inet6Address> = fc
  .tuple(
    fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 255 })), { minLength: 16, maxLength: 16 }),
    port,
    fc.oneof(fc.constant(0), uint32),
  )
  .map(([bytes, number, scope]) => inet6(formatInet6Text(Uint8Array.from(bytes)), number, { scope }))

/** As {@link inet6Addresses}, and flow information. */
export const inet6FlowAddresses: fc.Arbitrary<Inet6Address> = fc
  .tuple(inet6Addresses, uint32)
  .map(([address, flowInfo]) => inet6(address.host, address.port, { scope: address.scope, flowInfo }))

const nameBytes = fc.oneof(
  fc.uint8Array({ maxLength: 107 }),
  fc.string({ unit: 'binary', maxLength: 26 }).map((text) => new Uint8Array(Buffer.from(text))),
)

export const unixAddresses: fc.Arbitrary<UnixAddress> = fc.oneof(
  nameBytes.map((name) => abstract(name)),
  nameBytes.filter((path) => path.length > 0 && !path.includes(0)).map((path) => unix(path)),
  fc
    .constantFrom('/run/x', './x', '../x', 'x', '@x', '1.2.3.4:80', 'unix:', '[::1]:80', '.x', '\\x41')
    .map((path) => unix(path)),
  fc.constant(0).map(() => unnamed()),
)

export const anyAddresses: fc.Arbitrary<EndpointAddress> = fc.oneof(inetAddresses, inet6Addresses, unixAddresses)
