/**
 * IPv4 addresses as text: four decimal numbers with dots between, and nothing else (`inet_pton(3)`).
 *
 * The older forms of `inet_aton(3)` (`127.1`, `0x7f.1`, `017.0.0.1`) are refused: programs disagree about them, and
 * an address that two programs read differently gets past filters. A leading zero is refused for the same reason.
 */

import { quote } from './describe.ts'

/** The four bytes of an IPv4 address, or else the reason why the text is none, as a clause. */
export function parseInetText(text: string): Uint8Array | string {
  return readInet(text) ?? faultOf(text)
}

function readInet(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(4)
  let index = 0
  let value = -1 // -1: the number has no digit yet
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30
    if (digit >= 0 && digit <= 9) {
      if (value === 0) return undefined
      value = value < 0 ? digit : value * 10 + digit
      if (value > 255) return undefined
    } else {
      if (text[i] !== '.' || value < 0 || index === 3) return undefined
      bytes[index++] = value
      value = -1
    }
  }
  if (index !== 3 || value < 0) return undefined
  bytes[3] = value
  return bytes
}

/** Why a text is not an IPv4 address. */
function faultOf(text: string): string {
  const parts = text.split('.')
  if (parts.length !== 4) return `an IPv4 address has four numbers, not ${parts.length}`
  const index = parts.findIndex((part) => !/^(?:0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255)
  const part = parts[index] ?? ''
  return `number ${index + 1} of the IPv4 address ${partFault(part)}`
}

function partFault(part: string): string {
  if (part === '') return 'is empty'
  if (!/^[0-9]+$/.test(part)) return `is ${quote(part)}, which is not decimal`
  if (part.startsWith('0')) return `is ${quote(part)}; a leading zero could be read as octal`
  return `is ${quote(part)}, which is over 255`
}

/** The text of the four bytes at `offset`. */
export function formatInetText(bytes: Uint8Array, offset = 0): string {
  return `${bytes[offset]}.${bytes[offset + 1]}.${bytes[offset + 2]}.${bytes[offset + 3]}`
}
