/** Options of IPv6: level IPPROTO_IPV6, ipv6(7). Sorted by name. */
import type { AnyAddress } from '../../base/address.ts'
import * as constants from '../../sys/constants.ts'
import { boolean, integer, count, bytesWithin, integerWithin } from './codec.ts'
import { both, readOnly, writeOnly } from './define.ts'
import { pathMtu, interfaceIndex, networkOrderInterface, inet6PacketInfo, type PacketInfo } from './interface.ts'
import { inet6Membership, type GroupMembership } from './membership.ts'
import type { Option } from './option.ts'
import { address } from './socket-structures.ts'

const PAGE = { level: constants.IPPROTO_IPV6, man: 'ipv6(7)' }
/** The most that a header of options or routing has: 255 units of 8 bytes, and the first. */
const MOST_HEADER_BYTES = 2048

/** The address that a connection was made to before netfilter redirected it. */
export const IP6T_SO_ORIGINAL_DST: Option<AnyAddress | undefined, never> = readOnly(
  PAGE,
  'IP6T_SO_ORIGINAL_DST',
  constants.IP6T_SO_ORIGINAL_DST,
  address,
  '3.8',
  'ip6tables-extensions(8)',
)
/** AF_INET makes a connected IPv6 socket, whose peer has an IPv4-mapped address, an IPv4 socket. */
export const IPV6_ADDRFORM: Option<never, number> = writeOnly(
  PAGE,
  'IPV6_ADDRFORM',
  constants.IPV6_ADDRFORM,
  integer,
  '2.2',
)
/** Which source addresses are preferred: a mask of `IPV6_PREFER_SRC_…` (RFC 5014). */
export const IPV6_ADDR_PREFERENCES: Option<number> = both(
  PAGE,
  'IPV6_ADDR_PREFERENCES',
  constants.IPV6_ADDR_PREFERENCES,
  count,
  '2.6.26',
)
/** Whether what is sent gets a flow label made of its addresses and ports. */
export const IPV6_AUTOFLOWLABEL: Option<boolean> = both(
  PAGE,
  'IPV6_AUTOFLOWLABEL',
  constants.IPV6_AUTOFLOWLABEL,
  boolean,
  '3.17',
)
/**
 * Where the checksum of a raw socket's messages is, as an offset in bytes; -1 for none. On ICMPv6 it is always 2 (RFC
 * 3542, section 3.1).
 */
export const IPV6_CHECKSUM: Option<number> = both(PAGE, 'IPV6_CHECKSUM', constants.IPV6_CHECKSUM, integer, '2.2')
/** Whether messages that are longer than the MTU are refused instead of fragmented. */
export const IPV6_DONTFRAG: Option<boolean> = both(PAGE, 'IPV6_DONTFRAG', constants.IPV6_DONTFRAG, boolean, '2.6.35')
/** The destination options of what is sent, as a header (RFC 3542); empty for none. Needs CAP_NET_RAW. */
export const IPV6_DSTOPTS: Option<Uint8Array> = both(
  PAGE,
  'IPV6_DSTOPTS',
  constants.IPV6_DSTOPTS,
  bytesWithin(MOST_HEADER_BYTES),
  '2.6.14',
)
/** Whether messages come with their flow information, as ancillary data. */
export const IPV6_FLOWINFO: Option<boolean> = both(PAGE, 'IPV6_FLOWINFO', constants.IPV6_FLOWINFO, boolean, '2.2')
/** Whether the flow information of an address is sent. */
export const IPV6_FLOWINFO_SEND: Option<boolean> = both(
  PAGE,
  'IPV6_FLOWINFO_SEND',
  constants.IPV6_FLOWINFO_SEND,
  boolean,
  '2.2',
)
/** Whether an address can be bound that this host does not have (yet). */
export const IPV6_FREEBIND: Option<boolean> = both(PAGE, 'IPV6_FREEBIND', constants.IPV6_FREEBIND, boolean, '4.15')
/** Whether what is sent on a raw socket begins with its IP header. */
export const IPV6_HDRINCL: Option<boolean> = both(PAGE, 'IPV6_HDRINCL', constants.IPV6_HDRINCL, boolean, '4.5')
/** The hop-by-hop options of what is sent, as a header (RFC 3542); empty for none. Needs CAP_NET_RAW. */
export const IPV6_HOPOPTS: Option<Uint8Array> = both(
  PAGE,
  'IPV6_HOPOPTS',
  constants.IPV6_HOPOPTS,
  bytesWithin(MOST_HEADER_BYTES),
  '2.6.14',
)
/** Takes part in an anycast group. */
export const IPV6_JOIN_ANYCAST: Option<never, GroupMembership> = writeOnly(
  PAGE,
  'IPV6_JOIN_ANYCAST',
  constants.IPV6_JOIN_ANYCAST,
  inet6Membership,
  '2.4',
)
/** Joins a group (also known as IPV6_ADD_MEMBERSHIP). */
export const IPV6_JOIN_GROUP: Option<never, GroupMembership> = writeOnly(
  PAGE,
  'IPV6_JOIN_GROUP',
  constants.IPV6_JOIN_GROUP,
  inet6Membership,
  '2.2',
)
/** Leaves an anycast group. */
export const IPV6_LEAVE_ANYCAST: Option<never, GroupMembership> = writeOnly(
  PAGE,
  'IPV6_LEAVE_ANYCAST',
  constants.IPV6_LEAVE_ANYCAST,
  inet6Membership,
  '2.4',
)
/** Leaves a group (also known as IPV6_DROP_MEMBERSHIP). */
export const IPV6_LEAVE_GROUP: Option<never, GroupMembership> = writeOnly(
  PAGE,
  'IPV6_LEAVE_GROUP',
  constants.IPV6_LEAVE_GROUP,
  inet6Membership,
  '2.2',
)
/** Segments of TCP with a smaller hop limit are dropped. */
export const IPV6_MINHOPCOUNT: Option<number> = both(
  PAGE,
  'IPV6_MINHOPCOUNT',
  constants.IPV6_MINHOPCOUNT,
  integerWithin(0, 255),
  '2.6.35',
)
/**
 * The MTU of the path to the peer, in bytes, on a connected socket; set, the most that is sent without fragments, 0 or
 * from 1280.
 */
export const IPV6_MTU: Option<number> = both(PAGE, 'IPV6_MTU', constants.IPV6_MTU, integer, '2.2')
/** Whether packets may be fragmented: `IPV6_PMTUDISC_…`. */
export const IPV6_MTU_DISCOVER: Option<number> = both(
  PAGE,
  'IPV6_MTU_DISCOVER',
  constants.IPV6_MTU_DISCOVER,
  integerWithin(0, 5),
  '2.2',
)
/** Whether datagrams come of all groups that this host has joined, and not only of those that this socket has. */
export const IPV6_MULTICAST_ALL: Option<boolean> = both(
  PAGE,
  'IPV6_MULTICAST_ALL',
  constants.IPV6_MULTICAST_ALL,
  boolean,
  '4.20',
)
/** The hop limit of multicast that is sent; -1 for 1. */
export const IPV6_MULTICAST_HOPS: Option<number> = both(
  PAGE,
  'IPV6_MULTICAST_HOPS',
  constants.IPV6_MULTICAST_HOPS,
  integerWithin(-1, 255),
  '2.2',
)
/** The interface that multicast leaves by, by number; it is set by name, too. 0 for the kernel's choice. */
export const IPV6_MULTICAST_IF: Option<number, number | string> = both(
  PAGE,
  'IPV6_MULTICAST_IF',
  constants.IPV6_MULTICAST_IF,
  interfaceIndex,
  '2.2',
)
/** Whether what is sent to a group comes back to sockets of this host that have joined it. */
export const IPV6_MULTICAST_LOOP: Option<boolean> = both(
  PAGE,
  'IPV6_MULTICAST_LOOP',
  constants.IPV6_MULTICAST_LOOP,
  boolean,
  '2.2',
)
/** The MTU of the path to the peer, in bytes; only on a connected socket. */
export const IPV6_PATHMTU: Option<number, never> = readOnly(
  PAGE,
  'IPV6_PATHMTU',
  constants.IPV6_PATHMTU,
  pathMtu,
  '2.6.35',
)
/** The address and the interface that what is sent comes from (RFC 3542, section 6). */
export const IPV6_PKTINFO: Option<never, PacketInfo> = writeOnly(
  PAGE,
  'IPV6_PKTINFO',
  constants.IPV6_PKTINFO,
  inet6PacketInfo,
  '2.6.14',
)
/** Whether messages come with their destination options, as ancillary data. */
export const IPV6_RECVDSTOPTS: Option<boolean> = both(
  PAGE,
  'IPV6_RECVDSTOPTS',
  constants.IPV6_RECVDSTOPTS,
  boolean,
  '2.6.14',
)
/** Whether errors are queued with their details instead of told only to connected sockets. */
export const IPV6_RECVERR: Option<boolean> = both(PAGE, 'IPV6_RECVERR', constants.IPV6_RECVERR, boolean, '2.2')
/** Whether such an error comes with what RFC 4884 adds to it, on datagram sockets. */
export const IPV6_RECVERR_RFC4884: Option<boolean> = both(
  PAGE,
  'IPV6_RECVERR_RFC4884',
  constants.IPV6_RECVERR_RFC4884,
  boolean,
  '5.9',
)
/** Whether messages come with the size of their largest fragment, as ancillary data. */
export const IPV6_RECVFRAGSIZE: Option<boolean> = both(
  PAGE,
  'IPV6_RECVFRAGSIZE',
  constants.IPV6_RECVFRAGSIZE,
  boolean,
  '4.11',
)
/** Whether messages come with their hop limit, as ancillary data. */
export const IPV6_RECVHOPLIMIT: Option<boolean> = both(
  PAGE,
  'IPV6_RECVHOPLIMIT',
  constants.IPV6_RECVHOPLIMIT,
  boolean,
  '2.6.14',
)
/** Whether messages come with their hop-by-hop options, as ancillary data. */
export const IPV6_RECVHOPOPTS: Option<boolean> = both(
  PAGE,
  'IPV6_RECVHOPOPTS',
  constants.IPV6_RECVHOPOPTS,
  boolean,
  '2.6.14',
)
/**
 * Whether messages come with the address that they were sent to before they were redirected, as ancillary data (also
 * known as IPV6_ORIGDSTADDR).
 */
export const IPV6_RECVORIGDSTADDR: Option<boolean> = both(
  PAGE,
  'IPV6_RECVORIGDSTADDR',
  constants.IPV6_RECVORIGDSTADDR,
  boolean,
  '2.6.37',
)
/** Whether changes of the path's MTU come as messages of their own, as ancillary data. */
export const IPV6_RECVPATHMTU: Option<boolean> = both(
  PAGE,
  'IPV6_RECVPATHMTU',
  constants.IPV6_RECVPATHMTU,
  boolean,
  '2.6.35',
)
/** Whether messages come with the interface and the address that they were sent to, as ancillary data. */
export const IPV6_RECVPKTINFO: Option<boolean> = both(
  PAGE,
  'IPV6_RECVPKTINFO',
  constants.IPV6_RECVPKTINFO,
  boolean,
  '2.6.14',
)
/** Whether messages come with their routing header, as ancillary data. */
export const IPV6_RECVRTHDR: Option<boolean> = both(PAGE, 'IPV6_RECVRTHDR', constants.IPV6_RECVRTHDR, boolean, '2.6.14')
/** Whether messages come with their traffic class, as ancillary data. */
export const IPV6_RECVTCLASS: Option<boolean> = both(
  PAGE,
  'IPV6_RECVTCLASS',
  constants.IPV6_RECVTCLASS,
  boolean,
  '2.6.14',
)
/** The value of the Router Alert option of the packets that a raw socket gets; -1 for none of them. */
export const IPV6_ROUTER_ALERT: Option<number> = both(
  PAGE,
  'IPV6_ROUTER_ALERT',
  constants.IPV6_ROUTER_ALERT,
  integer,
  '2.2',
)
/** Whether it gets those of its own network namespace alone. */
export const IPV6_ROUTER_ALERT_ISOLATE: Option<boolean> = both(
  PAGE,
  'IPV6_ROUTER_ALERT_ISOLATE',
  constants.IPV6_ROUTER_ALERT_ISOLATE,
  boolean,
  '5.1',
)
/** The routing header of what is sent (RFC 3542); empty for none. */
export const IPV6_RTHDR: Option<Uint8Array> = both(
  PAGE,
  'IPV6_RTHDR',
  constants.IPV6_RTHDR,
  bytesWithin(MOST_HEADER_BYTES),
  '2.6.14',
)
/** The destination options before the routing header, as a header (RFC 3542); empty for none. Needs CAP_NET_RAW. */
export const IPV6_RTHDRDSTOPTS: Option<Uint8Array> = both(
  PAGE,
  'IPV6_RTHDRDSTOPTS',
  constants.IPV6_RTHDRDSTOPTS,
  bytesWithin(MOST_HEADER_BYTES),
  '2.6.14',
)
/** The traffic class of what is sent (DSCP and ECN); -1 for 0. */
export const IPV6_TCLASS: Option<number> = both(
  PAGE,
  'IPV6_TCLASS',
  constants.IPV6_TCLASS,
  integerWithin(-1, 255),
  '2.6.14',
)
/** Whether addresses of other hosts can be bound, for a transparent proxy. Needs CAP_NET_ADMIN or CAP_NET_RAW. */
export const IPV6_TRANSPARENT: Option<boolean> = both(
  PAGE,
  'IPV6_TRANSPARENT',
  constants.IPV6_TRANSPARENT,
  boolean,
  '2.6.37',
)
/** The hop limit of what is sent; -1 for the system's. */
export const IPV6_UNICAST_HOPS: Option<number> = both(
  PAGE,
  'IPV6_UNICAST_HOPS',
  constants.IPV6_UNICAST_HOPS,
  integerWithin(-1, 255),
  '2.2',
)
/** The interface that unicast leaves by, 0 for the kernel's choice. */
export const IPV6_UNICAST_IF: Option<number, number | string> = both(
  PAGE,
  'IPV6_UNICAST_IF',
  constants.IPV6_UNICAST_IF,
  networkOrderInterface,
  '3.4',
)
/** Whether the socket is for IPv6 alone; false, an IPv6 socket bound to `::` takes IPv4 too. Set before bind. */
export const IPV6_V6ONLY: Option<boolean> = both(PAGE, 'IPV6_V6ONLY', constants.IPV6_V6ONLY, boolean, '2.4.21')
