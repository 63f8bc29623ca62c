/** Options of filters: level SOL_SOCKET, socket(7). Sorted by name. */
import * as constants from '../../sys/constants.ts'
import { boolean, integer, nothing } from './codec.ts'
import { both, writeOnly } from './define.ts'
import { filterProgram, type FilterInstruction } from './filter.ts'
import type { Option } from './option.ts'

const PAGE = { level: constants.SOL_SOCKET, man: 'socket(7)' }

/** The descriptor of an eBPF program that decides what the socket receives. */
export const SO_ATTACH_BPF: Option<never, number> = writeOnly(
  PAGE,
  'SO_ATTACH_BPF',
  constants.SO_ATTACH_BPF,
  integer,
  '3.19',
)
/**
 * The classic BPF program that decides how many bytes of a message the socket receives, 0 for none of it. Without one
 * it reads as an empty array. Reading is there since 3.8, and refused where SO_ATTACH_BPF was set.
 */
export const SO_ATTACH_FILTER: Option<readonly Required<FilterInstruction>[], readonly FilterInstruction[]> = both(
  PAGE,
  'SO_ATTACH_FILTER',
  constants.SO_ATTACH_FILTER,
  filterProgram,
  '2.2',
)
/** A classic BPF program that chooses among the sockets of a SO_REUSEPORT group: it returns the index of one. */
export const SO_ATTACH_REUSEPORT_CBPF: Option<never, readonly FilterInstruction[]> = writeOnly(
  PAGE,
  'SO_ATTACH_REUSEPORT_CBPF',
  constants.SO_ATTACH_REUSEPORT_CBPF,
  filterProgram,
  '4.5',
)
/** The descriptor of an eBPF program that chooses among the sockets of a SO_REUSEPORT group. */
export const SO_ATTACH_REUSEPORT_EBPF: Option<never, number> = writeOnly(
  PAGE,
  'SO_ATTACH_REUSEPORT_EBPF',
  constants.SO_ATTACH_REUSEPORT_EBPF,
  integer,
  '4.5',
)
/** Takes the filter away. It has no value: set it to undefined. */
export const SO_DETACH_FILTER: Option<never, undefined> = writeOnly(
  PAGE,
  'SO_DETACH_FILTER',
  constants.SO_DETACH_FILTER,
  nothing,
  '2.2',
)
/**
 * Takes the program that chooses among the sockets of a SO_REUSEPORT group away. It has no value: set it to undefined.
 */
export const SO_DETACH_REUSEPORT_BPF: Option<never, undefined> = writeOnly(
  PAGE,
  'SO_DETACH_REUSEPORT_BPF',
  constants.SO_DETACH_REUSEPORT_BPF,
  nothing,
  '5.3',
)
/** Whether the filter can be neither changed nor taken away any more; true is for good. */
export const SO_LOCK_FILTER: Option<boolean> = both(PAGE, 'SO_LOCK_FILTER', constants.SO_LOCK_FILTER, boolean, '3.9')
