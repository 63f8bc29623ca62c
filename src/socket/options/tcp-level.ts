/** Options of TCP: level IPPROTO_TCP, tcp(7). Sorted by name. */
import * as constants from '../../sys/constants.ts'
import { boolean, integer, count, unsigned, nameWithin, bytesWithin, integerWithin } from './codec.ts'
import { both, readOnly, writeOnly } from './define.ts'
import type { Option } from './option.ts'
import { tcpInfo, type TcpInfo } from './tcp-info.ts'
import {
  md5Signature,
  fastOpenKey,
  congestionInfo,
  repairWindow,
  repairOptions,
  type Md5Signature,
  type RepairWindow,
  type RepairOption,
} from './tcp-structures.ts'

const PAGE = { level: constants.IPPROTO_TCP, man: 'tcp(7)' }
/** TCP_CA_NAME_MAX and TCP_ULP_NAME_MAX of linux/tcp.h. */
const NAME_BYTES = 16
/** Saving a connection and restoring it elsewhere, for which there is no man page. */
const REPAIR = 'linux/tcp.h'

/** What the congestion control tells of itself, as numbers of 32 bits; their meaning is its own (linux/inet_diag.h). */
export const TCP_CC_INFO: Option<readonly number[], never> = readOnly(
  PAGE,
  'TCP_CC_INFO',
  constants.TCP_CC_INFO,
  congestionInfo,
  '4.1',
)
/**
 * The congestion control by name, `cubic`, `bbr`; those of the system are in
 * `/proc/sys/net/ipv4/tcp_available_congestion_control`.
 */
export const TCP_CONGESTION: Option<string> = both(
  PAGE,
  'TCP_CONGESTION',
  constants.TCP_CONGESTION,
  nameWithin(NAME_BYTES),
  '2.6.13',
)
/** Whether partial segments are held until it is turned off, or 200 ms have passed. */
export const TCP_CORK: Option<boolean> = both(PAGE, 'TCP_CORK', constants.TCP_CORK, boolean, '2.2')
/** How long a connection may stay without data before it is accepted, in seconds (the kernel rounds up). */
export const TCP_DEFER_ACCEPT: Option<number> = both(PAGE, 'TCP_DEFER_ACCEPT', constants.TCP_DEFER_ACCEPT, count, '2.4')
/** The longest delay of an acknowledgement, in microseconds. */
export const TCP_DELACK_MAX_US: Option<number> = both(
  PAGE,
  'TCP_DELACK_MAX_US',
  constants.TCP_DELACK_MAX_US,
  count,
  '6.15',
)
/** How many connections with data in their SYN may be waiting on a listener (RFC 7413); 0 turns it off. */
export const TCP_FASTOPEN: Option<number> = both(PAGE, 'TCP_FASTOPEN', constants.TCP_FASTOPEN, count, '3.7')
/** Whether connect waits for the first data, and sends it in the SYN where it has a cookie. */
export const TCP_FASTOPEN_CONNECT: Option<boolean> = both(
  PAGE,
  'TCP_FASTOPEN_CONNECT',
  constants.TCP_FASTOPEN_CONNECT,
  boolean,
  '4.11',
)
/** The key of the cookies: 16 bytes, or 32 for one in use and one that is still taken. Empty when none was set. */
export const TCP_FASTOPEN_KEY: Option<Uint8Array> = both(
  PAGE,
  'TCP_FASTOPEN_KEY',
  constants.TCP_FASTOPEN_KEY,
  fastOpenKey,
  '4.15',
)
/** Whether data in a SYN is taken and sent without a cookie. */
export const TCP_FASTOPEN_NO_COOKIE: Option<boolean> = both(
  PAGE,
  'TCP_FASTOPEN_NO_COOKIE',
  constants.TCP_FASTOPEN_NO_COOKIE,
  boolean,
  '4.15',
)
/** The state of the connection: round-trip time, windows, losses, rates. */
export const TCP_INFO: Option<TcpInfo, never> = readOnly(PAGE, 'TCP_INFO', constants.TCP_INFO, tcpInfo, '2.4')
/** Whether each receive comes with the number of bytes that are left, as ancillary data. */
export const TCP_INQ: Option<boolean> = both(PAGE, 'TCP_INQ', constants.TCP_INQ, boolean, '4.18')
/** Whether the connection is a Multipath TCP one that has not fallen back to plain TCP. */
export const TCP_IS_MPTCP: Option<boolean, never> = readOnly(
  PAGE,
  'TCP_IS_MPTCP',
  constants.TCP_IS_MPTCP,
  boolean,
  '6.9',
)
/** How many probes go unanswered before the connection is given up, 1 to 127. */
export const TCP_KEEPCNT: Option<number> = both(PAGE, 'TCP_KEEPCNT', constants.TCP_KEEPCNT, integer, '2.4')
/** How long a connection is idle before the first probe, in seconds, 1 to 32767. */
export const TCP_KEEPIDLE: Option<number> = both(PAGE, 'TCP_KEEPIDLE', constants.TCP_KEEPIDLE, integer, '2.4')
/** The time between probes, in seconds, 1 to 32767. */
export const TCP_KEEPINTVL: Option<number> = both(PAGE, 'TCP_KEEPINTVL', constants.TCP_KEEPINTVL, integer, '2.4')
/** How long a connection that was closed waits in FIN_WAIT2 for its peer's end, in seconds; -1 not at all. */
export const TCP_LINGER2: Option<number> = both(PAGE, 'TCP_LINGER2', constants.TCP_LINGER2, integer, '2.4')
/**
 * The largest segment, in bytes: set before the connection is made, 88 to 32767, it is the most; read, it is what is
 * used.
 */
export const TCP_MAXSEG: Option<number> = both(PAGE, 'TCP_MAXSEG', constants.TCP_MAXSEG, integer, '1.0')
/** A key for the signature of the segments of one peer (RFC 2385). Set before connect, or on the listener. */
export const TCP_MD5SIG: Option<never, Md5Signature> = writeOnly(
  PAGE,
  'TCP_MD5SIG',
  constants.TCP_MD5SIG,
  md5Signature,
  '2.6.20',
)
/** Whether Nagle's algorithm is off: small segments are sent at once. */
export const TCP_NODELAY: Option<boolean> = both(PAGE, 'TCP_NODELAY', constants.TCP_NODELAY, boolean, '1.0')
/** How many bytes may be queued but not sent for the socket to be writable; 0 for the system's setting. */
export const TCP_NOTSENT_LOWAT: Option<number> = both(
  PAGE,
  'TCP_NOTSENT_LOWAT',
  constants.TCP_NOTSENT_LOWAT,
  unsigned,
  '3.12',
)
/** The sequence number of the queue that TCP_REPAIR_QUEUE chose. Only under repair. */
export const TCP_QUEUE_SEQ: Option<number> = both(
  PAGE,
  'TCP_QUEUE_SEQ',
  constants.TCP_QUEUE_SEQ,
  unsigned,
  '3.5',
  REPAIR,
)
/** Whether acknowledgements are sent at once. Not lasting: the kernel leaves the mode by itself. */
export const TCP_QUICKACK: Option<boolean> = both(PAGE, 'TCP_QUICKACK', constants.TCP_QUICKACK, boolean, '2.4.4')
/**
 * 1 puts the connection under repair: it can be saved and restored, and closing it sends nothing. 0 ends that, -1
 * without a window probe. Needs CAP_NET_ADMIN.
 */
export const TCP_REPAIR: Option<number> = both(
  PAGE,
  'TCP_REPAIR',
  constants.TCP_REPAIR,
  integerWithin(-1, 1),
  '3.5',
  REPAIR,
)
/** The options that were negotiated. Only under repair. */
export const TCP_REPAIR_OPTIONS: Option<never, readonly RepairOption[]> = writeOnly(
  PAGE,
  'TCP_REPAIR_OPTIONS',
  constants.TCP_REPAIR_OPTIONS,
  repairOptions,
  '3.5',
  REPAIR,
)
/** The queue that is repaired: 0 none, 1 the receive queue, 2 the send queue. Only under repair. */
export const TCP_REPAIR_QUEUE: Option<number> = both(
  PAGE,
  'TCP_REPAIR_QUEUE',
  constants.TCP_REPAIR_QUEUE,
  integerWithin(0, 2),
  '3.5',
  REPAIR,
)
/** The windows. Only under repair. */
export const TCP_REPAIR_WINDOW: Option<RepairWindow> = both(
  PAGE,
  'TCP_REPAIR_WINDOW',
  constants.TCP_REPAIR_WINDOW,
  repairWindow,
  '4.8',
  REPAIR,
)
/** The longest retransmission timeout, in milliseconds, 1000 to 120000. */
export const TCP_RTO_MAX_MS: Option<number> = both(PAGE, 'TCP_RTO_MAX_MS', constants.TCP_RTO_MAX_MS, count, '6.15')
/** The shortest retransmission timeout, in microseconds. */
export const TCP_RTO_MIN_US: Option<number> = both(PAGE, 'TCP_RTO_MIN_US', constants.TCP_RTO_MIN_US, count, '6.15')
/** The headers of the SYN that an accepted connection began with, if its listener had TCP_SAVE_SYN; it is told once. */
export const TCP_SAVED_SYN: Option<Uint8Array, never> = readOnly(
  PAGE,
  'TCP_SAVED_SYN',
  constants.TCP_SAVED_SYN,
  bytesWithin(256, 4096),
  '4.2',
)
/**
 * Whether a listener keeps the SYN of each connection: 1 from its network header on, 2 from its link header on (5.10).
 */
export const TCP_SAVE_SYN: Option<number> = both(
  PAGE,
  'TCP_SAVE_SYN',
  constants.TCP_SAVE_SYN,
  integerWithin(0, 2),
  '4.2',
)
/** How many times a SYN is sent again before connect fails, 1 to 127. */
export const TCP_SYNCNT: Option<number> = both(PAGE, 'TCP_SYNCNT', constants.TCP_SYNCNT, integer, '2.4')
/** Kept for old programs; it has no effect since 4.11. */
export const TCP_THIN_DUPACK: Option<boolean> = both(
  PAGE,
  'TCP_THIN_DUPACK',
  constants.TCP_THIN_DUPACK,
  boolean,
  '2.6.34',
)
/** Whether the timeouts of a connection with few segments in flight do not double. */
export const TCP_THIN_LINEAR_TIMEOUTS: Option<boolean> = both(
  PAGE,
  'TCP_THIN_LINEAR_TIMEOUTS',
  constants.TCP_THIN_LINEAR_TIMEOUTS,
  boolean,
  '2.6.34',
)
/** The clock of the timestamps that are sent. It is set only under repair. */
export const TCP_TIMESTAMP: Option<number> = both(PAGE, 'TCP_TIMESTAMP', constants.TCP_TIMESTAMP, unsigned, '3.9')
/** By how much each segment is delayed, in microseconds, to try what a longer way does. */
export const TCP_TX_DELAY: Option<number> = both(PAGE, 'TCP_TX_DELAY', constants.TCP_TX_DELAY, count, '5.3')
/** The protocol above that the kernel does, `tls`; empty for none. On a connection, and not to be taken back. */
export const TCP_ULP: Option<string> = both(PAGE, 'TCP_ULP', constants.TCP_ULP, nameWithin(NAME_BYTES), '4.13')
/** How long sent data may stay unacknowledged before the connection is given up, in milliseconds. */
export const TCP_USER_TIMEOUT: Option<number> = both(
  PAGE,
  'TCP_USER_TIMEOUT',
  constants.TCP_USER_TIMEOUT,
  count,
  '2.6.37',
)
/** The most that the announced window is, in bytes; 0 for no bound. */
export const TCP_WINDOW_CLAMP: Option<number> = both(PAGE, 'TCP_WINDOW_CLAMP', constants.TCP_WINDOW_CLAMP, count, '2.4')
