// Codecs: values come back from their bytes, and no answer of any length or content is read past its end, or throws.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import * as codec from '../../../src/socket/options/codec.ts'
import { interfaceIndex, networkOrderInterface } from '../../../src/socket/options/interface.ts'
import type { Codec } from '../../../src/socket/options/option.ts'
import { bits, portRange } from '../../../src/socket/options/socket-structures.ts'
import { readFields, viewOf } from '../../../src/socket/options/structure.ts'
import { holds } from '../../support/property.ts'
import { options } from './values.ts'

const CASES: readonly (readonly [string, Codec<unknown>, fc.Arbitrary<unknown>])[] = [
  ['integer', codec.integer, fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })],
  ['count', codec.count, fc.integer({ min: 0, max: 2 ** 31 - 1 })],
  ['unsigned', codec.unsigned, fc.integer({ min: 0, max: 0xffff_ffff })],
  ['boolean', codec.boolean, fc.boolean()],
  ['wideCount', codec.wideCount, fc.maxSafeNat()],
  ['bytesPerSecond', codec.bytesPerSecond, fc.oneof(fc.maxSafeNat(), fc.constant(Number.POSITIVE_INFINITY))],
  ['lingerSeconds', codec.lingerSeconds, fc.option(fc.integer({ min: 0, max: 65_535 }), { nil: undefined })],
  ['milliseconds', codec.milliseconds, fc.integer({ min: 0, max: 2 ** 40 })],
  ['nameWithin', codec.nameWithin(16), fc.stringMatching(/^[a-z]{0,15}$/)],
  ['bytesWithin', codec.bytesWithin(40), fc.uint8Array({ maxLength: 40 })],
  ['interfaceIndex', interfaceIndex, fc.nat()],
  ['networkOrderInterface', networkOrderInterface, fc.nat()],
  ['portRange', portRange, fc.tuple(fc.nat(65_535), fc.nat(65_535)).map(([low, high]) => ({ low, high }))],
  ['bits', bits(255), fc.uniqueArray(fc.nat(255)).map((list) => list.toSorted((a, b) => a - b))],
]

for (const [name, each, values] of CASES) {
  test(`${name}: values come back from their bytes`, () => {
    holds(values, (value) => assert.deepEqual(each.read(each.write(value, 'value')), value))
  })
}

test('a fraction of a millisecond stays, and rounding leads to no second of a million microseconds', () => {
  for (const [value, bytes] of [
    [0.001, [0, 1]],
    [1.5, [0, 1500]],
    [999.9999, [1, 0]],
    [1999.999_6, [2, 0]],
  ] as const) {
    const view = viewOf(codec.milliseconds.write(value, 'value'), 16)
    assert.deepEqual([Number(view.getBigInt64(0, true)), Number(view.getBigInt64(8, true))], bytes)
  }
})

for (const { name, codec: each, direction } of options) {
  if (direction === 'set') continue
  test(`${name}: an answer of any bytes is read without an error, and never past its end`, () => {
    const lengths = fc.oneof(fc.constant(0), fc.nat(8), fc.nat(600))
    holds(
      lengths.chain((length) => fc.uint8Array({ minLength: length, maxLength: length })),
      (answer) => {
        // What lies around the answer is no part of it.
        const around = new Uint8Array(answer.length + 64).fill(0xee)
        const other = new Uint8Array(answer.length + 64).fill(0x11)
        around.set(answer, 32)
        other.set(answer, 32)
        const first = each.read(around.subarray(32, 32 + answer.length))
        assert.deepEqual(each.read(other.subarray(32, 32 + answer.length)), first)
      },
      200,
    )
  })
}

test('fields lie as C lays them out, and those that the answer cuts off are left out', () => {
  const fields = [
    ['one', 1],
    ['four', 4],
    [undefined, 1],
    ['eight', 8],
    ['last', 2],
  ] as const
  const bytes = Uint8Array.of(1, 9, 9, 9, 4, 0, 0, 0, 9, 9, 9, 9, 9, 9, 9, 9, 8, 0, 0, 0, 0, 0, 0, 0, 2, 1)
  assert.deepEqual(readFields(fields, bytes), { one: 1, four: 4, eight: 8, last: 0x102 })
  assert.deepEqual(readFields(fields, bytes.subarray(0, 25)), { one: 1, four: 4, eight: 8 })
  assert.deepEqual(readFields(fields, bytes.subarray(0, 7)), { one: 1 })
  assert.deepEqual(readFields(fields, new Uint8Array(0)), {})
})
