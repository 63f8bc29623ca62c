/**
 * IPv4 addresses as text: four decimal numbers with dots between, and nothing else (`inet_pton(3)`).
 *
 * The older forms of `inet_aton(3)` (`127.1`, `0x7f.1`, `017.0.0.1`) are refused: programs disagree about them, and
 * an address that two programs read differently gets past filters. A leading zero is refused for the same reason.
 */

import { quote } from './describe.ts'

/** The four bytes of an IPv4 address, or else the reason why the text is none, as a clause. */
export function parseInetText(text: string): Uint8Array | string {
  const parts = text.split('.')
  if (parts.length !== 4) return `an IPv4 address has four numbers, not ${parts.length}`
  const bytes = new Uint8Array(4)
  for (const [i, part] of parts.entries()) {
    const reason = partFault(part)
    if (reason !== undefined) return `number ${i + 1} of the IPv4 address ${reason}`
    bytes[i] = Number(part)
  }
  return bytes
}

function partFault(part: string): string | undefined {
  if (part === '') return 'is empty'
  if (!/^[0-9]+$/.test(part)) return `is ${quote(part)}, which is not decimal`
  if (part.length > 1 && part.startsWith('0')) return `is ${quote(part)}; a leading zero could be read as octal`
  if (part.length > 3 || Number(part) > 255) return `is ${quote(part)}, which is over 255`
  return undefined
}

/** The text of the four bytes at `offset`. */
export function formatInetText(bytes: Uint8Array, offset = 0): string {
  return `${bytes[offset]}.${bytes[offset + 1]}.${bytes[offset + 2]}.${bytes[offset + 3]}`
}
