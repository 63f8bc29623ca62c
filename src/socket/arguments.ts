/** Checks of what callers pass, before any system call. Each throws a `TypeError` or a `RangeError` that names it. */
import { isAddress, type AnyAddress, OtherAddress } from '../base/address.ts'
import { argumentRangeError, argumentTypeError, argumentValueError } from '../base/argument-error.ts'
import {
  AF_INET,
  AF_INET6,
  AF_NETLINK,
  AF_PACKET,
  AF_UNIX,
  AF_VSOCK,
  SHUT_RD,
  SHUT_RDWR,
  SHUT_WR,
} from '../sys/constants.ts'

export function checkBytes(name: string, bytes: unknown): asserts bytes is Uint8Array {
  if (!(bytes instanceof Uint8Array)) throw argumentTypeError(name, 'a Uint8Array', bytes)
}

/** The most parts that one call takes (`IOV_MAX`). */
const MOST_PARTS = 1024

export function checkParts(name: string, parts: unknown): asserts parts is readonly Uint8Array[] {
  if (!Array.isArray(parts)) throw argumentTypeError(name, 'an array of Uint8Arrays', parts)
  if (parts.length > MOST_PARTS) throw argumentRangeError(`${name}.length`, `<= ${MOST_PARTS}`, parts.length)
  for (const part of parts) checkBytes(name, part)
}

/** An address that a socket of `family` can take: one of its own family, or one that the library does not take apart. */
export function checkAddress(name: string, address: unknown, family: number): asserts address is AnyAddress {
  if (address instanceof OtherAddress) return
  if (!isAddress(address)) {
    throw argumentTypeError(name, 'an address, made by inet(), inet6(), unix() or parseEndpoint()', address)
  }
  const expected = MAKERS.get(family)
  if (expected === undefined || expected.family === address.family) return
  throw argumentValueError(
    name,
    `the socket is of the family ${expected.name}; make its address with ${expected.maker}`,
    address,
  )
}

const MAKERS: ReadonlyMap<number, { family: string; name: string; maker: string }> = new Map([
  [AF_INET, { family: 'inet', name: 'AF_INET', maker: 'inet()' }],
  [AF_INET6, { family: 'inet6', name: 'AF_INET6', maker: "inet6(), for an IPv4 peer as '::ffff:1.2.3.4'" }],
  [AF_UNIX, { family: 'unix', name: 'AF_UNIX', maker: 'unix() or abstract()' }],
  [AF_PACKET, { family: 'packet', name: 'AF_PACKET', maker: 'packet()' }],
  [AF_NETLINK, { family: 'netlink', name: 'AF_NETLINK', maker: 'netlink()' }],
  [AF_VSOCK, { family: 'vsock', name: 'AF_VSOCK', maker: 'vsock()' }],
])

/** A direction that shutdown(2) takes. */
export function checkDirection(how: unknown): void {
  if (how === SHUT_RD || how === SHUT_WR || how === SHUT_RDWR) return
  throw argumentValueError('how', 'it must be SHUT_RD, SHUT_WR or SHUT_RDWR', how)
}

export function checkFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw argumentTypeError(name, 'a function', value)
}
