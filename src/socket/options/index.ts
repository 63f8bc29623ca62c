export type { Credentials } from './credentials.ts'
export type { FilterInstruction } from './filter.ts'
export type { MulticastInterface, PacketInfo } from './interface.ts'
export type {
  GroupMembership,
  InetMembership,
  InetSourceFilter,
  InetSourceMembership,
  SourceFilter,
  SourceMembership,
} from './membership.ts'
export type { MptcpInfo, MptcpSubflow } from './mptcp-info.ts'
export { getOption, setOption, type Codec, type Option } from './option.ts'
export type { PacketFanout, PacketMembership, PacketStatistics, RolloverStatistics } from './packet-structures.ts'
export type { PortRange, SocketMemory, Timestamping, TransmitTime } from './socket-structures.ts'
export type { TcpInfo } from './tcp-info.ts'
export type { Md5Signature, RepairOption, RepairWindow } from './tcp-structures.ts'
export * from './ip-level.ts'
export * from './ip-multicast-level.ts'
export * from './ipv6-level.ts'
export * from './mptcp-level.ts'
export * from './netlink-level.ts'
export * from './packet-level.ts'
export * from './raw-level.ts'
export * from './socket-filter-level.ts'
export * from './socket-level.ts'
export * from './socket-time-level.ts'
export * from './tcp-level.ts'
export * from './udp-level.ts'
export * from './unix-level.ts'
export * from './vsock-level.ts'
