// Networks against Python's ipaddress.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import * as fc from 'fast-check'
import { inet, inet6 } from '../../src/base/address.ts'
import { kindOf } from '../../src/base/address-kind.ts'
import { networkOf, prefix } from '../../src/base/prefix.ts'
import { askPython } from '../support/python.ts'
import { sample, seedNote } from '../support/property.ts'

const host = fc.oneof(
  fc.ipV4().map((text) => [text, 32] as const),
  fc
    .ipV6()
    .filter((text) => !text.includes('.'))
    .map((text) => [text, 128] as const),
)

test('first, last, mask and membership are those of Python’s ipaddress', () => {
  const questions = sample(
    host.chain(([text, bits]) =>
      fc.tuple(
        fc.constant(text),
        fc.integer({ min: 0, max: bits }),
        host.map(([other]) => other),
      ),
    ),
    300,
  )
  const expected = askPython<[string, string, string, boolean]>(
    `
import ipaddress
def answer(q):
  n = ipaddress.ip_network(f"{q[0]}/{q[1]}", strict=False)
  return [str(n.network_address), str(n.broadcast_address), str(n.netmask), ipaddress.ip_address(q[2]) in n]`,
    questions,
  )
  for (const [i, [text, length, other]] of questions.entries()) {
    const network = networkOf(text, length)
    const same = (one: string): string => networkOf(one, one.includes(':') ? 128 : 32).first
    const [first, last, mask, holds] = expected[i]!
    const note = `${text}/${length} ${other} ${seedNote}`
    assert.deepEqual([network.first, network.last, network.mask], [first, last, mask].map(same), note)
    assert.equal(network.contains(other), holds, note)
    assert.ok(network.contains(text) && network.equals(prefix(network.toString())), note)
  }
})

test('prefix reads what is written as one, and says what is wrong', () => {
  assert.equal(String(prefix('10.0.0.0/8')), '10.0.0.0/8')
  assert.equal(String(prefix('::1')), '::1/128')
  assert.equal(inspect(prefix('fe80::/10')), 'Prefix(fe80::/10)')
  assert.equal(JSON.stringify({ network: prefix('10.0.0.0/8') }), '{"network":"10.0.0.0/8"}')
  const wrong: readonly [unknown, string][] = [
    ['10.0.0.1/8', 'ERR_INVALID_ARG_VALUE'],
    ['10.0.0.0/33', 'ERR_OUT_OF_RANGE'],
    ['10.0.0.0/08', 'ERR_INVALID_ARG_VALUE'],
    ['10.0.0.0/', 'ERR_INVALID_ARG_VALUE'],
    ['10.0.0.0/8/8', 'ERR_INVALID_ARG_VALUE'],
    ['10.0.0/8', 'ERR_INVALID_ARG_VALUE'],
    ['::/129', 'ERR_OUT_OF_RANGE'],
    ['', 'ERR_INVALID_ARG_VALUE'],
    [1, 'ERR_INVALID_ARG_TYPE'],
  ]
  for (const [text, code] of wrong) assert.throws(() => prefix(text as string), { code }, String(text))
  assert.throws(() => prefix('10.1.0.0/8'), /the network is 10\.0\.0\.0\/8/)
  assert.throws(() => networkOf('10.0.0.1', 1.5), { code: 'ERR_OUT_OF_RANGE' })
})

test('sockets’ addresses are looked for by their host; mapped ones are those of IPv4', () => {
  const ten = prefix('10.0.0.0/8')
  assert.equal(ten.contains(inet('10.1.2.3', 80)), true)
  assert.equal(ten.contains(inet6('::ffff:10.1.2.3', 80)), true)
  assert.equal(ten.contains(inet6('::ffff:11.1.2.3', 80)), false)
  assert.equal(prefix('::ffff:0:0/96').contains('10.1.2.3'), false)
  assert.equal(prefix('fe80::/10').contains(inet6('fe80::1%eth0', 80)), true)
})

test('covers and overlaps', () => {
  const [all, ten, one] = [prefix('0.0.0.0/0'), prefix('10.0.0.0/8'), prefix('10.1.0.0/16')]
  assert.deepEqual([all.covers(ten), ten.covers(one), one.covers(ten), ten.covers(ten)], [true, true, false, true])
  assert.deepEqual(
    [one.overlaps(ten), one.overlaps(prefix('10.2.0.0/16')), all.overlaps(prefix('::/0'))],
    [true, false, false],
  )
})

test('what an address is for', () => {
  const kinds: readonly [string, string][] = [
    ['0.0.0.0', 'unspecified'],
    ['::', 'unspecified'],
    ['127.9.9.9', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['169.254.1.1', 'linkLocal'],
    ['fe80::1', 'linkLocal'],
    ['192.168.1.1', 'private'],
    ['fd00::1', 'private'],
    ['100.64.0.1', 'shared'],
    ['239.1.1.1', 'multicast'],
    ['ff02::1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['203.0.113.9', 'documentation'],
    ['198.19.0.1', 'benchmarking'],
    ['240.0.0.1', 'reserved'],
    ['1.1.1.1', 'global'],
    ['2606:4700::1111', 'global'],
  ]
  for (const [text, kind] of kinds) assert.equal(kindOf(text), kind, text)
  assert.throws(() => kindOf('localhost'), { code: 'ERR_INVALID_ARG_VALUE' })
})
