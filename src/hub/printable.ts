/**
 * What a client sent, made safe for other people's terminals: invalid UTF-8, control characters (an escape sequence can
 * retitle a window, or worse) and characters that reorder text become U+FFFD.
 */
const decoder = new TextDecoder()
const UNSAFE = /(?!\t)[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu

export function printable(bytes: Uint8Array): string {
  return decoder.decode(bytes).replace(UNSAFE, '\ufffd')
}
