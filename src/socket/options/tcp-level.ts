/** Options of TCP: level IPPROTO_TCP, tcp(7). Sorted by name. */
import * as constants from '../../sys/constants.ts'
import { boolean, integer } from './codec.ts'
import type { Codec, Option } from './option.ts'

function option<Value>(name: string, number: number, codec: Codec<Value>): Option<Value> {
  return { name, level: constants.IPPROTO_TCP, number, codec, direction: 'both', man: 'tcp(7)' }
}

/** Whether partial segments are held until it is turned off, or 200 ms have passed. */
export const TCP_CORK: Option<boolean> = option('TCP_CORK', constants.TCP_CORK, boolean)
/** How long a connection may stay without data before it is accepted, in seconds (the kernel rounds up). */
export const TCP_DEFER_ACCEPT: Option<number> = option('TCP_DEFER_ACCEPT', constants.TCP_DEFER_ACCEPT, integer)
/** How many probes go unanswered before the connection is given up. */
export const TCP_KEEPCNT: Option<number> = option('TCP_KEEPCNT', constants.TCP_KEEPCNT, integer)
/** How long a connection is idle before the first probe, in seconds. */
export const TCP_KEEPIDLE: Option<number> = option('TCP_KEEPIDLE', constants.TCP_KEEPIDLE, integer)
/** The time between probes, in seconds. */
export const TCP_KEEPINTVL: Option<number> = option('TCP_KEEPINTVL', constants.TCP_KEEPINTVL, integer)
/** Whether Nagle's algorithm is off: small segments are sent at once. */
export const TCP_NODELAY: Option<boolean> = option('TCP_NODELAY', constants.TCP_NODELAY, boolean)
/** Whether acknowledgements are sent at once. Not lasting: the kernel leaves the mode by itself. */
export const TCP_QUICKACK: Option<boolean> = option('TCP_QUICKACK', constants.TCP_QUICKACK, boolean)
/** How long sent data may stay unacknowledged before the connection is given up, in milliseconds. */
export const TCP_USER_TIMEOUT: Option<number> = option('TCP_USER_TIMEOUT', constants.TCP_USER_TIMEOUT, integer)
