import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { abstract, inet, inet6, isAddress, OtherAddress, unix, unnamed } from '../../src/base/address.ts'
import { anyAddresses } from '../support/addresses.ts'
import { holds } from '../support/property.ts'

test('an IPv4 address has a host and a port', () => {
  const address = inet('127.0.0.1', 80)
  assert.equal(address.family, 'inet')
  assert.equal(address.host, '127.0.0.1')
  assert.equal(address.port, 80)
  assert.equal(String(address), '127.0.0.1:80')
  assert.equal(inspect(address), 'InetAddress(127.0.0.1:80)')
  assert.deepEqual(JSON.parse(JSON.stringify(address)), { family: 'inet', host: '127.0.0.1', port: 80 })
})

test('an IPv6 address is kept in its canonical form, its zone apart', () => {
  const address = inet6('FE80:0::0:1%eth0', 80)
  assert.equal(address.family, 'inet6')
  assert.equal(address.host, 'fe80::1')
  assert.equal(address.scope, 'eth0')
  assert.equal(address.zonedHost, 'fe80::1%eth0')
  assert.equal(String(address), '[fe80::1%eth0]:80')
  assert.equal(inspect([address]), '[ Inet6Address([fe80::1%eth0]:80) ]')
})

test('a zone of digits is a number, and 0 is none', () => {
  assert.equal(inet6('fe80::1%2', 80).scope, 2)
  assert.equal(inet6('fe80::1%0', 80).scope, 0)
  assert.equal(String(inet6('fe80::1', 80, { scope: 2 })), '[fe80::1%2]:80')
  assert.equal(String(inet6('::1', 80, { scope: 0 })), '[::1]:80')
  assert.equal(inet6('fe80::1%eth0', 80, { scope: 'eth0' }).scope, 'eth0')
  assert.equal(inet6('fe80::1', 80, { scope: '3' }).scope, 3)
})

test('flow information is kept, shown when printed, and part of equality', () => {
  const address = inet6('::1', 80, { flowInfo: 0xabcde })
  assert.equal(address.flowInfo, 0xabcde)
  assert.equal(inspect(address), 'Inet6Address([::1]:80, flowInfo 0xabcde)')
  assert.equal(address.equals(inet6('::1', 80)), false)
  assert.equal(address.equals(inet6('::1', 80, { flowInfo: 0xabcde })), true)
})

test('a Unix address is a path, an abstract name, or unnamed', () => {
  const path = unix('/run/x')
  assert.deepEqual([path.family, path.kind, path.path, String(path)], ['unix', 'path', '/run/x', '/run/x'])
  assert.deepEqual(path.name, new Uint8Array(Buffer.from('/run/x')))
  const name = abstract('a\0b')
  assert.deepEqual([name.kind, name.path, String(name)], ['abstract', undefined, '@a\\x00b'])
  assert.deepEqual(name.name, Uint8Array.of(0x61, 0, 0x62))
  const none = unnamed()
  assert.deepEqual([none.kind, none.path, String(none), none.name.length], ['unnamed', undefined, '', 0])
  assert.equal(inspect([path, name, none]), '[ UnixAddress(/run/x), UnixAddress(@a\\x00b), UnixAddress(unnamed) ]')
})

test('a path that is not UTF-8 has no text but its bytes and an escaped form', () => {
  const path = unix(Uint8Array.of(0x2f, 0xff))
  assert.equal(path.path, undefined)
  assert.deepEqual(path.name, Uint8Array.of(0x2f, 0xff))
  assert.equal(String(path), '/\\xff')
})

test('a path that would read as another address is shown with its scheme', () => {
  assert.equal(String(unix('x.sock')), 'unix:x.sock')
  assert.equal(String(unix('@x')), 'unix:@x')
  assert.equal(String(unix('./@x')), './@x')
})

test('an address does not change when the bytes it came from or gave do', () => {
  const bytes = new Uint8Array(Buffer.from('/run/x'))
  const address = unix(bytes)
  bytes.fill(0x61)
  address.name.fill(0x61)
  assert.deepEqual(address.name, new Uint8Array(Buffer.from('/run/x')))
  const lent = new Uint8Array([40, 0, 1])
  const other = new OtherAddress(40, lent)
  lent.fill(0)
  other.bytes.fill(0)
  assert.deepEqual(other.bytes, Uint8Array.of(40, 0, 1))
})

test('an unknown family keeps its bytes and prints them', () => {
  const address = new OtherAddress(40, Uint8Array.of(40, 0, 0xff))
  assert.equal(inspect(address), 'OtherAddress(family 40: 2800ff)')
  assert.equal(address.equals(new OtherAddress(40, Uint8Array.of(40, 0, 0xff))), true)
  assert.equal(address.equals(new OtherAddress(40, Uint8Array.of(40, 0))), false)
  assert.deepEqual(JSON.parse(JSON.stringify(address)), { family: 'other', familyNumber: 40, hex: '2800ff' })
})

test('addresses are equal when every part is', () => {
  assert.equal(inet('1.2.3.4', 80).equals(inet('1.2.3.4', 80)), true)
  assert.equal(inet('1.2.3.4', 80).equals(inet('1.2.3.4', 81)), false)
  assert.equal(inet('1.2.3.4', 80).equals(inet('1.2.3.5', 80)), false)
  assert.equal(inet6('::', 80).equals(inet6('0::0', 80)), true)
  assert.equal(inet6('fe80::1%1', 80).equals(inet6('fe80::1%2', 80)), false)
  assert.equal(inet6('::ffff:1.2.3.4', 80).equals(inet('1.2.3.4', 80)), false)
  assert.equal(unix('x').equals(abstract('x')), false)
  assert.equal(unnamed().equals(abstract('')), false)
  assert.equal(unnamed().equals(unnamed()), true)
  for (const stranger of [undefined, null, '1.2.3.4:80', { host: '1.2.3.4', port: 80 }]) {
    assert.equal(inet('1.2.3.4', 80).equals(stranger), false)
  }
})

test('deep comparison sees every part, and not whether the address was packed', () => {
  const packed = inet('1.2.3.4', 80)
  packed.packed = Uint8Array.of(1)
  assert.deepEqual(packed, inet('1.2.3.4', 80))
  assert.notDeepEqual(inet('1.2.3.4', 80), inet('1.2.3.4', 81))
  assert.notDeepEqual(abstract('a'), abstract('b'))
  assert.notDeepEqual(unix(Uint8Array.of(0xff)), unix(Uint8Array.of(0xfe)))
})

test('addresses are told from look-alikes', () => {
  for (const address of [inet('1.2.3.4', 1), inet6('::', 1), unix('x')]) assert.equal(isAddress(address), true)
  for (const value of [undefined, null, '1.2.3.4:1', { family: 'inet' }, new OtherAddress(1, new Uint8Array(2))]) {
    assert.equal(isAddress(value), false)
  }
})

test('every address equals itself and prints on one line', () => {
  holds(anyAddresses, (address) => {
    assert.equal(address.equals(address), true)
    assert.doesNotMatch(inspect(address), /\n/)
    assert.doesNotMatch(JSON.stringify(address), /packed/)
  })
})

const INVALID = { name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' }
const TYPE = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' }
const RANGE = { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' }

const faults: readonly [
  what: string,
  make: () => unknown,
  expected: { name: string; code: string },
  message: RegExp,
][] = [
  ['an IPv4 host that is empty', () => inet('', 80), INVALID, /"host".*empty; write '0\.0\.0\.0'/],
  ['an IPv4 host that is IPv6', () => inet('::1', 80), INVALID, /use inet6\(\).*Received '::1'/],
  ['an IPv4 host with a zone', () => inet('1.2.3.4%eth0', 80), INVALID, /zone belongs to IPv6/],
  ['an IPv4 host that is a name', () => inet('localhost', 80), INVALID, /needs resolving.*'localhost'/],
  ['an IPv4 host of three parts', () => inet('1.2.3', 80), INVALID, /four numbers, not 3/],
  ['an IPv4 host that is a number', () => inet(1 as never, 80), TYPE, /"host" must be a string\. Received 1/],
  ['a port over 65535', () => inet('1.2.3.4', 65_536), RANGE, /"port".*<= 65535\. Received 65536/],
  ['a negative port', () => inet('1.2.3.4', -1), RANGE, /"port".*Received -1/],
  ['a port that is not whole', () => inet('1.2.3.4', 1.5), RANGE, /"port".*integer.*1\.5/],
  ['a port that is text', () => inet('1.2.3.4', '80' as never), TYPE, /"port" must be a number\. Received '80'/],
  ['a missing port', () => inet6('::1', undefined as never), TYPE, /"port".*Received undefined/],
  ['an IPv6 host that is IPv4', () => inet6('1.2.3.4', 80), INVALID, /use inet\(\).*'::ffff:1\.2\.3\.4'/],
  ['an IPv6 host that is a name', () => inet6('localhost', 80), INVALID, /needs resolving/],
  ['an IPv6 host in brackets', () => inet6('[::1]', 80), INVALID, /brackets/],
  ['an IPv6 host that is malformed', () => inet6('1::2::3', 80), INVALID, /only once/],
  ['an IPv6 host that is empty', () => inet6('', 80), INVALID, /write '::'/],
  ['an IPv6 host that is only a zone', () => inet6('%eth0', 80), INVALID, /no address/],
  ['an empty zone', () => inet6('fe80::1%', 80), INVALID, /zone is empty/],
  ['a zone with a space', () => inet6('fe80::1%a b', 80), INVALID, /not the name of an interface/],
  ['a zone with a second percent sign', () => inet6('fe80::1%a%b', 80), INVALID, /not the name of an interface/],
  ['a zone over 32 bits', () => inet6('fe80::1%4294967296', 80), RANGE, /zone of at most 4294967295/],
  ['two zones that differ', () => inet6('fe80::1%1', 80, { scope: 2 }), INVALID, /another zone, '1'/],
  ['a scope that is negative', () => inet6('::1', 80, { scope: -1 }), RANGE, /"options\.scope"/],
  ['a scope of a wrong type', () => inet6('::1', 80, { scope: true as never }), TYPE, /"options\.scope".*true/],
  ['flow information over 32 bits', () => inet6('::1', 80, { flowInfo: 2 ** 32 }), RANGE, /"options\.flowInfo"/],
  ['options that are none', () => inet6('::1', 80, null as never), TYPE, /"options" must be an object/],
  ['an empty path', () => unix(''), INVALID, /"path".*use unnamed\(\)/],
  ['a path with a NUL', () => unix('/a\0b'), INVALID, /cannot hold a NUL/],
  ['a path with a NUL at its end', () => unix('/a\0'), INVALID, /cannot hold a NUL/],
  ['a path that starts with a NUL', () => unix('\0a'), INVALID, /use abstract\(\)/],
  ['a path of 108 bytes', () => unix('/'.repeat(108)), RANGE, /"path".*at most 107 bytes long, not 108/],
  ['a path of 108 bytes in fewer characters', () => unix('é'.repeat(54)), RANGE, /not 108/],
  ['a path that is a number', () => unix(7 as never), TYPE, /"path" must be a string or a Uint8Array\. Received 7/],
  ['a path with half a character', () => unix('/\ud800'), INVALID, /surrogate/],
  ['an abstract name of 108 bytes', () => abstract(new Uint8Array(108)), RANGE, /"name".*not 108.*of 108 bytes/],
  ['an abstract name that is null', () => abstract(null as never), TYPE, /"name".*Received null/],
]

for (const [what, make, expected, message] of faults) {
  test(`refuses ${what}`, () => assert.throws(make, { ...expected, message }))
}

test('takes names of exactly 107 bytes', () => {
  assert.equal(unix('/'.repeat(107)).name.length, 107)
  assert.equal(abstract(new Uint8Array(107)).name.length, 107)
  assert.equal(abstract('').name.length, 0)
})
