/**
 * UTF-8 to text and back, and the rule of what a well-formed sequence is (RFC 3629, section 4).
 *
 * `TextEncoder` and `TextDecoder` are in every runtime but in neither of the type libraries that `base` and `proto`
 * compile against, so they are declared here, and only here.
 */

declare const TextEncoder: new () => { encode(text: string): Uint8Array }
declare const TextDecoder: new (
  label: 'utf-8',
  options: { fatal: boolean; ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string }

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The bytes of a text. A surrogate without its partner becomes U+FFFD; see {@link hasLoneSurrogate}. */
export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/** The text of the bytes, a byte order mark kept; undefined when they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

/** Whether the text holds half of a surrogate pair, which has no UTF-8 form. */
export function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text)
}

/** The length of the well-formed UTF-8 sequence that starts at `at`: 1 to 4, or 0 when none does. */
export function utf8SequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]
  if (lead === undefined) return 0
  if (lead < 0x80) return 1
  if (lead < 0xc2 || lead > 0xf4) return 0
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  const second = bytes[at + 1]
  if (second === undefined || second < leastSecond(lead) || second > mostSecond(lead)) return 0
  for (let i = 2; i < length; i++) {
    const next = bytes[at + i]
    if (next === undefined || (next & 0xc0) !== 0x80) return 0
  }
  return length
}

/** Above these, a sequence would be longer than it need be. */
function leastSecond(lead: number): number {
  return lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
}

/** Beyond these lie the surrogates (U+D800 to U+DFFF) and what is over U+10FFFF. */
function mostSecond(lead: number): number {
  return lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
}
