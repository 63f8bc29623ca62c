/** Options of UDP: level SOL_UDP, udp(7). Sorted by name. */
import * as constants from '../../sys/constants.ts'
import { boolean, integer, integerWithin } from './codec.ts'
import { both } from './define.ts'
import type { Option } from './option.ts'

const PAGE = { level: constants.SOL_UDP, man: 'udp(7)' }

/** Whether what is sent is gathered to one datagram, until it is turned off. */
export const UDP_CORK: Option<boolean> = both(PAGE, 'UDP_CORK', constants.UDP_CORK, boolean, '2.5.44')
/** The protocol that datagrams carry, for the kernel to unpack: `UDP_ENCAP_…`. */
export const UDP_ENCAP: Option<number> = both(PAGE, 'UDP_ENCAP', constants.UDP_ENCAP, integer, '2.5.67')
/** Whether datagrams of one sender come several at once, with the length of each as ancillary data. */
export const UDP_GRO: Option<boolean> = both(PAGE, 'UDP_GRO', constants.UDP_GRO, boolean, '5.0')
/** Whether datagrams over IPv6 without a checksum are received. */
export const UDP_NO_CHECK6_RX: Option<boolean> = both(
  PAGE,
  'UDP_NO_CHECK6_RX',
  constants.UDP_NO_CHECK6_RX,
  boolean,
  '3.16',
)
/** Whether datagrams over IPv6 are sent without a checksum. */
export const UDP_NO_CHECK6_TX: Option<boolean> = both(
  PAGE,
  'UDP_NO_CHECK6_TX',
  constants.UDP_NO_CHECK6_TX,
  boolean,
  '3.16',
)
/** The length at which what is sent is cut to datagrams, in bytes; 0 for not at all. */
export const UDP_SEGMENT: Option<number> = both(
  PAGE,
  'UDP_SEGMENT',
  constants.UDP_SEGMENT,
  integerWithin(0, 65535),
  '4.18',
)
