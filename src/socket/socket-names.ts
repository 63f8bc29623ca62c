/** The two addresses of a socket: its own, and its peer's. */
import type { AnyAddress } from '../base/address.ts'
import type { Binding } from '../sys/binding.ts'
import { ENOTCONN } from '../sys/constants.ts'
import { unpackAddress } from '../sys/sockaddr.ts'
import { systemError } from '../sys/system-error.ts'

/** Room for the longest address of any family (`struct sockaddr_storage`). */
const addressBytes = new Uint8Array(128)

/** The address that it is bound to. Throws `SocketError`. See getsockname(2). */
export function readLocalAddress(binding: Binding, fd: number): AnyAddress {
  const length = binding.getsockname(fd, addressBytes)
  if (length < 0) throw systemError(length, 'getsockname')
  return unpackAddress(addressBytes, 0, length)
}

/** The address of its peer; undefined while it has none. Throws `SocketError`. See getpeername(2). */
export function readRemoteAddress(binding: Binding, fd: number): AnyAddress | undefined {
  const length = binding.getpeername(fd, addressBytes)
  if (length === -ENOTCONN) return undefined
  if (length < 0) throw systemError(length, 'getpeername')
  return unpackAddress(addressBytes, 0, length)
}
