// Sockets of every kind that has options of its own, by a short name.
import {
  AF_INET,
  AF_INET6,
  AF_NETLINK,
  AF_PACKET,
  AF_UNIX,
  AF_VSOCK,
  IPPROTO_ICMP,
  IPPROTO_ICMPV6,
  IPPROTO_MPTCP,
  IPPROTO_RAW,
  SOCK_DGRAM,
  SOCK_RAW,
  SOCK_STREAM,
  Socket,
  supports,
} from '../../../src/index.ts'
import { needs } from '../../support/needs.ts'

/** A protocol number that is there for experiments (RFC 3692). */
const EXPERIMENTAL = 253

export type Kind =
  | 'tcp'
  | 'udp'
  | 'tcp6'
  | 'udp6'
  | 'unix'
  | 'icmp'
  | 'icmp6'
  | 'experiment6'
  | 'raw6'
  | 'packet'
  | 'netlink'
  | 'vsock'
  | 'mptcp'

export const KINDS: Readonly<Record<Kind, readonly [family: number, type: number, protocol: number]>> = {
  tcp: [AF_INET, SOCK_STREAM, 0],
  udp: [AF_INET, SOCK_DGRAM, 0],
  tcp6: [AF_INET6, SOCK_STREAM, 0],
  udp6: [AF_INET6, SOCK_DGRAM, 0],
  unix: [AF_UNIX, SOCK_STREAM, 0],
  icmp: [AF_INET, SOCK_RAW, IPPROTO_ICMP],
  icmp6: [AF_INET6, SOCK_RAW, IPPROTO_ICMPV6],
  experiment6: [AF_INET6, SOCK_RAW, EXPERIMENTAL],
  raw6: [AF_INET6, SOCK_RAW, IPPROTO_RAW],
  packet: [AF_PACKET, SOCK_RAW, 0],
  netlink: [AF_NETLINK, SOCK_RAW, 0],
  vsock: [AF_VSOCK, SOCK_STREAM, 0],
  mptcp: [AF_INET, SOCK_STREAM, IPPROTO_MPTCP],
}

/** Raw and packet sockets are for root. */
const FOR_ROOT: ReadonlySet<Kind> = new Set<Kind>(['icmp', 'icmp6', 'experiment6', 'raw6', 'packet'])

/** For node:test's `skip`: why a socket of the kind can't be opened here. */
export function kindNeeds(kind: Kind, root: boolean = false): string | false {
  const [family, type, protocol] = KINDS[kind]
  if (!supports({ family, type, protocol })) return `this kernel has no ${kind} sockets`
  return needs({ root: root || FOR_ROOT.has(kind), program: 'python3' })
}

export function open(kind: Kind): Socket {
  return new Socket(...KINDS[kind])
}
