/** Addresses to names: getnameinfo(3). */
import { type AnyAddress, isAddress, OtherAddress } from '../../base/address.ts'
import { argumentTypeError, checkInteger } from '../../base/argument-error.ts'
import { decodeUtf8 } from '../../base/utf8.ts'
import { addon } from '../../sys/addon.ts'
import { packAddress } from '../../sys/sockaddr.ts'
import { checkWaiting, type Waiting } from '../wait.ts'
import { lookUp } from './lookups.ts'

/** What `getnameinfo` answers. */
export interface Nameinfo {
  /** The host's name, or its address in numbers where it has none (or `NI_NUMERICHOST` asks for it). */
  readonly host: string
  /** The service's name, or the port in numbers. */
  readonly service: string
}

/**
 * The names of an address: of its host, and of the service at its port, by the system's resolver (getnameinfo(3)), in a
 * thread of its own. `flags` are `NI_…`, 0 by default.
 *
 * Rejects with `NameError` (code `EAI_NONAME`: there is no name, and `NI_NAMEREQD` asks for one; `EAI_FAMILY`),
 * `TimeoutError`, `LookupsFullError`, the signal's reason, or `SocketError` where the kernel is at fault.
 */
export async function getnameinfo(address: AnyAddress, flags: number = 0, waiting: Waiting = {}): Promise<Nameinfo> {
  if (!isAddress(address) && !((address as unknown) instanceof OtherAddress)) {
    throw argumentTypeError('address', 'an address, such as inet() makes', address)
  }
  checkInteger('flags', flags, -0x8000_0000, 0x7fffffff)
  checkWaiting(waiting)
  const packed = packAddress(address)
  const { bytes, name } = await lookUp(
    { syscall: 'getnameinfo', host: address.toString() },
    (resolver, id) => addon().resolverGetnameinfo(resolver, id, packed, flags),
    waiting,
  )
  return { host: name, service: decodeUtf8(bytes) ?? '' }
}
