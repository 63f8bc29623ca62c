/** Addresses as bytes, for programs that make system calls or read files of their own: pack and unpack. */
import type { AnyAddress } from '../base/address.ts'
import { packAddress as packLent, unpackAddress as unpackAt } from '../sys/sockaddr.ts'

export { sockaddrFamily } from '../sys/sockaddr.ts'

/**
 * The `sockaddr` of an address, as bind(2) and connect(2) take it: new bytes, the caller's own.
 * @throws SocketError ENODEV when no interface has the name that the address gives; TypeError when it is no address
 */
export function packAddress(address: AnyAddress): Uint8Array {
  return packLent(address).slice()
}

/**
 * The address in a `sockaddr`, as getsockname(2) gives it. A family that the library does not take apart gives an
 * `OtherAddress`, from which `packAddress` makes the same bytes.
 * @throws TypeError or RangeError when the bytes are fewer, or more, than the family has
 */
export function unpackAddress(bytes: Uint8Array): AnyAddress {
  return unpackAt(bytes)
}
