/**
 * The functions of <arpa/inet.h> on addresses and on byte order, under their own names: inet(3), inet_pton(3),
 * inet_ntop(3), byteorder(3). They make no system call and need no addon.
 */
import { argumentTypeError, argumentValueError, checkInteger } from './argument-error.ts'
import { formatInetText, parseInetText } from './inet-text.ts'
import { formatInet6Text, parseInet6Text } from './inet6-text.ts'

const INET_BYTES = 4
const INET6_BYTES = 16
const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** The families by name, since `AF_INET6` has another number on each system. */
export type InetFamily = 'inet' | 'inet6'

/**
 * The bytes of an address that is written in numbers: 4 of IPv4 in four decimal parts, 16 of IPv6 without a zone.
 * @throws TypeError when the text is no address of the family
 */
export function inet_pton(family: InetFamily, text: string): Uint8Array {
  const isInet = checkFamily(family) === 'inet'
  if (typeof text !== 'string') throw argumentTypeError('text', 'a string', text)
  const bytes = isInet ? parseInetText(text) : parseInet6Text(text)
  if (typeof bytes !== 'string') return bytes
  throw argumentValueError('text', bytes, text)
}

/**
 * The text of an address of 4 or 16 bytes; IPv6 as RFC 5952 has it.
 * @throws TypeError when there are not as many bytes as the family's addresses have
 */
export function inet_ntop(family: InetFamily, bytes: Uint8Array): string {
  const isInet = checkFamily(family) === 'inet'
  checkLength(bytes, isInet ? INET_BYTES : INET6_BYTES)
  return isInet ? formatInetText(bytes) : formatInet6Text(bytes)
}

/**
 * The four bytes of an IPv4 address in any of the forms that C knows: one to four parts, each decimal, octal (`017`) or
 * hexadecimal (`0x1f`), the last of which fills the bytes that are left: `127.1`, `0x7f000001`. Use it only for what
 * people type for old programs: filters have been passed by such forms, so that `inet` and `inet_pton` refuse them.
 * @throws TypeError when the text is none of them
 */
export function inet_aton(text: string): Uint8Array {
  if (typeof text !== 'string') throw argumentTypeError('text', 'a string', text)
  const parts = text.split('.').map(readPart)
  const last = parts.pop()
  const room = 256 ** (INET_BYTES - parts.length)
  if (last === undefined || parts.length >= INET_BYTES || last >= room || !parts.every((part) => part <= 255)) {
    throw argumentValueError('text', 'it is no IPv4 address in any of the forms of inet_aton(3)', text)
  }
  const bytes = Uint8Array.from([...parts, 0, 0, 0, 0].slice(0, INET_BYTES))
  const view = new DataView(bytes.buffer)
  view.setUint32(0, view.getUint32(0) + last)
  return bytes
}

/** The dotted text of the four bytes of an IPv4 address. */
export function inet_ntoa(bytes: Uint8Array): string {
  return inet_ntop('inet', bytes)
}

/** A 16-bit number in network order, as this machine reads it: 0x1234 becomes 0x3412 where the low byte comes first. */
export function htons(value: number): number {
  return isLittleEndian ? swap16(checkInteger('value', value, 0, 0xffff)) : checkInteger('value', value, 0, 0xffff)
}

/** The same back. */
export function ntohs(value: number): number {
  return htons(value)
}

/** A 32-bit number in network order, as this machine reads it. */
export function htonl(value: number): number {
  const checked = checkInteger('value', value, 0, 0xffff_ffff)
  return isLittleEndian ? ((swap16(checked & 0xffff) << 16) | swap16(checked >>> 16)) >>> 0 : checked
}

/** The same back. */
export function ntohl(value: number): number {
  return htonl(value)
}

function swap16(value: number): number {
  return ((value & 0xff) << 8) | (value >>> 8)
}

/** A number as strtoul(3) reads one with base 0; Infinity for what is none. */
function readPart(part: string): number {
  if (/^0[xX][0-9a-fA-F]+$/.test(part)) return Number.parseInt(part.slice(2), 16)
  if (/^0[0-7]*$/.test(part)) return Number.parseInt(part, 8)
  return /^[1-9][0-9]*$/.test(part) ? Number(part) : Number.POSITIVE_INFINITY
}

function checkFamily(family: unknown): InetFamily {
  if (family === 'inet' || family === 'inet6') return family
  throw argumentValueError('family', "it must be 'inet' or 'inet6'", family)
}

function checkLength(bytes: unknown, length: number): void {
  if (!(bytes instanceof Uint8Array)) throw argumentTypeError('bytes', 'a Uint8Array', bytes)
  if (bytes.length !== length) throw argumentValueError('bytes', `an address has ${length} bytes`, bytes)
}
