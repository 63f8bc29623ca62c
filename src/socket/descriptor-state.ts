/**
 * What a descriptor is asked and told besides its typed options: options in raw bytes (getsockopt(2), setsockopt(2)),
 * flags and owner (fcntl(2)), and what waits in its queues (ioctl(2), tcp(7), udp(7), unix(7)). One function is one
 * system call, but for those that change one flag of several.
 */
import { argumentRangeError, argumentTypeError, checkInteger } from '../base/argument-error.ts'
import type { Binding } from '../sys/binding.ts'
import {
  F_GETFD,
  F_GETFL,
  F_SETFD,
  F_SETFL,
  F_SETOWN,
  FD_CLOEXEC,
  FIONREAD,
  O_NONBLOCK,
  SIOCATMARK,
  SIOCOUTQ,
  SIOCOUTQNSD,
} from '../sys/constants.ts'
import { systemError } from '../sys/system-error.ts'

/** More than any option has. */
const MOST_OPTION_BYTES = 1 << 20
/** The longest structure of a request of ioctl(2). */
const MOST_REQUEST_BYTES = 16_384

/**
 * Reads an option in bytes: as many as the kernel answers with.
 * @param room how many bytes it may have; or bytes that the kernel reads first, where the option has it so
 */
export function getRawOption(
  binding: Binding,
  fd: number,
  level: number,
  number: number,
  room: number | Uint8Array,
): Uint8Array {
  checkPlace(level, number)
  const bytes = room instanceof Uint8Array ? room.slice() : new Uint8Array(checkRoom(room))
  const length = binding.getsockopt(fd, level, number, bytes)
  if (length < 0) throw systemError(length, 'getsockopt')
  return bytes.subarray(0, length)
}

/** Sets an option, to bytes as they are or to an int. */
export function setRawOption(
  binding: Binding,
  fd: number,
  level: number,
  number: number,
  value: number | Uint8Array,
): void {
  checkPlace(level, number)
  if (typeof value !== 'number' && !(value instanceof Uint8Array)) {
    throw argumentTypeError('value', 'a Uint8Array or a whole number', value)
  }
  const result =
    typeof value === 'number'
      ? binding.setsockoptInt(fd, level, number, checkInteger('value', value, -(2 ** 31), 0xffff_ffff) | 0)
      : binding.setsockopt(fd, level, number, value)
  if (result < 0) throw systemError(result, 'setsockopt')
}

function checkPlace(level: number, number: number): void {
  checkInteger('level', level, -(2 ** 31), 2 ** 31 - 1)
  checkInteger('number', number, -(2 ** 31), 2 ** 31 - 1)
}

function checkRoom(room: unknown): number {
  if (typeof room === 'number') return checkInteger('room', room, 0, MOST_OPTION_BYTES)
  throw argumentTypeError('room', 'a number of bytes, or a Uint8Array that the kernel reads first', room)
}

/** Performs a request on a structure; returns the structure as the kernel left it. */
export function control(binding: Binding, fd: number, request: number, structure: Uint8Array): Uint8Array {
  checkInteger('request', request, 0, 0xffff_ffff)
  if (!(structure instanceof Uint8Array)) throw argumentTypeError('structure', 'a Uint8Array', structure)
  if (structure.length > MOST_REQUEST_BYTES) {
    throw argumentRangeError('structure.length', `<= ${MOST_REQUEST_BYTES}`, structure.length)
  }
  const bytes = structure.slice()
  const result = binding.ioctl(fd, request, bytes)
  if (result < 0) throw systemError(result, 'ioctl')
  return bytes
}

const number = new Int32Array(1)
const numberBytes = new Uint8Array(number.buffer)

function askNumber(binding: Binding, fd: number, request: number, name: string): number {
  number[0] = 0
  const result = binding.ioctl(fd, request, numberBytes)
  if (result < 0) throw systemError(result, `ioctl ${name}`)
  return number[0]
}

/** How many bytes the kernel has for `recv`; of datagrams, the length of the first. */
export function bytesReadable(binding: Binding, fd: number): number {
  return askNumber(binding, fd, FIONREAD, 'FIONREAD')
}

/** How many bytes are in the kernel's send queue. On TCP, those that the peer has not acknowledged. */
export function bytesUnsent(binding: Binding, fd: number): number {
  return askNumber(binding, fd, SIOCOUTQ, 'SIOCOUTQ')
}

/** How many bytes of TCP's send queue were not sent even once. */
export function bytesNotSent(binding: Binding, fd: number): number {
  return askNumber(binding, fd, SIOCOUTQNSD, 'SIOCOUTQNSD')
}

/** Whether the next byte to be received is the urgent one (sockatmark(3)). */
export function isAtMark(binding: Binding, fd: number): boolean {
  return askNumber(binding, fd, SIOCATMARK, 'SIOCATMARK') !== 0
}

function flag(binding: Binding, fd: number, command: number, mask: number): boolean {
  const flags = binding.fcntl(fd, command, 0)
  if (flags < 0) throw systemError(flags, 'fcntl')
  return (flags & mask) !== 0
}

function setFlag(binding: Binding, fd: number, get: number, set: number, mask: number, isOn: boolean): void {
  if (typeof isOn !== 'boolean') throw argumentTypeError('isOn', 'a boolean', isOn)
  const flags = binding.fcntl(fd, get, 0)
  if (flags < 0) throw systemError(flags, 'fcntl')
  const result = binding.fcntl(fd, set, isOn ? flags | mask : flags & ~mask)
  if (result < 0) throw systemError(result, 'fcntl')
}

/** Whether its calls return instead of waiting (O_NONBLOCK). */
export function isNonBlocking(binding: Binding, fd: number): boolean {
  return flag(binding, fd, F_GETFL, O_NONBLOCK)
}

/** Changes O_NONBLOCK, for all descriptors that were duplicated from it too. */
export function setNonBlocking(binding: Binding, fd: number, isOn: boolean): void {
  setFlag(binding, fd, F_GETFL, F_SETFL, O_NONBLOCK, isOn)
}

/** Whether programs that this one becomes do not have it (FD_CLOEXEC). */
export function isCloseOnExec(binding: Binding, fd: number): boolean {
  return flag(binding, fd, F_GETFD, FD_CLOEXEC)
}

export function setCloseOnExec(binding: Binding, fd: number, isOn: boolean): void {
  setFlag(binding, fd, F_GETFD, F_SETFD, FD_CLOEXEC, isOn)
}

/** Whom its SIGURG and SIGIO go to: a process, a process group negated, or 0 for nobody (F_GETOWN). */
export function owner(binding: Binding, fd: number): number {
  const result = binding.fcntlGetOwner(fd, number)
  if (result < 0) throw systemError(result, 'fcntl')
  return number[0]!
}

/** Says whom its SIGURG and SIGIO go to (F_SETOWN). */
export function setOwner(binding: Binding, fd: number, process: number): void {
  checkInteger('process', process, -(2 ** 31) + 1, 2 ** 31 - 1)
  const result = binding.fcntl(fd, F_SETOWN, process)
  if (result < 0) throw systemError(result, 'fcntl')
}
