import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { formatInet6Text, parseInet6Text } from '../../src/base/inet6-text.ts'
import { needs } from '../support/needs.ts'
import { holds, sample, seedNote } from '../support/property.ts'
import { askPython } from '../support/python.ts'

/** Sixteen bytes as people use them: groups that are often zero, some addresses that carry an IPv4 one. */
const group = fc.oneof(fc.constant(0), fc.constantFrom(1, 0xff, 0xffff), fc.integer({ min: 0, max: 0xffff }))
const grouped = fc
  .array(group, { minLength: 8, maxLength: 8 })
  .map((groups) => Uint8Array.from(groups.flatMap((value) => [value >> 8, value & 0xff])))
const mapped = fc
  .uint8Array({ minLength: 4, maxLength: 4 })
  .map((inet) => Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...inet]))
const addresses = fc.oneof({ weight: 4, arbitrary: grouped }, { weight: 1, arbitrary: mapped })

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

// RFC 5952, sections 4 and 5; the texts on the left are RFC 4291's freedom.
const forms: readonly [text: string, canonical: string][] = [
  ['::', '::'],
  ['::1', '::1'],
  ['0:0:0:0:0:0:0:0', '::'],
  ['2001:0DB8::0001', '2001:db8::1'],
  ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['1:0:0:0:0:0:0:0', '1::'],
  ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
  ['::ffff:1.2.3.4', '::ffff:1.2.3.4'],
  ['::ffff:102:304', '::ffff:1.2.3.4'],
  ['0:0:0:0:0:ffff:1.2.3.4', '::ffff:1.2.3.4'],
  ['64:ff9b::1.2.3.4', '64:ff9b::102:304'],
  ['::1.2.3.4', '::102:304'],
  ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
]

for (const [text, canonical] of forms) {
  test(`reads ${text} and writes ${canonical}`, () => {
    const bytes = parseInet6Text(text)
    assert.ok(bytes instanceof Uint8Array, String(bytes))
    assert.equal(formatInet6Text(bytes), canonical)
  })
}

const faults: readonly [text: string, reason: RegExp][] = [
  ['', /has colons/],
  ['1.2.3.4', /has colons/],
  ['1:2:3', /eight groups, not 3/],
  ['1:2:3:4:5:6:7:8:9', /eight groups, not 9/],
  ['1:2:3:4:5:6:7', /eight groups, not 7/],
  ['1::2::3', /only once/],
  [':::', /':::'/],
  ['1:2:3:4::5:6:7:8', /stands for no group/],
  [':1:2:3:4:5:6:7', /single colon/],
  ['1:2:3:4:5:6:7:', /single colon/],
  ['::1:', /single colon/],
  ['12345::', /'12345' has more than four digits/],
  ['::g', /'g' has no place/],
  ['::1%eth0', /'%' has no place/],
  ['[::1]', /'\[' has no place/],
  [' ::1', /' ' has no place/],
  ['::1.2.3', /four numbers, not 3/],
  ['::1.2.3.256', /over 255/],
  ['::1.2.3.04', /leading zero/],
  ['1.2.3.4::', /'1.2.3.4' must come last/],
  ['::1.2.3.4:5', /must come last/],
  ['1:2:3:4:5:6:7:1.2.3.4', /eight groups, not 9/],
]

for (const [text, reason] of faults) {
  test(`refuses ${JSON.stringify(text)} and says why`, () => {
    const result = parseInet6Text(text)
    assert.equal(typeof result, 'string')
    assert.match(String(result), reason)
  })
}

test('reads back whatever it writes, at any offset', () => {
  holds(addresses, (address) => {
    const framed = Uint8Array.from([1, 2, 3, ...address, 4])
    const result = parseInet6Text(formatInet6Text(framed, 3))
    assert.ok(result instanceof Uint8Array, String(result))
    assert.equal(hex(result), hex(address))
  })
})

test("writes as Python's inet_ntop, but for IPv4-compatible addresses", { skip: needs({ program: 'python3' }) }, () => {
  const questions = sample(addresses, 5000).map(hex)
  // glibc writes ::102:304 as ::1.2.3.4; that form is deprecated (RFC 4291, 2.5.5.1), and Python's own ipaddress
  // module does without it.
  const program = `
import ipaddress, socket
def answer(hex):
    packed = bytes.fromhex(hex)
    compatible = packed[:12] == bytes(12)
    return str(ipaddress.IPv6Address(packed)) if compatible else socket.inet_ntop(socket.AF_INET6, packed)`
  const answers = askPython<string>(program, questions)
  for (const [i, question] of questions.entries()) {
    assert.equal(formatInet6Text(Buffer.from(question, 'hex')), answers[i], `${question}, ${seedNote}`)
  }
})

test("agrees with Python's inet_pton on what is an address", { skip: needs({ program: 'python3' }) }, () => {
  const piece = fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 0x1ffff }).map((value) => value.toString(16)) },
    { weight: 4, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.constantFrom('0000', '00001', 'FfF', 'g', '1.2.3.4', '1.2.3', '1.2.3.04', ' ', '%lo') },
  )
  const random = fc.array(piece, { minLength: 1, maxLength: 10 }).map((pieces) => pieces.join(':'))
  const mutated = fc
    .tuple(addresses, fc.nat(40), fc.nat(2), fc.constantFrom('', ':', '::', '0', '.', 'f', '1.2.3.4'))
    .map(([address, at, cut, insert]) => {
      const text = formatInet6Text(address)
      return text.slice(0, at) + insert + text.slice(at + cut)
    })
  const questions = sample(fc.oneof(random, mutated), 20_000)
  const program = `
import socket
def answer(text):
    try: return socket.inet_pton(socket.AF_INET6, text).hex()
    except (OSError, ValueError): return None`
  const answers = askPython<string | null>(program, questions)
  assert.ok(answers.filter((answer) => answer !== null).length > 1000, 'the questions hold too few addresses')
  for (const [i, text] of questions.entries()) {
    const result = parseInet6Text(text)
    assert.equal(typeof result === 'string' ? null : hex(result), answers[i], `${JSON.stringify(text)}, ${seedNote}`)
  }
})
