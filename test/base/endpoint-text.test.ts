import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  abstract,
  type EndpointAddress,
  formatEndpoint,
  inet,
  inet6,
  parseEndpoint,
  unix,
  unnamed,
} from '../../src/base/address.ts'
import { anyAddresses } from '../support/addresses.ts'
import { holds } from '../support/property.ts'

const endpoints: readonly [text: string, address: EndpointAddress][] = [
  ['1.2.3.4:80', inet('1.2.3.4', 80)],
  ['0.0.0.0:0', inet('0.0.0.0', 0)],
  ['1.2.3.4:443', inet('1.2.3.4', 443)],
  ['1.2.3.4:65535', inet('1.2.3.4', 65_535)],
  ['[::1]:80', inet6('::1', 80)],
  ['[::]:0', inet6('::', 0)],
  ['[2001:DB8::0:1]:80', inet6('2001:db8::1', 80)],
  ['[::ffff:1.2.3.4]:80', inet6('::ffff:1.2.3.4', 80)],
  ['[fe80::1%eth0]:80', inet6('fe80::1', 80, { scope: 'eth0' })],
  ['[fe80::1%2]:80', inet6('fe80::1', 80, { scope: 2 })],
  ['/run/x', unix('/run/x')],
  ['./x', unix('./x')],
  ['../x', unix('../x')],
  ['/tmp/a:80', unix('/tmp/a:80')],
  ['/tmp/a\\xffb', unix(Uint8Array.from(Buffer.from('/tmp/a\xffb', 'latin1')))],
  ['/tmp/a\\b', unix('/tmp/a\\b')],
  ['unix:/run/x', unix('/run/x')],
  ['unix:x', unix('x')],
  ['unix:', unnamed()],
  ['@name', abstract('name')],
  ['@a\\x00b', abstract('a\0b')],
  ['@a\0b', abstract('a\0b')],
  ['@', abstract('')],
  ['abstract:name', abstract('name')],
  ['abstract:@name', abstract('@name')],
]

for (const [text, address] of endpoints) {
  test(`reads ${JSON.stringify(text)}`, () => {
    const parsed = parseEndpoint(text)
    assert.deepEqual(parsed, address)
    assert.equal(parsed.equals(address), true)
  })
}

test('reads back whatever it writes', () => {
  holds(
    anyAddresses,
    (address) => {
      const text = formatEndpoint(address)
      const parsed = parseEndpoint(text)
      assert.ok(parsed.equals(address), `${JSON.stringify(text)} reads as ${parsed.toString()}`)
      assert.equal(formatEndpoint(parsed), text)
    },
    5000,
  )
})

const faults: readonly [text: string, reason: RegExp][] = [
  ['', /it is empty; write/],
  ['1.2.3.4', /the port is missing; write 1\.2\.3\.4:PORT/],
  ['1.2.3.4:', /the port is missing after the colon/],
  ['[::1]', /the port is missing; write \[::1\]:PORT/],
  ['[fe80::1%eth0]', /the port is missing; write \[fe80::1%eth0\]:PORT/],
  ['[::1]:', /the port is missing after the colon/],
  ['80', /a port but no address; write 0\.0\.0\.0:80 or \[::\]:80/],
  [':80', /the address is missing; write 0\.0\.0\.0:80 or \[::\]:80/],
  ['*:80', /'\*' is not an address; write 0\.0\.0\.0/],
  ['1.2.3.4:http', /the port 'http' is not a number/],
  ['1.2.3.4:80x', /the port '80x' is not a number/],
  ['1.2.3.4:0x50', /'0x50' is not a number/],
  ['1.2.3.4:+80', /'\+80' is not a number/],
  ['1.2.3.4: 80', /' 80' is not a number/],
  ['1.2.3.4:٨٠', /is not a number/],
  ['1.2.3.4:080', /'080' has a leading zero/],
  ['1.2.3.4:80:90', /after the port comes ':90'/],
  ['[::1]:80:90', /'80:90' is not a number/],
  ['[::1]x', /after '\]' comes 'x'/],
  ['[::1]80', /after '\]' comes '80'/],
  ['[::1]]:80', /after '\]' comes '\]:80'/],
  ['[::1:80', /the bracket is not closed/],
  ['[', /the bracket is not closed/],
  ['[]:80', /the brackets are empty; write \[::\]/],
  ['[1.2.3.4]:80', /an IPv4 address has no brackets; write 1\.2\.3\.4:80/],
  ['[localhost]:80', /'localhost' is not an IPv6 address/],
  ['[1::2::3]:80', /'1::2::3' is not an IPv6 address: '::' can stand .* only once/],
  ['[[::1]]:80', /'\[::1' is not an IPv6 address/],
  ['[fe80::1%]:80', /the zone after '%' is empty/],
  ['[%eth0]:80', /a zone but no address/],
  ['[1.2.3.4%eth0]:80', /a zone belongs to IPv6/],
  ['1.2.3.4%eth0:80', /a zone belongs to IPv6/],
  ['::1:80', /ambiguous; an IPv6 address has brackets: write \[::1\]:80 or \[::1:80\]:PORT/],
  ['fe80::1%eth0', /the port is missing, and an IPv6 address has brackets; write \[fe80::1%eth0\]:PORT/],
  ['::1', /the port is missing, and an IPv6 address has brackets; write \[::1\]:PORT/],
  ['::', /the port is missing, and an IPv6 address has brackets; write \[::\]:PORT/],
  ['fe80::1%eth0:80', /an IPv6 address has brackets; write \[fe80::1%eth0\]:80/],
  ['::1:70000', /an IPv6 address has brackets; write \[::1\]:70000/],
  ['1:2:3:4:5:6:7:8:80', /an IPv6 address has brackets; write \[1:2:3:4:5:6:7:8\]:80/],
  ['a:b:c', /several colons, but is neither/],
  ['localhost:80:90', /several colons, but is neither/],
  ['1.2.3:80:90', /several colons/],
  [':', /the address is missing; write 0\.0\.0\.0:PORT or/],
  ['::1:', /an IPv6 address has brackets; write \[::1\]:PORT/],
  ['localhost', /'localhost' is a host name, which needs resolving first/],
  ['localhost:80', /'localhost' is a host name, which needs resolving first/],
  ['bücher.example:80', /'bücher\.example' is a host name/],
  ['1.2.3:80', /'1\.2\.3' is not an IPv4 address: .* four numbers, not 3/],
  ['1.2.3.256:80', /'1\.2\.3\.256' is not an IPv4 address: .*over 255/],
  ['01.2.3.4:80', /leading zero/],
  ['127.0.0.1.:80', /four numbers, not 5/],
  ['a b:80', /'a b' is not an address/],
  [' 1.2.3.4:80', /starts or ends with a space/],
  ['1.2.3.4:80\n', /starts or ends with a space/],
  ['http://1.2.3.4:80/', /it is a URL/],
  ['tcp://1.2.3.4:80', /it is a URL/],
  ['x/y.sock', /a path starts with '\/', '\.\/' or '\.\.\/'; write \.\/x\/y\.sock/],
  ['\0name', /starts with a NUL; an abstract name has '@'/],
  ['1.2.3.4:80\0', /it holds a NUL/],
  ['/a\0b', /a path cannot hold a NUL/],
  ['/a\\x00b', /a path cannot hold a NUL/],
  ['unix:\0a', /use abstract\(\)/],
  ['/\ud800', /surrogate/],
]

for (const [text, message] of faults) {
  test(`refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => parseEndpoint(text), { name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE', message })
  })
}

const ranges: readonly [text: string, message: RegExp][] = [
  ['1.2.3.4:65536', /port of at most 65535\. Received '1\.2\.3\.4:65536'/],
  ['1.2.3.4:99999999999999999999', /port of at most 65535/],
  ['[::1]:70000', /port of at most 65535/],
  ['1.2.3.4:-1', /port that is not negative/],
  [`/${'x'.repeat(107)}`, /at most 107 bytes long, not 108/],
  [`@${'x'.repeat(108)}`, /at most 107 bytes long, not 108/],
  ['[fe80::1%4294967296]:80', /zone of at most 4294967295/],
]

for (const [text, message] of ranges) {
  test(`refuses ${JSON.stringify(text.slice(0, 40))} as out of range`, () => {
    assert.throws(() => parseEndpoint(text), { name: 'RangeError', code: 'ERR_OUT_OF_RANGE', message })
  })
}

test('refuses what is not text', () => {
  for (const value of [undefined, null, 80, {}, ['1.2.3.4:80'], inet('1.2.3.4', 80)]) {
    assert.throws(() => parseEndpoint(value as never), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' })
  }
})

test('reads 107 bytes of name', () => {
  assert.equal(parseEndpoint(`/${'x'.repeat(106)}`).family, 'unix')
  assert.equal(parseEndpoint(`@${'x'.repeat(107)}`).family, 'unix')
})

test('whatever the text, there is an address, or an argument error of one line', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '[',
      ']',
      ':',
      '::',
      '%',
      '.',
      '@',
      '/',
      './',
      'unix:',
      'abstract:',
      '\0',
      '\\x',
      '\n',
      '-',
      ' ',
      '\ud800',
    ),
    fc.constantFrom('1.2.3.4', 'fe80::1', '80', '65536', 'eth0', 'localhost', 'x'.repeat(120), 'ff', '0'),
    fc.string({ unit: 'binary', maxLength: 4 }),
  )
  const valid = anyAddresses.map(formatEndpoint)
  const mutated = fc
    .tuple(valid, fc.nat(30), fc.nat(3), piece)
    .map(([text, at, cut, insert]) => text.slice(0, at) + insert + text.slice(at + cut))
  const joined = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
  holds(
    fc.oneof(joined, mutated, fc.string({ unit: 'binary' })),
    (text) => {
      let address: EndpointAddress
      try {
        address = parseEndpoint(text)
      } catch (error) {
        assert.ok(error instanceof TypeError || error instanceof RangeError, String(error))
        assert.match(String((error as TypeError & { code?: unknown }).code), /^ERR_(?:INVALID_ARG_VALUE|OUT_OF_RANGE)$/)
        assert.doesNotMatch(error.message, /\n|undefined/)
        return
      }
      assert.ok(parseEndpoint(formatEndpoint(address)).equals(address))
    },
    10_000,
  )
})
