/** The spellings that most options have: switches, numbers, times, names, bytes. */
import { argumentRangeError, argumentTypeError, checkInteger } from '../../base/argument-error.ts'
import { linger as lingerLayout, timeval as timevalLayout } from '../../sys/layout.ts'
import type { Codec } from './option.ts'
import { blank, LITTLE_ENDIAN, neverWritten, uint64, viewOf } from './structure.ts'

function int32Bytes(value: number): Uint8Array {
  return new Uint8Array(Int32Array.of(value).buffer)
}

/** The kernel answers some options with one byte. */
function readInt(bytes: Uint8Array): number {
  return bytes.length < 4 ? (bytes[0] ?? 0) : viewOf(bytes, 4).getInt32(0, LITTLE_ENDIAN)
}

/** An int within bounds. Those that only the kernel knows, or a setting of the system moves, are left to the kernel. */
export function integerWithin(least: number, most: number): Codec<number> {
  return {
    byteLength: 4,
    read: readInt,
    write: (value, name) => int32Bytes(checkInteger(name, value, least, most)),
  }
}

/** An int. */
export const integer: Codec<number> = integerWithin(-(2 ** 31), 2 ** 31 - 1)

/** An int that counts something. */
export const count: Codec<number> = integerWithin(0, 2 ** 31 - 1)

/** An int without a sign: marks, identifiers, sequence numbers. */
export const unsigned: Codec<number> = {
  byteLength: 4,
  read: (bytes) => readInt(bytes) >>> 0,
  write: (value, name) => int32Bytes(checkInteger(name, value, 0, 0xffff_ffff)),
}

/** An int that is 0 or not 0. */
export const boolean: Codec<boolean> = {
  byteLength: 4,
  read: (bytes) => readInt(bytes) !== 0,
  write: (value, name) => {
    if (typeof value !== 'boolean') throw argumentTypeError(name, 'a boolean', value)
    return int32Bytes(value ? 1 : 0)
  },
}

/** An option that does something, and has no value. */
export const nothing: Codec<never, undefined> = {
  byteLength: 4,
  read: () => undefined as never,
  write: (value, name) => {
    if (value !== undefined) throw argumentTypeError(name, 'undefined: it has none', value)
    return int32Bytes(0)
  },
}

/** A number of 64 bits that identifies something. */
export const cookie: Codec<bigint, never> = {
  byteLength: 8,
  read: (bytes) => viewOf(bytes, 8).getBigUint64(0, LITTLE_ENDIAN),
  write: neverWritten,
}

/** A number of 64 bits, of bytes. */
export const wideCount: Codec<number> = {
  byteLength: 8,
  read: (bytes) => uint64(viewOf(bytes, 8), 0),
  write: (value, name) => wide(BigInt(checkInteger(name, value, 0, Number.MAX_SAFE_INTEGER))),
}

/** A number of 64 bits, of bytes a second; Infinity, which the kernel spells as all ones, is no limit. */
export const bytesPerSecond: Codec<number> = {
  byteLength: 8,
  read: wideCount.read,
  write: (value, name) =>
    value === Number.POSITIVE_INFINITY ? wide(0xffff_ffff_ffff_ffffn) : wideCount.write(value, name),
}

function wide(value: bigint): Uint8Array {
  return new Uint8Array(BigUint64Array.of(value).buffer)
}

/** How long close(2) waits for what is queued: seconds, 0 to reset at once, or undefined to let the kernel do it. */
export const lingerSeconds: Codec<number | undefined> = {
  byteLength: lingerLayout.size,
  read: (bytes) => {
    const view = viewOf(bytes, lingerLayout.size)
    if (view.getInt32(lingerLayout.l_onoff, LITTLE_ENDIAN) === 0) return undefined
    return view.getInt32(lingerLayout.l_linger, LITTLE_ENDIAN)
  },
  write: (value, name) => {
    const { bytes, view } = blank(lingerLayout.size)
    if (value === undefined) return bytes
    view.setInt32(lingerLayout.l_onoff, 1, LITTLE_ENDIAN)
    view.setInt32(lingerLayout.l_linger, checkInteger(name, value, 0, 65535), LITTLE_ENDIAN)
    return bytes
  },
}

/** A `struct timeval` as milliseconds, down to a microsecond. */
export const milliseconds: Codec<number> = {
  byteLength: timevalLayout.size,
  read: (bytes) => {
    const view = viewOf(bytes, timevalLayout.size)
    const seconds = view.getBigInt64(timevalLayout.tv_sec, LITTLE_ENDIAN)
    return Number(seconds) * 1000 + Number(view.getBigInt64(timevalLayout.tv_usec, LITTLE_ENDIAN)) / 1000
  },
  write: (value, name) => {
    if (typeof value !== 'number') throw argumentTypeError(name, 'a number of milliseconds', value)
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER / 1000)) {
      throw argumentRangeError(name, 'a number of milliseconds, 0 or more', value)
    }
    const { bytes, view } = blank(timevalLayout.size)
    const microseconds = Math.round(value * 1000)
    view.setBigInt64(timevalLayout.tv_sec, BigInt(Math.floor(microseconds / 1e6)), LITTLE_ENDIAN)
    view.setBigInt64(timevalLayout.tv_usec, BigInt(microseconds % 1e6), LITTLE_ENDIAN)
    return bytes
  },
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** A name that the kernel ends with a NUL, with room for `room` bytes; empty where there is none. */
export function nameWithin(room: number): Codec<string> {
  return {
    byteLength: room,
    read: (bytes) => {
      const end = bytes.indexOf(0)
      return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end))
    },
    write: (value, name) => {
      if (typeof value !== 'string') throw argumentTypeError(name, 'a string', value)
      const bytes = encoder.encode(value)
      if (bytes.length >= room) throw argumentRangeError(name, `at most ${room - 1} bytes long`, value)
      if (bytes.includes(0)) throw argumentRangeError(name, 'without a NUL', value)
      return bytes
    },
  }
}

/** Bytes as they are, so many at most; their meaning is in the option's own manual. */
export function bytesWithin(room: number, mostBytes: number = room): Codec<Uint8Array> {
  return {
    byteLength: room,
    mostBytes,
    read: (bytes) => bytes.slice(),
    write: (value, name) => {
      if (!(value instanceof Uint8Array)) throw argumentTypeError(name, 'a Uint8Array', value)
      if (value.length > mostBytes) throw argumentRangeError(name, `at most ${mostBytes} bytes long`, value)
      return value
    },
  }
}
