/**
 * IPv6 addresses as text: read as RFC 4291, section 2.2 allows, written as RFC 5952 recommends. No zone here.
 *
 * Written: hexadecimal in lower case without leading zeros, the first of the longest runs of two or more zero groups
 * as `::`, and the last 32 bits as an IPv4 address only when the address is IPv4-mapped (`::ffff:1.2.3.4`). glibc's
 * `inet_ntop` does the same, but also writes the long deprecated IPv4-compatible `::102:304` as `::1.2.3.4`.
 */

import { quote } from './describe.ts'
import { formatInetText, parseInetText } from './inet-text.ts'

/** The sixteen bytes of an IPv6 address, or else the reason why the text is none, as a clause. */
export function parseInet6Text(text: string): Uint8Array | string {
  const stray = /[^0-9a-f:.]/iu.exec(text)
  if (stray !== null) return `${quote(stray[0])} has no place in an IPv6 address`
  if (!text.includes(':')) return 'an IPv6 address has colons'
  if (text.includes(':::')) return "':::' has no meaning in an IPv6 address"
  const halves = text.split('::')
  if (halves.length > 2) return "'::' can stand in an IPv6 address only once"

  const head = parseGroups(halves[0] ?? '', halves.length === 1)
  if (typeof head === 'string') return head
  if (halves.length === 1) {
    return head.length === 16 ? Uint8Array.from(head) : `an IPv6 address has eight groups, not ${head.length / 2}`
  }
  const tail = parseGroups(halves[1] ?? '', true)
  if (typeof tail === 'string') return tail
  if (head.length + tail.length > 14) return "'::' stands for no group, since eight groups are written out"
  const bytes = new Uint8Array(16)
  bytes.set(head)
  bytes.set(tail, 16 - tail.length)
  return bytes
}

/** The bytes of groups with single colons between; the last may be an IPv4 address. None when the text is empty. */
function parseGroups(text: string, isEnd: boolean): number[] | string {
  if (text === '') return []
  const bytes: number[] = []
  const groups = text.split(':')
  for (const [i, group] of groups.entries()) {
    if (group === '') return 'an IPv6 address cannot start or end with a single colon'
    if (group.includes('.')) {
      if (!isEnd || i !== groups.length - 1) return `the IPv4 part ${quote(group)} must come last in an IPv6 address`
      const inet = parseInetText(group)
      if (typeof inet === 'string') return inet
      bytes.push(...inet)
    } else {
      if (group.length > 4) return `the group ${quote(group)} has more than four digits`
      const value = Number.parseInt(group, 16)
      bytes.push(value >> 8, value & 0xff)
    }
  }
  return bytes
}

/** The text of the sixteen bytes at `offset`. */
export function formatInet6Text(bytes: Uint8Array, offset = 0): string {
  const run = longestZeroRun(bytes, offset)
  const start = run.length < 2 ? -1 : run.start
  const end = start < 0 ? -1 : start + run.length
  if (start === 0 && end === 5 && groupAt(bytes, offset, 5) === 0xffff) {
    return `::ffff:${formatInetText(bytes, offset + 12)}`
  }
  let text = ''
  for (let i = 0; i < 8; i++) {
    if (i === start) text += '::'
    if (i >= start && i < end) continue
    text += (i === 0 || i === end ? '' : ':') + groupAt(bytes, offset, i).toString(16)
  }
  return text
}

/** One of the eight groups. */
function groupAt(bytes: Uint8Array, offset: number, index: number): number {
  return ((bytes[offset + 2 * index] ?? 0) << 8) | (bytes[offset + 2 * index + 1] ?? 0)
}

/** The first of the longest runs of zero groups. */
function longestZeroRun(bytes: Uint8Array, offset: number): { start: number; length: number } {
  const best = { start: 0, length: 0 }
  let start = 0
  for (let i = 0; i < 8; i++) {
    if (groupAt(bytes, offset, i) !== 0) {
      start = i + 1
    } else if (i + 1 - start > best.length) {
      best.start = start
      best.length = i + 1 - start
    }
  }
  return best
}
