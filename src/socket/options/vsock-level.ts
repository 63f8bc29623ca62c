/** Options of sockets between a virtual machine and its host: level AF_VSOCK, vsock(7). Sorted by name. */
import * as constants from '../../sys/constants.ts'
import { wideCount, milliseconds } from './codec.ts'
import { both } from './define.ts'
import type { Option } from './option.ts'

const PAGE = { level: constants.AF_VSOCK, man: 'vsock(7)' }

/** The most that SO_VM_SOCKETS_BUFFER_SIZE can be, in bytes. */
export const SO_VM_SOCKETS_BUFFER_MAX_SIZE: Option<number> = both(
  PAGE,
  'SO_VM_SOCKETS_BUFFER_MAX_SIZE',
  constants.SO_VM_SOCKETS_BUFFER_MAX_SIZE,
  wideCount,
  '3.9',
)
/** The least that SO_VM_SOCKETS_BUFFER_SIZE can be, in bytes. */
export const SO_VM_SOCKETS_BUFFER_MIN_SIZE: Option<number> = both(
  PAGE,
  'SO_VM_SOCKETS_BUFFER_MIN_SIZE',
  constants.SO_VM_SOCKETS_BUFFER_MIN_SIZE,
  wideCount,
  '3.9',
)
/** The receive buffer that the peer is told of, in bytes. */
export const SO_VM_SOCKETS_BUFFER_SIZE: Option<number> = both(
  PAGE,
  'SO_VM_SOCKETS_BUFFER_SIZE',
  constants.SO_VM_SOCKETS_BUFFER_SIZE,
  wideCount,
  '3.9',
)
/** How long connect waits, in milliseconds, down to a microsecond; more than 0. */
export const SO_VM_SOCKETS_CONNECT_TIMEOUT: Option<number> = both(
  PAGE,
  'SO_VM_SOCKETS_CONNECT_TIMEOUT',
  constants.SO_VM_SOCKETS_CONNECT_TIMEOUT,
  milliseconds,
  '3.9',
)
