/** Options of every socket: level SOL_SOCKET, socket(7). Those of filters, of times and of Unix peers have tables of their own. Sorted by name. */
import * as constants from '../../sys/constants.ts'
import {
  boolean,
  integer,
  count,
  unsigned,
  cookie,
  bytesPerSecond,
  lingerSeconds,
  milliseconds,
  integerWithin,
} from './codec.ts'
import { both, readOnly, writeOnly } from './define.ts'
import { interfaceIndex, interfaceName } from './interface.ts'
import type { Option } from './option.ts'
import { memory, type SocketMemory } from './socket-structures.ts'

const PAGE = { level: constants.SOL_SOCKET, man: 'socket(7)' }

/** Whether the socket listens. */
export const SO_ACCEPTCONN: Option<boolean, never> = readOnly(
  PAGE,
  'SO_ACCEPTCONN',
  constants.SO_ACCEPTCONN,
  boolean,
  '2.2',
)
/** The name of the interface that alone is used; empty for any. Before Linux 5.7 only root could set it. */
export const SO_BINDTODEVICE: Option<string> = both(
  PAGE,
  'SO_BINDTODEVICE',
  constants.SO_BINDTODEVICE,
  interfaceName,
  '2.2',
)
/** The number of the interface that alone is used, 0 for any; it is set by name, too. */
export const SO_BINDTOIFINDEX: Option<number, number | string> = both(
  PAGE,
  'SO_BINDTOIFINDEX',
  constants.SO_BINDTOIFINDEX,
  interfaceIndex,
  '5.0',
)
/** Whether datagrams may be sent to broadcast addresses. */
export const SO_BROADCAST: Option<boolean> = both(PAGE, 'SO_BROADCAST', constants.SO_BROADCAST, boolean, '1.0')
/**
 * Which buffers keep their size though the kernel would tune it: a mask of `SOCK_SNDBUF_LOCK` and `SOCK_RCVBUF_LOCK`.
 */
export const SO_BUF_LOCK: Option<number> = both(PAGE, 'SO_BUF_LOCK', constants.SO_BUF_LOCK, integerWithin(0, 3), '5.14')
/**
 * How long a blocking receive polls the network card before it sleeps, in microseconds. More than before needs
 * CAP_NET_ADMIN.
 */
export const SO_BUSY_POLL: Option<number> = both(PAGE, 'SO_BUSY_POLL', constants.SO_BUSY_POLL, count, '3.11')
/** How many packets one busy poll takes at most. */
export const SO_BUSY_POLL_BUDGET: Option<never, number> = writeOnly(
  PAGE,
  'SO_BUSY_POLL_BUDGET',
  constants.SO_BUSY_POLL_BUDGET,
  integerWithin(0, 65535),
  '5.11',
)
/** 1 advises that the route of the connection is bad, so that the kernel looks for another. */
export const SO_CNX_ADVICE: Option<never, number> = writeOnly(
  PAGE,
  'SO_CNX_ADVICE',
  constants.SO_CNX_ADVICE,
  integerWithin(1, 1),
  '4.7',
)
/** A number that no other socket has until the system restarts. */
export const SO_COOKIE: Option<bigint, never> = readOnly(PAGE, 'SO_COOKIE', constants.SO_COOKIE, cookie, '4.12')
/** Whether debugging is on. Needs CAP_NET_ADMIN. */
export const SO_DEBUG: Option<boolean> = both(PAGE, 'SO_DEBUG', constants.SO_DEBUG, boolean, '1.0')
/** The socket's family, `AF_…`. */
export const SO_DOMAIN: Option<number, never> = readOnly(PAGE, 'SO_DOMAIN', constants.SO_DOMAIN, integer, '2.6.32')
/** Whether only hosts on directly connected networks are sent to. */
export const SO_DONTROUTE: Option<boolean> = both(PAGE, 'SO_DONTROUTE', constants.SO_DONTROUTE, boolean, '1.0')
/** The pending error as a positive errno, 0 if none; reading clears it. */
export const SO_ERROR: Option<number, never> = readOnly(PAGE, 'SO_ERROR', constants.SO_ERROR, integer, '1.0')
/**
 * The processor that received last; set, which processor's connections or datagrams a SO_REUSEPORT socket prefers
 * (4.4). -1 for none.
 */
export const SO_INCOMING_CPU: Option<number> = both(PAGE, 'SO_INCOMING_CPU', constants.SO_INCOMING_CPU, integer, '3.19')
/** The receive queue that the last packet came by, 0 if none did. */
export const SO_INCOMING_NAPI_ID: Option<number, never> = readOnly(
  PAGE,
  'SO_INCOMING_NAPI_ID',
  constants.SO_INCOMING_NAPI_ID,
  unsigned,
  '4.12',
)
/** Whether an idle connection is probed. */
export const SO_KEEPALIVE: Option<boolean> = both(PAGE, 'SO_KEEPALIVE', constants.SO_KEEPALIVE, boolean, '1.0')
/** How long close(2) waits for what is queued, in seconds; 0 resets the connection, undefined does neither. */
export const SO_LINGER: Option<number | undefined> = both(PAGE, 'SO_LINGER', constants.SO_LINGER, lingerSeconds, '1.0')
/** The mark of what is sent, for routing and filters. Needs CAP_NET_ADMIN or CAP_NET_RAW. */
export const SO_MARK: Option<number> = both(PAGE, 'SO_MARK', constants.SO_MARK, unsigned, '2.6.25')
/** The most that is sent, in bytes a second; Infinity for no limit. */
export const SO_MAX_PACING_RATE: Option<number> = both(
  PAGE,
  'SO_MAX_PACING_RATE',
  constants.SO_MAX_PACING_RATE,
  bytesPerSecond,
  '3.13',
)
/** How much memory the socket uses, and its limits. */
export const SO_MEMINFO: Option<SocketMemory, never> = readOnly(
  PAGE,
  'SO_MEMINFO',
  constants.SO_MEMINFO,
  memory,
  '4.12',
)
/** A number that stands for the network namespace of the socket. */
export const SO_NETNS_COOKIE: Option<bigint, never> = readOnly(
  PAGE,
  'SO_NETNS_COOKIE',
  constants.SO_NETNS_COOKIE,
  cookie,
  '5.14',
)
/** Whether a packet socket leaves the frame check sequence to its user. */
export const SO_NOFCS: Option<boolean> = both(PAGE, 'SO_NOFCS', constants.SO_NOFCS, boolean, '3.4')
/** Whether UDP over IPv4 leaves the checksum out. */
export const SO_NO_CHECK: Option<boolean> = both(PAGE, 'SO_NO_CHECK', constants.SO_NO_CHECK, boolean, '1.0')
/** Whether urgent data stays in the stream instead of being received by MSG_OOB. */
export const SO_OOBINLINE: Option<boolean> = both(PAGE, 'SO_OOBINLINE', constants.SO_OOBINLINE, boolean, '1.0')
/**
 * Where the next receive with MSG_PEEK starts, in bytes; it moves with each. -1, the start always. Unix sockets, UDP,
 * and TCP (6.9).
 */
export const SO_PEEK_OFF: Option<number> = both(PAGE, 'SO_PEEK_OFF', constants.SO_PEEK_OFF, integer, '3.4')
/** Whether busy polling goes before interrupts. Turning it on needs CAP_NET_ADMIN. */
export const SO_PREFER_BUSY_POLL: Option<boolean> = both(
  PAGE,
  'SO_PREFER_BUSY_POLL',
  constants.SO_PREFER_BUSY_POLL,
  boolean,
  '5.11',
)
/** The priority of what is sent, 0 to 6; more needs CAP_NET_ADMIN. */
export const SO_PRIORITY: Option<number> = both(PAGE, 'SO_PRIORITY', constants.SO_PRIORITY, integer, '1.0')
/** The socket's protocol, `IPPROTO_…`. */
export const SO_PROTOCOL: Option<number, never> = readOnly(
  PAGE,
  'SO_PROTOCOL',
  constants.SO_PROTOCOL,
  integer,
  '2.6.32',
)
/** The receive buffer in bytes. The kernel doubles what is set, and answers with the doubled number. */
export const SO_RCVBUF: Option<number> = both(PAGE, 'SO_RCVBUF', constants.SO_RCVBUF, count, '1.0')
/** The same as SO_RCVBUF, beyond `rmem_max` too. Needs CAP_NET_ADMIN. */
export const SO_RCVBUFFORCE: Option<never, number> = writeOnly(
  PAGE,
  'SO_RCVBUFFORCE',
  constants.SO_RCVBUFFORCE,
  count,
  '2.6.14',
)
/** The least number of bytes that make the socket readable. It is 1 at least. */
export const SO_RCVLOWAT: Option<number> = both(PAGE, 'SO_RCVLOWAT', constants.SO_RCVLOWAT, count, '1.0')
/** Whether messages come with the mark of their packet, as ancillary data. */
export const SO_RCVMARK: Option<boolean> = both(PAGE, 'SO_RCVMARK', constants.SO_RCVMARK, boolean, '5.19')
/** Whether messages come with the priority of their packet, as ancillary data. */
export const SO_RCVPRIORITY: Option<boolean> = both(PAGE, 'SO_RCVPRIORITY', constants.SO_RCVPRIORITY, boolean, '6.14')
/**
 * How long a blocking receive waits, in milliseconds; 0 for ever. The calls of this library never block: it is for
 * programs that the descriptor is handed to.
 */
export const SO_RCVTIMEO: Option<number> = both(PAGE, 'SO_RCVTIMEO', constants.SO_RCVTIMEO, milliseconds, '2.3.41')
/** How much of its memory group's memory is kept for the socket, in bytes. Needs a memory control group. */
export const SO_RESERVE_MEM: Option<number> = both(PAGE, 'SO_RESERVE_MEM', constants.SO_RESERVE_MEM, count, '5.16')
/** Whether an address can be bound that an earlier connection still lingers on. */
export const SO_REUSEADDR: Option<boolean> = both(PAGE, 'SO_REUSEADDR', constants.SO_REUSEADDR, boolean, '1.0')
/** Whether several sockets can be bound to one address and share what comes in. */
export const SO_REUSEPORT: Option<boolean> = both(PAGE, 'SO_REUSEPORT', constants.SO_REUSEPORT, boolean, '3.9')
/** Whether messages come with the number of those that were dropped, as ancillary data. */
export const SO_RXQ_OVFL: Option<boolean> = both(PAGE, 'SO_RXQ_OVFL', constants.SO_RXQ_OVFL, boolean, '2.6.33')
/** The send buffer in bytes. The kernel doubles what is set, and answers with the doubled number. */
export const SO_SNDBUF: Option<number> = both(PAGE, 'SO_SNDBUF', constants.SO_SNDBUF, count, '1.0')
/** The same as SO_SNDBUF, beyond `wmem_max` too. Needs CAP_NET_ADMIN. */
export const SO_SNDBUFFORCE: Option<never, number> = writeOnly(
  PAGE,
  'SO_SNDBUFFORCE',
  constants.SO_SNDBUFFORCE,
  count,
  '2.6.14',
)
/** The least room in bytes that makes the socket writable: always 1. */
export const SO_SNDLOWAT: Option<number, never> = readOnly(PAGE, 'SO_SNDLOWAT', constants.SO_SNDLOWAT, integer, '1.0')
/** How long a blocking send waits, in milliseconds; 0 for ever. See SO_RCVTIMEO. */
export const SO_SNDTIMEO: Option<number> = both(PAGE, 'SO_SNDTIMEO', constants.SO_SNDTIMEO, milliseconds, '2.3.41')
/** Whether a connection that loses segments is sent along another path: 1, or 0, or -1 for the system's setting. */
export const SO_TXREHASH: Option<number> = both(PAGE, 'SO_TXREHASH', constants.SO_TXREHASH, integerWithin(-1, 1), '6.0')
/** The socket's type, `SOCK_…`. */
export const SO_TYPE: Option<number, never> = readOnly(PAGE, 'SO_TYPE', constants.SO_TYPE, integer, '1.0')
/** Whether messages on the error queue tell if Wi-Fi frames were acknowledged. */
export const SO_WIFI_STATUS: Option<boolean> = both(PAGE, 'SO_WIFI_STATUS', constants.SO_WIFI_STATUS, boolean, '3.3')
/** Whether MSG_ZEROCOPY may be used. */
export const SO_ZEROCOPY: Option<boolean> = both(PAGE, 'SO_ZEROCOPY', constants.SO_ZEROCOPY, boolean, '4.14')
