import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { explain, statusOf } from '../../src/base/portable-status.ts'
import { remedyOf } from '../../src/base/remedies.ts'
import { STATUSES } from '../../src/base/status.ts'
import { foreignStatus } from '../../src/base/foreign-names.ts'
import { checkoutPath } from '../support/checkout.ts'

function failed(code: unknown, more: object = {}): Error {
  return Object.assign(new Error('failed'), { code, ...more })
}

test('of an error the code counts, then the name, the cause, and the first of its errors that has a word', () => {
  assert.equal(statusOf(failed('ECONNREFUSED')), 'connectionRefused')
  assert.equal(statusOf(new DOMException('stopped', 'AbortError')), 'canceled')
  assert.equal(statusOf(new DOMException('late', 'TimeoutError')), 'timedOut')
  assert.equal(statusOf(failed('UND_ERR_CONNECT_TIMEOUT')), 'timedOut')
  assert.equal(statusOf(new TypeError('fetch failed', { cause: failed('ENOTFOUND') })), 'nameNotFound')
  assert.equal(statusOf(new AggregateError([new Error('x'), failed('EHOSTUNREACH')])), 'hostUnreachable')
  assert.equal(statusOf(failed('NOBODY_KNOWS', { cause: failed('EPIPE') })), 'brokenPipe')
  assert.equal(statusOf(failed('NOBODY_KNOWS')), 'other')
  assert.equal(statusOf(new Error('plain')), 'other')
})

test('whatever is given, it answers: other when nothing is known', () => {
  const circle = failed(undefined)
  circle.cause = circle
  const wrong: unknown[] = [undefined, null, '', 'constructor', '__proto__', NaN, 111, -1n, {}, [], circle, () => 1]
  for (const value of wrong) {
    assert.equal(statusOf(value as string), 'other')
    assert.equal(explain(value as string).status, 'other')
  }
  assert.equal(statusOf(111, undefined as unknown as 'linux'), 'other')
})

test('explain says which name was found, and a sentence to act on', () => {
  assert.deepEqual(explain(0x8007274d, 'hresult'), {
    status: 'connectionRefused',
    code: 'WSAECONNREFUSED',
    sentence: `Connection refused. ${remedyOf('connectionRefused')}`,
  })
  assert.match(explain('EAI_AGAIN').sentence, /^No name server has answered\. .*Try again later/)
  for (const status of STATUSES) assert.match(remedyOf(status), /^[A-Z].*\.$/)
})

test('each foreign name is given once, and none that Linux has', () => {
  const text = readFileSync(checkoutPath('src', 'base', 'foreign-names.ts'), 'utf8')
  const names = [...text.matchAll(/'([^'\n]+)'/g)]
    .flatMap(([, list = '']) => list.replace(/ $/, '').split(' '))
    .filter((name) => foreignStatus(name) !== undefined)
  assert.deepEqual(names, [...new Set(names)])
  assert.ok(names.length > 100)
})

test('the sentences are those of docs/errors.md', () => {
  const page = readFileSync(checkoutPath('docs', 'errors.md'), 'utf8')
  for (const status of STATUSES) {
    const row = new RegExp(`^\\| \`${status}\` \\|[^|]*\\| (.*) \\|$`, 'm').exec(page)
    assert.equal(remedyOf(status), row?.[1], status)
  }
})
