/** Options of IPv4 and IPv6: levels IPPROTO_IP, ip(7), and IPPROTO_IPV6, ipv6(7). Sorted by name. */
import * as constants from '../../sys/constants.ts'
import { boolean, integer } from './codec.ts'
import type { Codec, Option } from './option.ts'

function ip<Value>(name: string, number: number, codec: Codec<Value>): Option<Value> {
  return { name, level: constants.IPPROTO_IP, number, codec, direction: 'both', man: 'ip(7)' }
}

function ipv6<Value>(name: string, number: number, codec: Codec<Value>): Option<Value> {
  return { name, level: constants.IPPROTO_IPV6, number, codec, direction: 'both', man: 'ipv6(7)' }
}

/** Whether errors are queued with their details instead of told only to connected sockets. */
export const IP_RECVERR: Option<boolean> = ip('IP_RECVERR', constants.IP_RECVERR, boolean)
/** The type-of-service byte of what is sent (DSCP and ECN). */
export const IP_TOS: Option<number> = ip('IP_TOS', constants.IP_TOS, integer)
/** The time-to-live of what is sent. */
export const IP_TTL: Option<number> = ip('IP_TTL', constants.IP_TTL, integer)
/** The traffic class of what is sent (DSCP and ECN). */
export const IPV6_TCLASS: Option<number> = ipv6('IPV6_TCLASS', constants.IPV6_TCLASS, integer)
/** The hop limit of what is sent; -1 for the system's. */
export const IPV6_UNICAST_HOPS: Option<number> = ipv6('IPV6_UNICAST_HOPS', constants.IPV6_UNICAST_HOPS, integer)
/** Whether the socket is for IPv6 alone; false, an IPv6 socket bound to `::` takes IPv4 too. Set before bind. */
export const IPV6_V6ONLY: Option<boolean> = ipv6('IPV6_V6ONLY', constants.IPV6_V6ONLY, boolean)
