// What each option of the tables is set to in table.test.ts, and what the kernel has then.
import * as berkeley from '../../../src/index.ts'
import type { Option } from '../../../src/index.ts'
import { boolean } from '../../../src/socket/options/codec.ts'
import type { Kind } from './kinds.ts'

/** A value to set; the kernel's int where that is another than the value; what `get` gives where that is another. */
export type Try = readonly [value: unknown, int?: number, got?: unknown]

export interface Row {
  readonly on: Kind
  readonly tries: readonly Try[]
  readonly root?: boolean
}

/** Options that are one int, with the values that are tried. Those that are switches need none. */
const NUMBERS: Readonly<Record<string, readonly Try[]>> = {
  IPV6_ADDR_PREFERENCES: [
    [berkeley.IPV6_PREFER_SRC_TMP, 0x401, 0x401],
    [berkeley.IPV6_PREFER_SRC_PUBLIC, 0x402, 0x402],
  ],
  IPV6_CHECKSUM: [[2], [-1]],
  IPV6_MINHOPCOUNT: [[0], [5], [255]],
  IPV6_MTU_DISCOVER: [[0], [1], [2], [3], [4], [5]],
  IPV6_MULTICAST_HOPS: [[5], [0], [255], [-1, 1, 1]],
  IPV6_MULTICAST_IF: [['lo', 1, 1], [0], [1]],
  IPV6_TCLASS: [[0x20], [0], [-1, 0, 0]],
  IPV6_UNICAST_HOPS: [[1], [255], [-1, 64, 64]],
  IPV6_UNICAST_IF: [['lo', 0x1000000, 1], [0], [1, 0x1000000]],
  IP_MINTTL: [[0], [5], [255]],
  IP_MTU_DISCOVER: [[0], [1], [2], [3], [4], [5]],
  IP_MULTICAST_TTL: [[5], [0], [255], [-1, 1, 1]],
  IP_TOS: [[0x10], [0], [255]],
  IP_TTL: [[1], [255], [-1, 64, 64]],
  IP_UNICAST_IF: [['lo', 0x1000000, 1], [0], [1, 0x1000000]],
  PACKET_COPY_THRESH: [[100], [0]],
  PACKET_RESERVE: [[8], [0]],
  PACKET_TIMESTAMP: [[berkeley.SOF_TIMESTAMPING_RAW_HARDWARE], [0]],
  PACKET_VERSION: [[1], [2], [0]],
  SO_BINDTOIFINDEX: [['lo', 1, 1], [0], [1]],
  SO_BUF_LOCK: [[berkeley.SOCK_SNDBUF_LOCK], [3], [0]],
  SO_BUSY_POLL: [[50], [0]],
  SO_INCOMING_CPU: [[0]],
  SO_MARK: [[7], [0xffff_ffff, -1], [0]],
  SO_PEEK_OFF: [[3], [0], [-1]],
  SO_PRIORITY: [[6], [0]],
  SO_RCVBUF: [[50_000, 100_000, 100_000]],
  SO_RCVLOWAT: [[1], [100]],
  SO_SNDBUF: [[50_000, 100_000, 100_000]],
  SO_TXREHASH: [[0], [1]],
  TCP_DEFER_ACCEPT: [[1], [0]],
  TCP_DELACK_MAX_US: [[100_000]],
  TCP_FASTOPEN: [[5], [0]],
  TCP_KEEPCNT: [[1], [127]],
  TCP_KEEPIDLE: [[1], [32_767]],
  TCP_KEEPINTVL: [[1], [32_767]],
  TCP_LINGER2: [[10], [-1]],
  TCP_MAXSEG: [[1000], [88]],
  TCP_NOTSENT_LOWAT: [[16_384], [0xffff_ffff, -1], [0]],
  TCP_REPAIR: [[1], [0]],
  TCP_RTO_MAX_MS: [[1000], [120_000]],
  TCP_RTO_MIN_US: [[100_000]],
  TCP_SAVE_SYN: [[1], [2], [0]],
  TCP_SYNCNT: [[1], [127]],
  TCP_TX_DELAY: [[1000], [0]],
  TCP_USER_TIMEOUT: [[1000], [0]],
  TCP_WINDOW_CLAMP: [[65_536], [0]],
  UDP_ENCAP: [[berkeley.UDP_ENCAP_L2TPINUDP], [0]],
  UDP_SEGMENT: [[1200], [0]],
}

/** Options that can't be set at will, or are no single int: each has a test of its own, in the file named. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  IPV6_DSTOPTS: 'structures',
  IPV6_HOPOPTS: 'structures',
  IPV6_MTU: 'state',
  IPV6_ROUTER_ALERT: 'state',
  IPV6_RTHDR: 'structures',
  IPV6_RTHDRDSTOPTS: 'structures',
  IP_LOCAL_PORT_RANGE: 'structures',
  IP_MULTICAST_IF: 'multicast',
  IP_OPTIONS: 'structures',
  IP_ROUTER_ALERT: 'state',
  PACKET_FANOUT: 'packet',
  ICMPV6_FILTER: 'structures',
  ICMP_FILTER: 'structures',
  SO_ATTACH_FILTER: 'filter',
  SO_BINDTODEVICE: 'structures',
  SO_LINGER: 'structures',
  SO_LOCK_FILTER: 'filter',
  SO_MAX_PACING_RATE: 'structures',
  SO_RCVTIMEO: 'structures',
  SO_RESERVE_MEM: 'state',
  SO_SNDTIMEO: 'structures',
  SO_TIMESTAMPING: 'structures',
  SO_TXTIME: 'structures',
  SO_VM_SOCKETS_BUFFER_MAX_SIZE: 'structures',
  SO_VM_SOCKETS_BUFFER_MIN_SIZE: 'structures',
  SO_VM_SOCKETS_BUFFER_SIZE: 'structures',
  SO_VM_SOCKETS_CONNECT_TIMEOUT: 'state',
  TCP_CONGESTION: 'structures',
  TCP_FASTOPEN_KEY: 'structures',
  TCP_QUEUE_SEQ: 'repair',
  TCP_REPAIR_QUEUE: 'repair',
  TCP_REPAIR_WINDOW: 'repair',
  TCP_THIN_DUPACK: 'state',
  TCP_TIMESTAMP: 'repair',
  TCP_ULP: 'state',
}

/** Of what the level has several kinds, the one that the option is for. */
const SPECIAL: Readonly<Record<string, Kind>> = {
  IPV6_CHECKSUM: 'experiment6',
  IPV6_HDRINCL: 'icmp6',
  IPV6_MINHOPCOUNT: 'tcp6',
  IPV6_ROUTER_ALERT_ISOLATE: 'raw6',
  IP_HDRINCL: 'icmp',
  IP_MINTTL: 'tcp',
  IP_NODEFRAG: 'icmp',
  SO_BROADCAST: 'udp',
  SO_NOFCS: 'packet',
  SO_NO_CHECK: 'udp',
  SO_PEEK_OFF: 'unix',
  SO_PREFER_BUSY_POLL: 'udp',
  SO_RXQ_OVFL: 'udp',
  SO_WIFI_STATUS: 'udp',
  UDP_NO_CHECK6_RX: 'udp6',
  UDP_NO_CHECK6_TX: 'udp6',
}

const FOR_ROOT: ReadonlySet<string> = new Set([
  'IPV6_TRANSPARENT',
  'IP_TRANSPARENT',
  'NETLINK_LISTEN_ALL_NSID',
  'SO_BINDTOIFINDEX', // a second time
  'SO_BUSY_POLL',
  'SO_DEBUG',
  'SO_MARK',
  'SO_PREFER_BUSY_POLL',
  'SO_RCVMARK',
  'TCP_REPAIR',
])

export function kindOf(name: string): Kind {
  const special = SPECIAL[name]
  if (special !== undefined) return special
  if (/^SO_(PASS|PEER)/.test(name)) return 'unix'
  const byPrefix: readonly (readonly [string, Kind])[] = [
    ['IPV6_', 'udp6'],
    ['IP6T_', 'tcp6'],
    ['MPTCP_', 'mptcp'],
    ['NETLINK_', 'netlink'],
    ['PACKET_', 'packet'],
    ['SO_VM_', 'vsock'],
    ['ICMPV6_', 'icmp6'],
    ['ICMP_', 'icmp'],
    ['IP_', 'udp'],
    ['MCAST_', 'udp'],
    ['UDP_', 'udp'],
  ]
  return byPrefix.find(([prefix]) => name.startsWith(prefix))?.[1] ?? 'tcp'
}

/** All options of the tables. */
export const options: readonly Option<unknown>[] = (Object.values(berkeley) as readonly unknown[]).filter(
  (value): value is Option<unknown> => typeof value === 'object' && value !== null && 'codec' in value,
)

/** How an option is tried; undefined for one that has a test of its own. */
export function rowOf(option: Option<unknown>): Row | undefined {
  const { name, codec } = option
  const tries = NUMBERS[name] ?? (codec === boolean && ELSEWHERE[name] === undefined ? [[true], [false]] : undefined)
  if (tries === undefined) return undefined
  return { on: kindOf(name), tries, root: FOR_ROOT.has(name) }
}
