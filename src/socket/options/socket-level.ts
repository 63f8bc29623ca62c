/** Options of every socket: level SOL_SOCKET, socket(7). Sorted by name. */
import * as constants from '../../sys/constants.ts'
import { boolean, integer, lingerSeconds, milliseconds } from './codec.ts'
import type { Codec, Option } from './option.ts'

function option<Value>(
  name: string,
  number: number,
  codec: Codec<Value>,
  direction: Option<Value>['direction'] = 'both',
): Option<Value> {
  return { name, level: constants.SOL_SOCKET, number, codec, direction, man: 'socket(7)' }
}

/** Whether the socket listens. */
export const SO_ACCEPTCONN: Option<boolean> = option('SO_ACCEPTCONN', constants.SO_ACCEPTCONN, boolean, 'get')
/** Whether datagrams may be sent to broadcast addresses. */
export const SO_BROADCAST: Option<boolean> = option('SO_BROADCAST', constants.SO_BROADCAST, boolean)
/** The socket's family, `AF_…`. */
export const SO_DOMAIN: Option<number> = option('SO_DOMAIN', constants.SO_DOMAIN, integer, 'get')
/** The pending error as a positive errno, 0 if none; reading clears it. */
export const SO_ERROR: Option<number> = option('SO_ERROR', constants.SO_ERROR, integer, 'get')
/** Whether an idle connection is probed. */
export const SO_KEEPALIVE: Option<boolean> = option('SO_KEEPALIVE', constants.SO_KEEPALIVE, boolean)
/** How long close(2) waits for what is queued, in seconds; 0 resets the connection, undefined does neither. */
export const SO_LINGER: Option<number | undefined> = option('SO_LINGER', constants.SO_LINGER, lingerSeconds)
/** The socket's protocol, `IPPROTO_…`. */
export const SO_PROTOCOL: Option<number> = option('SO_PROTOCOL', constants.SO_PROTOCOL, integer, 'get')
/** The receive buffer in bytes. The kernel doubles what is set, and answers with the doubled number. */
export const SO_RCVBUF: Option<number> = option('SO_RCVBUF', constants.SO_RCVBUF, integer)
/** The least number of bytes that make the socket readable. */
export const SO_RCVLOWAT: Option<number> = option('SO_RCVLOWAT', constants.SO_RCVLOWAT, integer)
/**
 * How long a blocking receive waits, in milliseconds; 0 for ever. The calls of this library never block: it is for
 * programs that the descriptor is handed to.
 */
export const SO_RCVTIMEO: Option<number> = option('SO_RCVTIMEO', constants.SO_RCVTIMEO, milliseconds)
/** Whether an address can be bound that an earlier connection still lingers on. */
export const SO_REUSEADDR: Option<boolean> = option('SO_REUSEADDR', constants.SO_REUSEADDR, boolean)
/** Whether several sockets can be bound to one address and share what comes in. */
export const SO_REUSEPORT: Option<boolean> = option('SO_REUSEPORT', constants.SO_REUSEPORT, boolean)
/** The send buffer in bytes. The kernel doubles what is set, and answers with the doubled number. */
export const SO_SNDBUF: Option<number> = option('SO_SNDBUF', constants.SO_SNDBUF, integer)
/** How long a blocking send waits, in milliseconds; 0 for ever. See SO_RCVTIMEO. */
export const SO_SNDTIMEO: Option<number> = option('SO_SNDTIMEO', constants.SO_SNDTIMEO, milliseconds)
/** The socket's type, `SOCK_…`. */
export const SO_TYPE: Option<number> = option('SO_TYPE', constants.SO_TYPE, integer, 'get')
