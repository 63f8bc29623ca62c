/** The spellings that options have in common. The kernel's integers are in the machine's byte order. */
import { linger as lingerLayout, timeval as timevalLayout } from '../../sys/layout.ts'
import type { Codec } from './option.ts'

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

function isInt(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31
}

function writeInt(value: number): Uint8Array {
  return new Uint8Array(Int32Array.of(value).buffer)
}

/** The kernel answers some options with one byte. */
function readInt(bytes: Uint8Array): number {
  return bytes.length < 4 ? (bytes[0] ?? 0) : view(bytes).getInt32(0, isLittleEndian)
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** An int. */
export const integer: Codec<number> = {
  expected: 'a whole number that fits 32 bits',
  byteLength: 4,
  accepts: isInt,
  write: writeInt,
  read: readInt,
}

/** An int that is 0 or not 0. */
export const boolean: Codec<boolean> = {
  expected: 'a boolean',
  byteLength: 4,
  accepts: (value) => typeof value === 'boolean',
  write: (value) => writeInt(value ? 1 : 0),
  read: (bytes) => readInt(bytes) !== 0,
}

/** How long close(2) waits for what is queued: seconds, 0 to reset at once, or undefined to let the kernel do it. */
export const lingerSeconds: Codec<number | undefined> = {
  expected: 'a whole number of seconds from 0 to 65535, or undefined',
  byteLength: lingerLayout.size,
  accepts: (value): value is number | undefined =>
    value === undefined || (isInt(value) && value >= 0 && value <= 65535),
  write: (value) => {
    const bytes = new Uint8Array(lingerLayout.size)
    view(bytes).setInt32(lingerLayout.l_onoff, value === undefined ? 0 : 1, isLittleEndian)
    view(bytes).setInt32(lingerLayout.l_linger, value ?? 0, isLittleEndian)
    return bytes
  },
  read: (bytes) =>
    view(bytes).getInt32(lingerLayout.l_onoff, isLittleEndian) === 0
      ? undefined
      : view(bytes).getInt32(lingerLayout.l_linger, isLittleEndian),
}

/** A `struct timeval` as milliseconds; 0 stands for "for ever". */
export const milliseconds: Codec<number> = {
  expected: 'a number of milliseconds, 0 or more',
  byteLength: timevalLayout.size,
  accepts: (value): value is number => typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER,
  write: (value) => {
    const bytes = new Uint8Array(timevalLayout.size)
    view(bytes).setBigInt64(timevalLayout.tv_sec, BigInt(Math.floor(value / 1000)), isLittleEndian)
    view(bytes).setBigInt64(timevalLayout.tv_usec, BigInt(Math.round((value % 1000) * 1000)), isLittleEndian)
    return bytes
  },
  read: (bytes) =>
    Number(view(bytes).getBigInt64(timevalLayout.tv_sec, isLittleEndian)) * 1000 +
    Number(view(bytes).getBigInt64(timevalLayout.tv_usec, isLittleEndian)) / 1000,
}
