/** Options of raw sockets: which ICMP messages are left out (raw(7), icmp(7), RFC 3542 section 3.2). Sorted by name. */
import * as constants from '../../sys/constants.ts'
import { both } from './define.ts'
import type { Option } from './option.ts'
import { bits } from './socket-structures.ts'

const PAGE = { level: constants.SOL_RAW, man: 'raw(7)' }
const ICMPV6 = { level: constants.SOL_ICMPV6, man: 'RFC 3542' }

/** The types of ICMPv6 messages that a raw socket of IPPROTO_ICMPV6 does not receive. */
export const ICMPV6_FILTER: Option<readonly number[]> = both(
  ICMPV6,
  'ICMPV6_FILTER',
  constants.ICMP6_FILTER,
  bits(255),
  '2.2',
)
/** The types of ICMP messages, 0 to 31, that a raw socket of IPPROTO_ICMP does not receive. */
export const ICMP_FILTER: Option<readonly number[]> = both(PAGE, 'ICMP_FILTER', constants.ICMP_FILTER, bits(31), '2.2')
