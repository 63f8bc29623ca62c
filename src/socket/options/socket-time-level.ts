/** Options of times, when packets came and when they are to be sent: level SOL_SOCKET. Sorted by name. */
import * as constants from '../../sys/constants.ts'
import { boolean } from './codec.ts'
import { both } from './define.ts'
import type { Option } from './option.ts'
import { timestamping, transmitTime, type Timestamping, type TransmitTime } from './socket-structures.ts'

const PAGE = { level: constants.SOL_SOCKET, man: 'socket(7)' }
const TIMESTAMPING = 'Documentation/networking/timestamping.rst'

/** Whether a message on the error queue is told as urgent data (POLLPRI) as well. */
export const SO_SELECT_ERR_QUEUE: Option<boolean> = both(
  PAGE,
  'SO_SELECT_ERR_QUEUE',
  constants.SO_SELECT_ERR_QUEUE,
  boolean,
  '3.10',
)
/** Whether messages come with the time when they were received, in microseconds, as ancillary data. */
export const SO_TIMESTAMP: Option<boolean> = both(PAGE, 'SO_TIMESTAMP', constants.SO_TIMESTAMP, boolean, '2.2')
/** Which timestamps are made of what is received and sent, and by whom: a mask of `SOF_TIMESTAMPING_…`. */
export const SO_TIMESTAMPING: Option<Timestamping, number | Partial<Timestamping>> = both(
  PAGE,
  'SO_TIMESTAMPING',
  constants.SO_TIMESTAMPING,
  timestamping,
  '2.6.30',
  TIMESTAMPING,
)
/** Whether messages come with the time when they were received, in nanoseconds, as ancillary data. */
export const SO_TIMESTAMPNS: Option<boolean> = both(PAGE, 'SO_TIMESTAMPNS', constants.SO_TIMESTAMPNS, boolean, '2.6.22')
/** By which clock messages say when they are to be sent. Other clocks than CLOCK_MONOTONIC need CAP_NET_ADMIN. */
export const SO_TXTIME: Option<TransmitTime> = both(
  PAGE,
  'SO_TXTIME',
  constants.SO_TXTIME,
  transmitTime,
  '4.19',
  'tc-etf(8)',
)
