/** Options of netlink sockets: level SOL_NETLINK, netlink(7). Sorted by name. */
import * as constants from '../../sys/constants.ts'
import { boolean, integer } from './codec.ts'
import { both, readOnly, writeOnly } from './define.ts'
import type { Option } from './option.ts'
import { bits } from './socket-structures.ts'

const PAGE = { level: constants.SOL_NETLINK, man: 'netlink(7)' }

/** Joins a group, by number. */
export const NETLINK_ADD_MEMBERSHIP: Option<never, number> = writeOnly(
  PAGE,
  'NETLINK_ADD_MEMBERSHIP',
  constants.NETLINK_ADD_MEMBERSHIP,
  integer,
  '2.6.14',
)
/** Whether a broadcast that does not reach all is an error. */
export const NETLINK_BROADCAST_ERROR: Option<boolean> = both(
  PAGE,
  'NETLINK_BROADCAST_ERROR',
  constants.NETLINK_BROADCAST_ERROR,
  boolean,
  '2.6.30',
)
/** Whether acknowledgements leave the request out. */
export const NETLINK_CAP_ACK: Option<boolean> = both(PAGE, 'NETLINK_CAP_ACK', constants.NETLINK_CAP_ACK, boolean, '4.3')
/** Leaves a group, by number. */
export const NETLINK_DROP_MEMBERSHIP: Option<never, number> = writeOnly(
  PAGE,
  'NETLINK_DROP_MEMBERSHIP',
  constants.NETLINK_DROP_MEMBERSHIP,
  integer,
  '2.6.14',
)
/** Whether acknowledgements say what was wrong, in words. */
export const NETLINK_EXT_ACK: Option<boolean> = both(
  PAGE,
  'NETLINK_EXT_ACK',
  constants.NETLINK_EXT_ACK,
  boolean,
  '4.12',
)
/** Whether requests for lists are checked strictly. */
export const NETLINK_GET_STRICT_CHK: Option<boolean> = both(
  PAGE,
  'NETLINK_GET_STRICT_CHK',
  constants.NETLINK_GET_STRICT_CHK,
  boolean,
  '4.20',
)
/** Whether messages come of all network namespaces that have a number in this one. */
export const NETLINK_LISTEN_ALL_NSID: Option<boolean> = both(
  PAGE,
  'NETLINK_LISTEN_ALL_NSID',
  constants.NETLINK_LISTEN_ALL_NSID,
  boolean,
  '4.2',
)
/** The groups that were joined, by number. */
export const NETLINK_LIST_MEMBERSHIPS: Option<readonly number[], never> = readOnly(
  PAGE,
  'NETLINK_LIST_MEMBERSHIPS',
  constants.NETLINK_LIST_MEMBERSHIPS,
  bits(2048, 1),
  '4.2',
)
/** Whether ENOBUFS is not told when messages are lost. */
export const NETLINK_NO_ENOBUFS: Option<boolean> = both(
  PAGE,
  'NETLINK_NO_ENOBUFS',
  constants.NETLINK_NO_ENOBUFS,
  boolean,
  '2.6.30',
)
/** Whether messages come with their group, as ancillary data. */
export const NETLINK_PKTINFO: Option<boolean> = both(
  PAGE,
  'NETLINK_PKTINFO',
  constants.NETLINK_PKTINFO,
  boolean,
  '2.6.14',
)
