/** Options of IPv4: level IPPROTO_IP, ip(7). Those of multicast have a table of their own. Sorted by name. */
import type { AnyAddress } from '../../base/address.ts'
import * as constants from '../../sys/constants.ts'
import { boolean, integer, bytesWithin, integerWithin } from './codec.ts'
import { both, readOnly } from './define.ts'
import { networkOrderInterface } from './interface.ts'
import type { Option } from './option.ts'
import { address, portRange, type PortRange } from './socket-structures.ts'

const PAGE = { level: constants.IPPROTO_IP, man: 'ip(7)' }

/** Whether bind with port 0 leaves the choice of the port to connect, so that ports are shared by destination. */
export const IP_BIND_ADDRESS_NO_PORT: Option<boolean> = both(
  PAGE,
  'IP_BIND_ADDRESS_NO_PORT',
  constants.IP_BIND_ADDRESS_NO_PORT,
  boolean,
  '4.2',
)
/** Whether messages come with their checksum, as ancillary data. */
export const IP_CHECKSUM: Option<boolean> = both(PAGE, 'IP_CHECKSUM', constants.IP_CHECKSUM, boolean, '4.0')
/** Whether an address can be bound that this host does not have (yet). */
export const IP_FREEBIND: Option<boolean> = both(PAGE, 'IP_FREEBIND', constants.IP_FREEBIND, boolean, '2.4')
/** Whether what is sent on a raw socket begins with its IP header. */
export const IP_HDRINCL: Option<boolean> = both(PAGE, 'IP_HDRINCL', constants.IP_HDRINCL, boolean, '2.0')
/** The ports that the kernel chooses from, both included; 0 for the system's bound. */
export const IP_LOCAL_PORT_RANGE: Option<PortRange> = both(
  PAGE,
  'IP_LOCAL_PORT_RANGE',
  constants.IP_LOCAL_PORT_RANGE,
  portRange,
  '6.3',
)
/** Segments of TCP with a smaller time-to-live are dropped. */
export const IP_MINTTL: Option<number> = both(PAGE, 'IP_MINTTL', constants.IP_MINTTL, integerWithin(0, 255), '2.6.34')
/** The MTU of the path to the peer, in bytes; only on a connected socket. */
export const IP_MTU: Option<number, never> = readOnly(PAGE, 'IP_MTU', constants.IP_MTU, integer, '2.2')
/** Whether packets may be fragmented on their way: `IP_PMTUDISC_…`. */
export const IP_MTU_DISCOVER: Option<number> = both(
  PAGE,
  'IP_MTU_DISCOVER',
  constants.IP_MTU_DISCOVER,
  integerWithin(0, 5),
  '2.2',
)
/** Whether a raw socket gets fragments as they come. */
export const IP_NODEFRAG: Option<boolean> = both(PAGE, 'IP_NODEFRAG', constants.IP_NODEFRAG, boolean, '2.6.36')
/** The options of the IP header of what is sent; empty for none. */
export const IP_OPTIONS: Option<Uint8Array> = both(PAGE, 'IP_OPTIONS', constants.IP_OPTIONS, bytesWithin(40), '2.0')
/** Whether messages come with a security label, as ancillary data. */
export const IP_PASSSEC: Option<boolean> = both(PAGE, 'IP_PASSSEC', constants.IP_PASSSEC, boolean, '2.6.17')
/** Whether messages come with the interface and the address that they were sent to, as ancillary data. */
export const IP_PKTINFO: Option<boolean> = both(PAGE, 'IP_PKTINFO', constants.IP_PKTINFO, boolean, '2.2')
/** The protocol of a raw socket, `IPPROTO_…`. */
export const IP_PROTOCOL: Option<number, never> = readOnly(PAGE, 'IP_PROTOCOL', constants.IP_PROTOCOL, integer, '6.4')
/** Whether errors are queued with their details instead of told only to connected sockets. */
export const IP_RECVERR: Option<boolean> = both(PAGE, 'IP_RECVERR', constants.IP_RECVERR, boolean, '2.2')
/** Whether such an error comes with what RFC 4884 adds to it, on datagram sockets. */
export const IP_RECVERR_RFC4884: Option<boolean> = both(
  PAGE,
  'IP_RECVERR_RFC4884',
  constants.IP_RECVERR_RFC4884,
  boolean,
  '5.9',
)
/** Whether messages come with the size of their largest fragment, as ancillary data. */
export const IP_RECVFRAGSIZE: Option<boolean> = both(
  PAGE,
  'IP_RECVFRAGSIZE',
  constants.IP_RECVFRAGSIZE,
  boolean,
  '4.11',
)
/** Whether messages come with the options of their IP header, as ancillary data. */
export const IP_RECVOPTS: Option<boolean> = both(PAGE, 'IP_RECVOPTS', constants.IP_RECVOPTS, boolean, '2.2')
/**
 * Whether messages come with the address that they were sent to before they were redirected, as ancillary data (also
 * known as IP_ORIGDSTADDR).
 */
export const IP_RECVORIGDSTADDR: Option<boolean> = both(
  PAGE,
  'IP_RECVORIGDSTADDR',
  constants.IP_RECVORIGDSTADDR,
  boolean,
  '2.6.29',
)
/** Whether messages come with their type-of-service byte, as ancillary data. */
export const IP_RECVTOS: Option<boolean> = both(PAGE, 'IP_RECVTOS', constants.IP_RECVTOS, boolean, '2.2')
/** Whether messages come with their time-to-live, as ancillary data. */
export const IP_RECVTTL: Option<boolean> = both(PAGE, 'IP_RECVTTL', constants.IP_RECVTTL, boolean, '2.2')
/** Whether messages come with the options of their IP header, ready to be sent back, as ancillary data. */
export const IP_RETOPTS: Option<boolean> = both(PAGE, 'IP_RETOPTS', constants.IP_RETOPTS, boolean, '2.2')
/** Whether a raw socket gets the packets with the Router Alert option that this host would forward. */
export const IP_ROUTER_ALERT: Option<boolean> = both(PAGE, 'IP_ROUTER_ALERT', constants.IP_ROUTER_ALERT, boolean, '2.2')
/** The type-of-service byte of what is sent (DSCP and ECN). On TCP the kernel keeps the ECN bits. */
export const IP_TOS: Option<number> = both(PAGE, 'IP_TOS', constants.IP_TOS, integerWithin(0, 255), '1.0')
/** Whether addresses of other hosts can be bound, for a transparent proxy. Needs CAP_NET_ADMIN or CAP_NET_RAW. */
export const IP_TRANSPARENT: Option<boolean> = both(PAGE, 'IP_TRANSPARENT', constants.IP_TRANSPARENT, boolean, '2.6.24')
/** The time-to-live of what is sent, 1 to 255; -1 for the system's. */
export const IP_TTL: Option<number> = both(PAGE, 'IP_TTL', constants.IP_TTL, integer, '1.0')
/** The interface that unicast leaves by, 0 for the kernel's choice. */
export const IP_UNICAST_IF: Option<number, number | string> = both(
  PAGE,
  'IP_UNICAST_IF',
  constants.IP_UNICAST_IF,
  networkOrderInterface,
  '3.4',
)
/** The address that a connection was made to before netfilter redirected it. */
export const SO_ORIGINAL_DST: Option<AnyAddress | undefined, never> = readOnly(
  PAGE,
  'SO_ORIGINAL_DST',
  constants.SO_ORIGINAL_DST,
  address,
  '2.4',
  'iptables-extensions(8)',
)
