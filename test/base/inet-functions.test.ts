// The functions of <arpa/inet.h> against Python's, which are the C library's.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  htonl,
  htons,
  inet_aton,
  inet_ntoa,
  inet_ntop,
  inet_pton,
  ntohl,
  ntohs,
} from '../../src/base/inet-functions.ts'
import { askPython } from '../support/python.ts'
import { sample, seedNote } from '../support/property.ts'

const ASK = (call: string): string => `
import socket
def answer(q):
  try: return list(${call})
  except OSError: return None`

function bytesOrNull(call: () => Uint8Array): number[] | null {
  try {
    return [...call()]
  } catch (error) {
    assert.equal((error as { code?: string }).code, 'ERR_INVALID_ARG_VALUE')
    return null
  }
}

const numbers = fc.oneof(
  fc.integer({ min: 0, max: 300 }).map(String),
  fc.integer({ min: 0, max: 2 ** 33 }).map(String),
  fc.integer({ min: 0, max: 2 ** 33 }).map((n) => `0x${n.toString(16)}`),
  fc.integer({ min: 0, max: 300 }).map((n) => `0${n.toString(8)}`),
  fc.constantFrom('', '0x', '08', '0X1F', '00', '1a', '-1', '+1', ' 1'),
)

const ODD_FORMS = [
  '127.0.0.1',
  '127.1',
  '1.2.3',
  '0x7f.1',
  '017.1',
  '4294967295',
  '4294967296',
  '1.2.3.4.5',
  '',
  '.',
  '1.',
]

test('inet_aton reads what C reads, and nothing else', () => {
  const texts = [
    ...ODD_FORMS,
    ...sample(
      fc.array(numbers, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('.')),
      500,
    ),
  ].filter((text) => !/\s/.test(text)) // glibc stops at white space, which is no part of an address
  const expected = askPython<number[] | null>(ASK('socket.inet_aton(q)'), texts)
  for (const [i, text] of texts.entries()) {
    assert.deepEqual(
      bytesOrNull(() => inet_aton(text)),
      expected[i],
      `${JSON.stringify(text)} ${seedNote}`,
    )
  }
  assert.throws(() => inet_aton(' 1.2.3.4'), { code: 'ERR_INVALID_ARG_VALUE' })
})

test('inet_pton and inet_ntop are Python’s', () => {
  const texts = [...sample(fc.oneof(fc.ipV4(), fc.ipV6()), 300), '1.2.3', '01.2.3.4', '::', '1::2::3', 'fe80::1%lo', '']
  for (const family of ['inet', 'inet6'] as const) {
    const name = family === 'inet' ? 'AF_INET' : 'AF_INET6'
    const expected = askPython<number[] | null>(ASK(`socket.inet_pton(socket.${name}, q)`), texts)
    for (const [i, text] of texts.entries()) {
      const bytes = bytesOrNull(() => inet_pton(family, text))
      assert.deepEqual(bytes, expected[i], `${text} ${seedNote}`)
      if (bytes !== null)
        assert.deepEqual(inet_pton(family, inet_ntop(family, Uint8Array.from(bytes))), Uint8Array.from(bytes))
    }
  }
  assert.equal(inet_ntoa(Uint8Array.of(1, 2, 3, 4)), '1.2.3.4')
})

test('byte order is the machine’s, there and back', () => {
  const values = [0, 1, 0x1234, 0xffff, ...sample(fc.integer({ min: 0, max: 0xffff }), 50)]
  const expected = askPython<[number, number]>(
    'import socket\ndef answer(q): return [socket.htons(q), socket.htonl(q * 65536 + q)]',
    values,
  )
  for (const [i, value] of values.entries()) {
    const long = value * 65536 + value
    assert.deepEqual([htons(value), htonl(long)], expected[i])
    assert.deepEqual([ntohs(htons(value)), ntohl(htonl(long))], [value, long])
  }
})

test('what does not fit is refused', () => {
  for (const value of [-1, 65536, 1.5, NaN]) assert.throws(() => htons(value), { code: 'ERR_OUT_OF_RANGE' })
  assert.throws(() => htonl(2 ** 32), { code: 'ERR_OUT_OF_RANGE' })
  assert.throws(() => htons('1' as unknown as number), { code: 'ERR_INVALID_ARG_TYPE' })
  assert.throws(() => inet_ntop('inet', new Uint8Array(16)), { code: 'ERR_INVALID_ARG_VALUE' })
  assert.throws(() => inet_ntop('inet6', [] as unknown as Uint8Array), { code: 'ERR_INVALID_ARG_TYPE' })
  assert.throws(() => inet_pton('unix' as 'inet', '::'), { code: 'ERR_INVALID_ARG_VALUE' })
  assert.throws(() => inet_aton(1 as unknown as string), { code: 'ERR_INVALID_ARG_TYPE' })
})
