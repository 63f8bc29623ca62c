/** Options of packet sockets: level SOL_PACKET, packet(7). Rings, which need memory that is shared with the kernel, are left out. Sorted by name. */
import * as constants from '../../sys/constants.ts'
import { boolean, count, unsigned, integerWithin } from './codec.ts'
import { both, readOnly, writeOnly } from './define.ts'
import { filterProgram, type FilterInstruction } from './filter.ts'
import type { Option } from './option.ts'
import {
  packetMembership,
  packetStatistics,
  rolloverStatistics,
  packetFanout,
  type PacketMembership,
  type PacketStatistics,
  type RolloverStatistics,
  type PacketFanout,
} from './packet-structures.ts'

const PAGE = { level: constants.SOL_PACKET, man: 'packet(7)' }

/** Has an interface receive more than what is sent to it: a group, an address, all groups, everything. */
export const PACKET_ADD_MEMBERSHIP: Option<never, PacketMembership> = writeOnly(
  PAGE,
  'PACKET_ADD_MEMBERSHIP',
  constants.PACKET_ADD_MEMBERSHIP,
  packetMembership,
  '2.4',
)
/** Whether packets come with their lengths, status and VLAN tag, as ancillary data. */
export const PACKET_AUXDATA: Option<boolean> = both(PAGE, 'PACKET_AUXDATA', constants.PACKET_AUXDATA, boolean, '2.6.21')
/** Packets longer than this, in bytes, are queued whole as well as put into the ring. */
export const PACKET_COPY_THRESH: Option<number> = both(
  PAGE,
  'PACKET_COPY_THRESH',
  constants.PACKET_COPY_THRESH,
  count,
  '2.4',
)
/** Takes what PACKET_ADD_MEMBERSHIP did back. */
export const PACKET_DROP_MEMBERSHIP: Option<never, PacketMembership> = writeOnly(
  PAGE,
  'PACKET_DROP_MEMBERSHIP',
  constants.PACKET_DROP_MEMBERSHIP,
  packetMembership,
  '2.4',
)
/** The group of sockets that share what comes in, and how. Set after bind, once. */
export const PACKET_FANOUT: Option<PacketFanout> = both(
  PAGE,
  'PACKET_FANOUT',
  constants.PACKET_FANOUT,
  packetFanout,
  '3.1',
)
/** The classic BPF program by which a group with PACKET_FANOUT_CBPF shares. */
export const PACKET_FANOUT_DATA: Option<never, readonly FilterInstruction[]> = writeOnly(
  PAGE,
  'PACKET_FANOUT_DATA',
  constants.PACKET_FANOUT_DATA,
  filterProgram,
  '4.3',
)
/** Whether packets that this host sends are left out. */
export const PACKET_IGNORE_OUTGOING: Option<boolean> = both(
  PAGE,
  'PACKET_IGNORE_OUTGOING',
  constants.PACKET_IGNORE_OUTGOING,
  boolean,
  '4.20',
)
/** Whether malformed packets in the ring to send are passed over. */
export const PACKET_LOSS: Option<boolean> = both(PAGE, 'PACKET_LOSS', constants.PACKET_LOSS, boolean, '2.6.31')
/** Whether the address of a packet names the interface that it came by, and not the bond or bridge above. */
export const PACKET_ORIGDEV: Option<boolean> = both(PAGE, 'PACKET_ORIGDEV', constants.PACKET_ORIGDEV, boolean, '2.6.26')
/** Whether packets are sent without the queueing discipline. */
export const PACKET_QDISC_BYPASS: Option<boolean> = both(
  PAGE,
  'PACKET_QDISC_BYPASS',
  constants.PACKET_QDISC_BYPASS,
  boolean,
  '3.14',
)
/** Room that is kept before each packet in the ring, in bytes. */
export const PACKET_RESERVE: Option<number> = both(PAGE, 'PACKET_RESERVE', constants.PACKET_RESERVE, unsigned, '2.6.27')
/** How many packets a group with PACKET_FANOUT_ROLLOVER passed on. */
export const PACKET_ROLLOVER_STATS: Option<RolloverStatistics, never> = readOnly(
  PAGE,
  'PACKET_ROLLOVER_STATS',
  constants.PACKET_ROLLOVER_STATS,
  rolloverStatistics,
  '4.2',
)
/** How many packets came and were dropped since it was read last. */
export const PACKET_STATISTICS: Option<PacketStatistics, never> = readOnly(
  PAGE,
  'PACKET_STATISTICS',
  constants.PACKET_STATISTICS,
  packetStatistics,
  '2.4',
)
/** By whom the ring's timestamps are made: a mask of `SOF_TIMESTAMPING_…`. */
export const PACKET_TIMESTAMP: Option<number> = both(
  PAGE,
  'PACKET_TIMESTAMP',
  constants.PACKET_TIMESTAMP,
  count,
  '2.6.36',
)
/** Whether packets in the ring to send say where they begin. */
export const PACKET_TX_HAS_OFF: Option<boolean> = both(
  PAGE,
  'PACKET_TX_HAS_OFF',
  constants.PACKET_TX_HAS_OFF,
  boolean,
  '3.11',
)
/** The version of the ring: `TPACKET_V1`, `TPACKET_V2`, `TPACKET_V3`. */
export const PACKET_VERSION: Option<number> = both(
  PAGE,
  'PACKET_VERSION',
  constants.PACKET_VERSION,
  integerWithin(0, 2),
  '2.6.27',
)
/** Whether packets begin with a header of virtio-net, which tells of checksums and segmentation. */
export const PACKET_VNET_HDR: Option<boolean> = both(
  PAGE,
  'PACKET_VNET_HDR',
  constants.PACKET_VNET_HDR,
  boolean,
  '2.6.34',
)
