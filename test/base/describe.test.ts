import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  argumentRangeError,
  argumentTypeError,
  argumentValueError,
  checkInteger,
} from '../../src/base/argument-error.ts'
import { describe } from '../../src/base/describe.ts'
import { holds } from '../support/property.ts'

const values: readonly [value: unknown, text: string][] = [
  ['80', "'80'"],
  ["it's", "'it's'"],
  ['say "hi"', `'say "hi"'`],
  ['a\0b\n', "'a\\u0000b\\n'"],
  ['\u009b\u2028\ud800', "'\\u009b\\u2028\\ud800'"],
  ['x'.repeat(100), `'${'x'.repeat(64)}'… (100 characters)`],
  [70_000, '70000'],
  [-0, '-0'],
  [Number.NaN, 'NaN'],
  [10n, '10n'],
  [true, 'true'],
  [undefined, 'undefined'],
  [null, 'null'],
  [Symbol('s'), 'Symbol(s)'],
  [() => 1, 'a function'],
  [{ a: 1 }, 'an object'],
  [Object.create(null), 'an object'],
  [[1, 2], 'an array of 2'],
  [new Map(), 'an instance of Map'],
  [new Uint8Array(5), 'a Uint8Array of 5 bytes'],
  [Buffer.alloc(3), 'a Uint8Array of 3 bytes'],
]

for (const [value, text] of values) {
  test(`describes ${text}`, () => assert.equal(describe(value), text))
}

test('describes hostile values without running them', () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  assert.equal(describe(proxy), 'an object')
  const thrower = Object.create({
    get constructor() {
      throw new Error('ran')
    },
  }) as unknown
  assert.equal(describe(thrower), 'an object')
})

test('describes anything on a short line', () => {
  holds(fc.anything({ withBigInt: true, withTypedArray: true, withNullPrototype: true }), (value) => {
    const text = describe(value)
    assert.doesNotMatch(text, /[\n\r]/)
  })
})

test('an argument error has the type and code of Node, names the argument, and shows what it got', () => {
  const type = argumentTypeError('port', 'a number', '80')
  assert.ok(type instanceof TypeError)
  assert.equal(type.code, 'ERR_INVALID_ARG_TYPE')
  assert.equal(type.message, `The argument "port" must be a number. Received '80'`)
  const range = argumentRangeError('port', '>= 0', -1)
  assert.ok(range instanceof RangeError)
  assert.equal(range.code, 'ERR_OUT_OF_RANGE')
  assert.equal(range.message, 'The argument "port" must be >= 0. Received -1')
  const value = argumentValueError('host', 'it is empty', '')
  assert.ok(value instanceof TypeError)
  assert.equal(value.code, 'ERR_INVALID_ARG_VALUE')
  assert.equal(value.message, `The argument "host" is invalid: it is empty. Received ''`)
})

test('a whole number is checked for its type and its bounds', () => {
  assert.equal(checkInteger('port', 80, 0, 65_535), 80)
  const code = 'ERR_OUT_OF_RANGE'
  for (const wrong of [-1, 65_536, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => checkInteger('port', wrong, 0, 65_535), { name: 'RangeError', code })
  }
  for (const wrong of ['80', 80n, null, undefined, {}]) {
    assert.throws(() => checkInteger('port', wrong, 0, 65_535), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' })
  }
})
