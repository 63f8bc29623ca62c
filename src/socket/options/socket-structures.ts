/** Structures of SOL_SOCKET's options: addresses, memory, timestamps, send times. */
import type { AnyAddress } from '../../base/address.ts'
import { argumentTypeError, checkInteger } from '../../base/argument-error.ts'
import { so_timestamping, sock_txtime, sockaddr_storage } from '../../sys/layout.ts'
import { unpackAddress } from '../../sys/sockaddr.ts'
import { checkObject } from './interface.ts'
import type { Codec } from './option.ts'
import { blank, LITTLE_ENDIAN, neverWritten, uint32s, viewOf } from './structure.ts'

/** An address; undefined where the kernel gives none, or one that is cut off. */
export const address: Codec<AnyAddress | undefined, never> = {
  byteLength: sockaddr_storage.size,
  read: (bytes) => {
    try {
      return unpackAddress(bytes)
    } catch {
      return undefined
    }
  },
  write: neverWritten,
}

/** A socket's memory, in bytes; `drops` is a number of messages. */
export interface SocketMemory {
  readonly receiveAllocated: number
  readonly receiveBuffer: number
  readonly sendAllocated: number
  readonly sendBuffer: number
  readonly forwardAllocated: number
  readonly sendQueued: number
  readonly optionMemory: number
  readonly backlog: number
  readonly drops: number
}

/** The numbers `SK_MEMINFO_…` of linux/sock_diag.h. */
export const memory: Codec<SocketMemory, never> = {
  byteLength: 64,
  read: (bytes) => {
    const numbers = uint32s(bytes)
    const at = (index: number): number => numbers[index] ?? 0
    return {
      receiveAllocated: at(0),
      receiveBuffer: at(1),
      sendAllocated: at(2),
      sendBuffer: at(3),
      forwardAllocated: at(4),
      sendQueued: at(5),
      optionMemory: at(6),
      backlog: at(7),
      drops: at(8),
    }
  },
  write: neverWritten,
}

/** Which timestamps are made: a mask of `SOF_TIMESTAMPING_…`, and the clock of a network card that makes them. */
export interface Timestamping {
  readonly flags: number
  /** The index of a PTP clock; used with `SOF_TIMESTAMPING_BIND_PHC` (5.15). */
  readonly bindPhc: number
}

/** `struct so_timestamping`, of which kernels before 5.15 know the flags alone. */
export const timestamping: Codec<Timestamping, number | Partial<Timestamping>> = {
  byteLength: so_timestamping.size,
  read: (bytes) => {
    const view = viewOf(bytes, so_timestamping.size)
    return {
      flags: view.getInt32(so_timestamping.flags, LITTLE_ENDIAN),
      bindPhc: view.getInt32(so_timestamping.bind_phc, LITTLE_ENDIAN),
    }
  },
  write: (value, name) => {
    if (typeof value !== 'number') checkObject(value, 'a mask of SOF_TIMESTAMPING_…, or { flags, bindPhc }', name)
    const { flags, bindPhc } = typeof value === 'number' ? { flags: value, bindPhc: undefined } : value
    const { bytes, view } = blank(bindPhc === undefined ? 4 : so_timestamping.size)
    const mask = checkInteger(typeof value === 'number' ? name : `${name}.flags`, flags ?? 0, 0, 0x7fffffff)
    view.setInt32(so_timestamping.flags, mask, LITTLE_ENDIAN)
    if (bindPhc !== undefined) {
      view.setInt32(so_timestamping.bind_phc, checkInteger(`${name}.bindPhc`, bindPhc, 0, 0x7fffffff), LITTLE_ENDIAN)
    }
    return bytes
  },
}

/** By which clock the times of SCM_TXTIME are, `CLOCK_…`, and a mask of `SOF_TXTIME_…`. */
export interface TransmitTime {
  readonly clockId: number
  readonly flags: number
}

/** `struct sock_txtime` */
export const transmitTime: Codec<TransmitTime> = {
  byteLength: sock_txtime.size,
  read: (bytes) => {
    const view = viewOf(bytes, sock_txtime.size)
    return {
      clockId: view.getInt32(sock_txtime.clockid, LITTLE_ENDIAN),
      flags: view.getUint32(sock_txtime.flags, LITTLE_ENDIAN),
    }
  },
  write: (value, name) => {
    checkObject(value, 'an object as { clockId: CLOCK_TAI, flags: 0 }', name)
    const { bytes, view } = blank(sock_txtime.size)
    view.setInt32(sock_txtime.clockid, checkInteger(`${name}.clockId`, value.clockId, 0, 0x7fffffff), LITTLE_ENDIAN)
    view.setUint32(sock_txtime.flags, checkInteger(`${name}.flags`, value.flags, 0, 0xffff_ffff), LITTLE_ENDIAN)
    return bytes
  },
}

/** The ports that the kernel chooses from, both included; 0 stands for the system's bound. */
export interface PortRange {
  readonly low: number
  readonly high: number
}

/** Two ports in one number of 32 bits, the higher one above. */
export const portRange: Codec<PortRange> = {
  byteLength: 4,
  read: (bytes) => {
    const range = viewOf(bytes, 4).getUint32(0, LITTLE_ENDIAN)
    return { low: range & 0xffff, high: range >>> 16 }
  },
  write: (value, name) => {
    checkObject(value, 'an object as { low: 40000, high: 40100 }', name)
    const low = checkInteger(`${name}.low`, value.low, 0, 65535)
    const high = checkInteger(`${name}.high`, value.high, 0, 65535)
    const { bytes, view } = blank(4)
    view.setUint32(0, high * 0x10000 + low, LITTLE_ENDIAN)
    return bytes
  },
}

/** Numbers, each a bit of a mask of words of 32 bits: `most` is the number of the last, `first` of the first. */
export function bits(most: number, first: number = 0): Codec<readonly number[]> {
  const byteLength = (most + 1 - first) / 8
  return {
    byteLength,
    mostBytes: byteLength,
    read: (bytes) =>
      uint32s(bytes).flatMap((word, index) =>
        Array.from({ length: 32 }, (_, bit) => bit)
          .filter((bit) => ((word >>> bit) & 1) === 1)
          .map((bit) => first + index * 32 + bit),
      ),
    write: (value, name) => {
      if (!Array.isArray(value)) throw argumentTypeError(name, 'an array of numbers', value)
      const words = new Uint32Array(byteLength / 4)
      for (const [index, number] of (value as readonly number[]).entries()) {
        const bit = checkInteger(`${name}[${index}]`, number, first, most) - first
        words[bit >> 5]! |= 1 << (bit & 31)
      }
      return new Uint8Array(words.buffer)
    },
  }
}
