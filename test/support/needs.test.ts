import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { needs } from './needs.ts'

const before = process.env['CI']
afterEach(() => {
  if (before === undefined) delete process.env['CI']
  else process.env['CI'] = before
})

test('what is there is no reason to skip', () => {
  assert.equal(needs({ program: ['node', 'sh'] }), false)
  assert.equal(needs({}), false)
})

test('a missing program is a reason to skip', () => {
  delete process.env['CI']
  assert.equal(needs({ program: ['sh', 'no-such-program'] }), 'needs no-such-program')
})

test('in CI a missing program fails the test', () => {
  process.env['CI'] = 'true'
  assert.throws(() => needs({ program: 'no-such-program' }), /can't be skipped in CI: needs no-such-program/)
})
