/**
 * The names of Unix sockets as text and back.
 *
 * To the kernel a name is bytes: a path may hold anything but NUL, an abstract name anything at all (unix(7)). As
 * text, what is UTF-8 and printable stands for itself and every other byte is `\xNN`, so that a name from elsewhere
 * cannot disturb a terminal and can still be read back. A backslash stands for itself too, unless `xNN` follows it;
 * then it is written `\x5c`. So the text of an ordinary name, backslashes included, is the name.
 */

import { decodeUtf8, encodeUtf8, utf8SequenceLength } from './utf8.ts'

/** The text of a name, with `\xNN` for control characters and for bytes that are not UTF-8. */
export function formatUnixName(bytes: Uint8Array): string {
  const plain = decodeUtf8(bytes)
  if (plain !== undefined && !/[\p{Cc}\u2028\u2029\\]/u.test(plain)) return plain
  let text = ''
  let at = 0
  while (at < bytes.length) {
    const length = utf8SequenceLength(bytes, at)
    const sequence = bytes.subarray(at, at + Math.max(length, 1))
    const shown = length === 0 ? undefined : decodeUtf8(sequence)
    if (shown === undefined || /[\p{Cc}\u2028\u2029]/u.test(shown) || (shown === '\\' && readsAsEscape(bytes, at))) {
      text += escapeBytes(sequence)
    } else {
      text += shown
    }
    at += sequence.length
  }
  return text
}

/** The bytes of a name's text: `\xNN` is one byte, and all else is UTF-8. */
export function parseUnixName(text: string): Uint8Array {
  const bytes: number[] = []
  // With a group in the pattern, every second piece is what the group matched.
  for (const [i, piece] of text.split(/\\x([0-9a-f]{2})/i).entries()) {
    if (i % 2 === 1) bytes.push(Number.parseInt(piece, 16))
    else bytes.push(...encodeUtf8(piece))
  }
  return Uint8Array.from(bytes)
}

function escapeBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
}

/** Whether the backslash at `at` is followed by what would make it an escape. */
function readsAsEscape(bytes: Uint8Array, at: number): boolean {
  return /^x[0-9a-f]{2}$/i.test(String.fromCharCode(...bytes.subarray(at + 1, at + 4)))
}
