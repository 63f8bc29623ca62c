import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { formatInetText, parseInetText } from '../../src/base/inet-text.ts'
import { needs } from '../support/needs.ts'
import { holds, sample, seedNote } from '../support/property.ts'
import { askPython } from '../support/python.ts'

const bytes = fc.uint8Array({ minLength: 4, maxLength: 4 })

test('reads four decimal numbers', () => {
  assert.deepEqual(parseInetText('127.0.0.1'), Uint8Array.of(127, 0, 0, 1))
  assert.deepEqual(parseInetText('255.255.255.255'), Uint8Array.of(255, 255, 255, 255))
})

const faults: readonly [text: string, reason: RegExp][] = [
  ['', /four numbers, not 1/],
  ['127.1', /four numbers, not 2/],
  ['1.2.3.4.5', /four numbers, not 5/],
  ['1.2.3.', /number 4 .* is empty/],
  ['.1.2.3', /number 1 .* is empty/],
  ['1.2.3.256', /number 4 .*'256', which is over 255/],
  ['1.2.3.99999999999999999999', /over 255/],
  ['1.2.010.4', /number 3 .*'010'; a leading zero/],
  ['00.0.0.0', /leading zero/],
  ['0x7f.0.0.1', /'0x7f', which is not decimal/],
  ['1.2.3.-4', /not decimal/],
  ['1.2.3.+4', /not decimal/],
  [' 1.2.3.4', /not decimal/],
  ['1.2.3.4\n', /not decimal/],
  ['1.2.3.٤', /not decimal/],
]

for (const [text, reason] of faults) {
  test(`refuses ${JSON.stringify(text)} and says why`, () => {
    const result = parseInetText(text)
    assert.match(String(result), reason)
    assert.equal(typeof result, 'string')
  })
}

test('writes at an offset', () => {
  assert.equal(formatInetText(Uint8Array.of(9, 9, 10, 0, 0, 1), 2), '10.0.0.1')
})

test('reads back whatever it writes', () => {
  holds(bytes, (address) => assert.deepEqual(parseInetText(formatInetText(address)), address))
})

test("agrees with Python's inet_pton on what is an address", { skip: needs({ program: 'python3' }) }, () => {
  const number = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 300 }).map(String) },
    { weight: 1, arbitrary: fc.constantFrom('', '00', '01', '0x1', '-1', ' 1', '1e1', '1000', 'a', '٤') },
  )
  const texts = fc.array(number, { minLength: 3, maxLength: 5 }).map((parts) => parts.join('.'))
  const questions = sample(texts, 5000)
  const program = `
import socket
def answer(text):
    try: return socket.inet_pton(socket.AF_INET, text).hex()
    except (OSError, ValueError): return None`
  const answers = askPython<string | null>(program, questions)
  for (const [i, text] of questions.entries()) {
    const result = parseInetText(text)
    const ours = typeof result === 'string' ? null : Buffer.from(result).toString('hex')
    assert.equal(ours, answers[i], `${JSON.stringify(text)}, ${seedNote}`)
  }
})
