/** Options of Unix sockets, about the process at the other end: level SOL_SOCKET, unix(7). Sorted by name. */
import * as constants from '../../sys/constants.ts'
import { boolean, integer, bytesWithin } from './codec.ts'
import { credentials, groups, type Credentials } from './credentials.ts'
import { both, readOnly } from './define.ts'
import type { Option } from './option.ts'

const PAGE = { level: constants.SOL_SOCKET, man: 'unix(7)' }

/** Whether messages come with the credentials of their sender, as ancillary data. */
export const SO_PASSCRED: Option<boolean> = both(PAGE, 'SO_PASSCRED', constants.SO_PASSCRED, boolean, '2.2')
/** Whether messages come with a pidfd of their sender, as ancillary data. */
export const SO_PASSPIDFD: Option<boolean> = both(PAGE, 'SO_PASSPIDFD', constants.SO_PASSPIDFD, boolean, '6.5')
/** Whether messages may come with descriptors; true at first. */
export const SO_PASSRIGHTS: Option<boolean> = both(PAGE, 'SO_PASSRIGHTS', constants.SO_PASSRIGHTS, boolean, '6.16')
/** Whether messages come with the security label of their sender, as ancillary data. */
export const SO_PASSSEC: Option<boolean> = both(PAGE, 'SO_PASSSEC', constants.SO_PASSSEC, boolean, '2.6.18')
/** The process, user and group that connected, or listened, or made the pair. */
export const SO_PEERCRED: Option<Credentials, never> = readOnly(
  PAGE,
  'SO_PEERCRED',
  constants.SO_PEERCRED,
  credentials,
  '2.2',
)
/** The supplementary groups of that process. */
export const SO_PEERGROUPS: Option<readonly number[], never> = readOnly(
  PAGE,
  'SO_PEERGROUPS',
  constants.SO_PEERGROUPS,
  groups,
  '4.13',
)
/** A new descriptor of that process, close-on-exec (pidfd_open(2)). It is yours to close. */
export const SO_PEERPIDFD: Option<number, never> = readOnly(
  PAGE,
  'SO_PEERPIDFD',
  constants.SO_PEERPIDFD,
  integer,
  '6.5',
)
/** The security label of that process, as bytes. Only with a security module, such as SELinux, that has labels. */
export const SO_PEERSEC: Option<Uint8Array, never> = readOnly(
  PAGE,
  'SO_PEERSEC',
  constants.SO_PEERSEC,
  bytesWithin(256, 65_536),
  '2.6.2',
)
