/** Options of multicast over IPv4: level IPPROTO_IP, ip(7). Those named `MCAST_…` take groups of both families (RFC 3678). Sorted by name. */
import * as constants from '../../sys/constants.ts'
import { boolean, integerWithin } from './codec.ts'
import { both, writeOnly } from './define.ts'
import { multicastInterface, type MulticastInterface } from './interface.ts'
import {
  inetMembership,
  inetSourceMembership,
  groupMembership,
  sourceMembership,
  inetSourceFilter,
  sourceFilter,
  levelOfGroup,
  type InetMembership,
  type InetSourceMembership,
  type GroupMembership,
  type SourceMembership,
  type InetSourceFilter,
  type SourceFilter,
} from './membership.ts'
import type { Option } from './option.ts'

const PAGE = { level: constants.IPPROTO_IP, man: 'ip(7)' }

/** Joins a group. */
export const IP_ADD_MEMBERSHIP: Option<never, InetMembership> = writeOnly(
  PAGE,
  'IP_ADD_MEMBERSHIP',
  constants.IP_ADD_MEMBERSHIP,
  inetMembership,
  '1.2',
)
/** Joins a group for what one source sends to it. */
export const IP_ADD_SOURCE_MEMBERSHIP: Option<never, InetSourceMembership> = writeOnly(
  PAGE,
  'IP_ADD_SOURCE_MEMBERSHIP',
  constants.IP_ADD_SOURCE_MEMBERSHIP,
  inetSourceMembership,
  '2.4.22',
)
/** Receives no more of what one source sends to a group that was joined. */
export const IP_BLOCK_SOURCE: Option<never, InetSourceMembership> = writeOnly(
  PAGE,
  'IP_BLOCK_SOURCE',
  constants.IP_BLOCK_SOURCE,
  inetSourceMembership,
  '2.4.22',
)
/** Leaves a group. */
export const IP_DROP_MEMBERSHIP: Option<never, InetMembership> = writeOnly(
  PAGE,
  'IP_DROP_MEMBERSHIP',
  constants.IP_DROP_MEMBERSHIP,
  inetMembership,
  '1.2',
)
/** Leaves a group for one source. */
export const IP_DROP_SOURCE_MEMBERSHIP: Option<never, InetSourceMembership> = writeOnly(
  PAGE,
  'IP_DROP_SOURCE_MEMBERSHIP',
  constants.IP_DROP_SOURCE_MEMBERSHIP,
  inetSourceMembership,
  '2.4.22',
)
/**
 * The sources of a joined group that are received, or those that are not. Read it by `getsockopt`, which takes the
 * group.
 */
export const IP_MSFILTER: Option<never, InetSourceFilter> = writeOnly(
  PAGE,
  'IP_MSFILTER',
  constants.IP_MSFILTER,
  inetSourceFilter,
  '2.4.22',
)
/** Whether datagrams come of all groups that this host has joined, and not only of those that this socket has. */
export const IP_MULTICAST_ALL: Option<boolean> = both(
  PAGE,
  'IP_MULTICAST_ALL',
  constants.IP_MULTICAST_ALL,
  boolean,
  '2.6.31',
)
/** The interface that multicast leaves by. It reads as an address: `0.0.0.0` if none was set, or none but a number. */
export const IP_MULTICAST_IF: Option<string, MulticastInterface> = both(
  PAGE,
  'IP_MULTICAST_IF',
  constants.IP_MULTICAST_IF,
  multicastInterface,
  '1.2',
)
/** Whether what is sent to a group comes back to sockets of this host that have joined it. */
export const IP_MULTICAST_LOOP: Option<boolean> = both(
  PAGE,
  'IP_MULTICAST_LOOP',
  constants.IP_MULTICAST_LOOP,
  boolean,
  '1.2',
)
/** The time-to-live of multicast that is sent, 0 to 255; -1 for 1. */
export const IP_MULTICAST_TTL: Option<number> = both(
  PAGE,
  'IP_MULTICAST_TTL',
  constants.IP_MULTICAST_TTL,
  integerWithin(-1, 255),
  '1.2',
)
/** Receives again what one source sends to a group. */
export const IP_UNBLOCK_SOURCE: Option<never, InetSourceMembership> = writeOnly(
  PAGE,
  'IP_UNBLOCK_SOURCE',
  constants.IP_UNBLOCK_SOURCE,
  inetSourceMembership,
  '2.4.22',
)
/** Receives no more of what one source sends to a group that was joined. */
export const MCAST_BLOCK_SOURCE: Option<never, SourceMembership> = {
  ...writeOnly(PAGE, 'MCAST_BLOCK_SOURCE', constants.MCAST_BLOCK_SOURCE, sourceMembership, '2.5.68'),
  levelFor: levelOfGroup,
}
/** Joins a group of either family. */
export const MCAST_JOIN_GROUP: Option<never, GroupMembership> = {
  ...writeOnly(PAGE, 'MCAST_JOIN_GROUP', constants.MCAST_JOIN_GROUP, groupMembership, '2.5.68'),
  levelFor: levelOfGroup,
}
/** Joins a group of either family for what one source sends to it. */
export const MCAST_JOIN_SOURCE_GROUP: Option<never, SourceMembership> = {
  ...writeOnly(PAGE, 'MCAST_JOIN_SOURCE_GROUP', constants.MCAST_JOIN_SOURCE_GROUP, sourceMembership, '2.5.68'),
  levelFor: levelOfGroup,
}
/** Leaves a group. */
export const MCAST_LEAVE_GROUP: Option<never, GroupMembership> = {
  ...writeOnly(PAGE, 'MCAST_LEAVE_GROUP', constants.MCAST_LEAVE_GROUP, groupMembership, '2.5.68'),
  levelFor: levelOfGroup,
}
/** Leaves a group for one source. */
export const MCAST_LEAVE_SOURCE_GROUP: Option<never, SourceMembership> = {
  ...writeOnly(PAGE, 'MCAST_LEAVE_SOURCE_GROUP', constants.MCAST_LEAVE_SOURCE_GROUP, sourceMembership, '2.5.68'),
  levelFor: levelOfGroup,
}
/**
 * The sources of a joined group that are received, or those that are not. Read it by `getsockopt`, which takes the
 * group.
 */
export const MCAST_MSFILTER: Option<never, SourceFilter> = {
  ...writeOnly(PAGE, 'MCAST_MSFILTER', constants.MCAST_MSFILTER, sourceFilter, '2.5.68'),
  levelFor: levelOfGroup,
}
/** Receives again what one source sends to a group. */
export const MCAST_UNBLOCK_SOURCE: Option<never, SourceMembership> = {
  ...writeOnly(PAGE, 'MCAST_UNBLOCK_SOURCE', constants.MCAST_UNBLOCK_SOURCE, sourceMembership, '2.5.68'),
  levelFor: levelOfGroup,
}
