import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { formatUnixName, parseUnixName } from '../../src/base/unix-name.ts'
import { encodeUtf8 } from '../../src/base/utf8.ts'
import { holds } from '../support/property.ts'

const names: readonly [what: string, bytes: Uint8Array, text: string][] = [
  ['plain text', encodeUtf8('/run/a b.sock'), '/run/a b.sock'],
  ['other scripts', encodeUtf8('/tmp/é-日本-😀'), '/tmp/é-日本-😀'],
  ['a NUL', Uint8Array.of(0x61, 0, 0x62), 'a\\x00b'],
  ['an escape character', encodeUtf8('a\u001b[31m'), 'a\\x1b[31m'],
  ['a control character of two bytes', encodeUtf8('a\u009b'), 'a\\xc2\\x9b'],
  ['a line separator', encodeUtf8('\u2028'), '\\xe2\\x80\\xa8'],
  ['a byte that is not UTF-8', Uint8Array.of(0x61, 0xff, 0x62), 'a\\xffb'],
  ['a cut sequence', Uint8Array.of(0xe2, 0x82), '\\xe2\\x82'],
  ['a backslash', encodeUtf8('a\\b'), 'a\\b'],
  ['two backslashes', encodeUtf8('a\\\\b'), 'a\\\\b'],
  ['what reads as an escape', encodeUtf8('a\\x41'), 'a\\x5cx41'],
  ['what nearly reads as an escape', encodeUtf8('a\\x4'), 'a\\x4'],
]

for (const [what, bytes, text] of names) {
  test(`writes and reads ${what}`, () => {
    assert.equal(formatUnixName(bytes), text)
    assert.deepEqual(parseUnixName(text), bytes)
  })
}

test('reads back whatever it writes, and writes nothing that a terminal obeys', () => {
  const byte = fc.oneof(fc.constantFrom(0x5c, 0x78, 0x34, 0x41, 0, 0x1b, 0xc2, 0xe2), fc.integer({ min: 0, max: 255 }))
  holds(
    fc.array(byte, { maxLength: 107 }),
    (list) => {
      const bytes = Uint8Array.from(list)
      const text = formatUnixName(bytes)
      assert.deepEqual(parseUnixName(text), bytes)
      assert.doesNotMatch(text, /\p{Cc}/u)
    },
    5000,
  )
})
