import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { decodeUtf8, encodeUtf8, hasLoneSurrogate, utf8SequenceLength } from '../../src/base/utf8.ts'
import { holds } from '../support/property.ts'

/** Bytes in which the rare leads and seconds of UTF-8 are frequent. */
const edge = fc.constantFrom(0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff)
const bytes = fc.array(fc.oneof(edge, fc.integer({ min: 0, max: 255 })), { maxLength: 8 })

test('keeps a byte order mark', () => {
  assert.equal(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)), '\ufeffa')
})

test('finds half of a surrogate pair', () => {
  assert.equal(hasLoneSurrogate('a\ud83d'), true)
  assert.equal(hasLoneSurrogate('\ude00a'), true)
  assert.equal(hasLoneSurrogate('a\u{1f600}'), false)
})

test('decodes what it encoded', () => {
  holds(fc.string({ unit: 'binary' }), (text) => assert.equal(decodeUtf8(encodeUtf8(text)), text))
})

test('finds a sequence exactly where the decoder accepts one', () => {
  holds(
    bytes,
    (list) => {
      const array = Uint8Array.from(list)
      let at = 0
      while (at < array.length) {
        const length = utf8SequenceLength(array, at)
        if (length === 0) break
        assert.equal(Array.from(decodeUtf8(array.subarray(at, at + length)) ?? '').length, 1)
        at += length
      }
      assert.equal(at === array.length, decodeUtf8(array) !== undefined)
    },
    2000,
  )
})
