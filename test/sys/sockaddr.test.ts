import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import * as fc from 'fast-check'
import {
  abstract,
  type AnyAddress,
  inet,
  inet6,
  netlink,
  OtherAddress,
  packet,
  unix,
  UnixAddress,
  unnamed,
  vsock,
} from '../../src/base/address.ts'
import { SocketError } from '../../src/base/errors.ts'
import { AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_UNIX, AF_VSOCK, AF_XDP, ENODEV } from '../../src/sys/constants.ts'
import { lookUpInterfacesWith, packAddress, unpackAddress } from '../../src/sys/sockaddr.ts'
import { anyAddresses, inet6FlowAddresses, inetAddresses } from '../support/addresses.ts'
import { needs } from '../support/needs.ts'
import { holds, sample, seedNote } from '../support/property.ts'
import { askPython } from '../support/python.ts'

/** A number in the machine's own order. */
function host16(value: number): number[] {
  return [...new Uint8Array(Uint16Array.of(value).buffer)]
}

function host32(value: number): number[] {
  return [...new Uint8Array(Uint32Array.of(value).buffer)]
}

function text(value: string): number[] {
  return [...Buffer.from(value, 'latin1')]
}

const loopback6 = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
const path108 = 'p'.repeat(108)

/** Both ways: the address, and the bytes of its structure. */
const packed: readonly [what: string, address: AnyAddress, bytes: number[]][] = [
  [
    'IPv4, the port in network order',
    inet('1.2.3.4', 0x1f90),
    [...host16(AF_INET), 0x1f, 0x90, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0],
  ],
  [
    "IPv6, flow information in network order and the scope in the host's",
    inet6('::1', 80, { scope: 0x01020304, flowInfo: 0x0a0b0c0d }),
    [...host16(AF_INET6), 0, 80, 0x0a, 0x0b, 0x0c, 0x0d, ...loopback6, ...host32(0x01020304)],
  ],
  ['a path with its NUL', unix('/run/x'), [...host16(AF_UNIX), ...text('/run/x\0')]],
  ['the longest path', unix('x'.repeat(107)), [...host16(AF_UNIX), ...text(`${'x'.repeat(107)}\0`)]],
  ['an abstract name without a NUL after it', abstract('name'), [...host16(AF_UNIX), ...text('\0name')]],
  ['an abstract name with NULs', abstract('\0a\0'), [...host16(AF_UNIX), ...text('\0\0a\0')]],
  ['the longest abstract name', abstract('x'.repeat(107)), [...host16(AF_UNIX), ...text(`\0${'x'.repeat(107)}`)]],
  ['an empty abstract name', abstract(''), [...host16(AF_UNIX), 0]],
  ['no name', unnamed(), host16(AF_UNIX)],
  [
    'a packet address, the protocol in network order',
    packet({ protocol: 0x0806, interface: 7, hardwareAddress: '02:00:5E:10:00:01', hardwareType: 1, packetType: 3 }),
    [...host16(AF_PACKET), 8, 6, ...host32(7), ...host16(1), 3, 6, 2, 0, 0x5e, 0x10, 0, 1, 0, 0],
  ],
  [
    'a packet address with a hardware address of twenty bytes',
    packet({ hardwareAddress: Array.from({ length: 20 }, () => 'ab').join(':') }),
    [...host16(AF_PACKET), 0, 0, ...host32(0), ...host16(0), 0, 20, ...Array<number>(20).fill(0xab)],
  ],
  [
    'a netlink address',
    netlink(0xfedcba98, 0x80000001),
    [...host16(AF_NETLINK), 0, 0, ...host32(0xfedcba98), ...host32(0x80000001)],
  ],
  ['a vsock address', vsock(2, 1024, 1), [...host16(AF_VSOCK), 0, 0, ...host32(1024), ...host32(2), 1, 0, 0, 0]],
  [
    'a vsock address of any machine',
    vsock(-1, -1),
    [...host16(AF_VSOCK), 0, 0, ...Array<number>(8).fill(255), 0, 0, 0, 0],
  ],
  ['another family', new OtherAddress(AF_XDP, Uint8Array.from([...host16(AF_XDP), 1, 2])), [...host16(AF_XDP), 1, 2]],
]

for (const [what, address, bytes] of packed) {
  test(`packs and unpacks ${what}`, () => {
    assert.deepEqual([...packAddress(address)], bytes)
    assert.deepEqual(unpackAddress(Uint8Array.from(bytes)), address)
  })
}

/** What the kernel may give besides what is packed here. */
const given: readonly [what: string, bytes: number[], address: AnyAddress][] = [
  ['a path without a NUL', [...host16(AF_UNIX), ...text('/run/x')], unix('/run/x')],
  ['a path with a tail of NULs', [...host16(AF_UNIX), ...text('/run/x'.padEnd(108, '\0'))], unix('/run/x')],
  ["what follows a path's NUL", [...host16(AF_UNIX), ...text('/run/x\0junk')], unix('/run/x')],
  [
    'an IPv4 address in more bytes',
    [...host16(AF_INET), 0, 80, 1, 2, 3, 4, ...Array(120).fill(0)],
    inet('1.2.3.4', 80),
  ],
]

for (const [what, bytes, address] of given) {
  test(`unpacks ${what}`, () => assert.deepEqual(unpackAddress(Uint8Array.from(bytes)), address))
}

test('a path that fills the structure without a NUL is read, and packed as it came', () => {
  const bytes = [...host16(AF_UNIX), ...text(path108)]
  for (const tail of [[], [0]]) {
    const address = unpackAddress(Uint8Array.from([...bytes, ...tail]))
    assert.ok(address instanceof UnixAddress)
    assert.equal(address.path, path108)
    assert.deepEqual([...packAddress(address)], bytes)
  }
})

test('unpacks in the middle of other bytes, and copies', () => {
  const address = abstract('name')
  const bytes = Uint8Array.from([9, 9, 9, ...packAddress(address), 9, 9])
  const found = unpackAddress(bytes.subarray(1), 2, 7)
  bytes.fill(9)
  assert.deepEqual(found, address)
})

test('an address is packed once', () => {
  const address = inet('1.2.3.4', 80)
  assert.equal(packAddress(address), packAddress(address))
  assert.equal(address.packed, packAddress(address))
})

afterEach(() => lookUpInterfacesWith((name) => (name === 'eth0' ? 7 : -ENODEV)))

test("a scope's name is looked up once for each address", () => {
  const asked: string[] = []
  lookUpInterfacesWith((name) => {
    asked.push(name)
    return 7
  })
  const address = inet6('fe80::1%eth0', 80)
  packAddress(address)
  packAddress(address)
  packAddress(inet6('fe80::1%7', 80))
  assert.deepEqual(asked, ['eth0'])
  assert.deepEqual(unpackAddress(packAddress(address)), inet6('fe80::1%7', 80))
})

test('a scope that no interface has is told, with the address', () => {
  for (const nothing of [0, -ENODEV]) {
    lookUpInterfacesWith(() => nothing)
    assert.throws(
      () => packAddress(inet6('fe80::1%eth9', 80)),
      (error) => {
        assert.ok(error instanceof SocketError)
        assert.deepEqual(Object.fromEntries(Object.entries(error)), {
          errno: -ENODEV,
          code: 'ENODEV',
          syscall: 'if_nametoindex',
          address: 'fe80::1%eth9',
          port: 80,
          status: 'deviceNotFound',
        })
        assert.match(error.message, /No interface has the name or number 'eth9'/)
        return true
      },
    )
  }
})

test('refuses to pack what is not an address', () => {
  for (const value of [undefined, null, '1.2.3.4:80', 80, { family: 'inet', host: '1.2.3.4', port: 80 }]) {
    assert.throws(() => packAddress(value as never), {
      name: 'TypeError',
      code: 'ERR_INVALID_ARG_TYPE',
      message: /"address" must be an address/,
    })
  }
})

const cut: readonly [what: string, bytes: number[], message: RegExp][] = [
  ['nothing', [], /that of a socket address, at least 2 bytes. Received 0/],
  ['half a family', [AF_INET], /at least 2 bytes. Received 1/],
  ['a cut IPv4 address', [...host16(AF_INET), 0, 80, 1, 2, 3], /that of an IPv4 address, 16 to 128 bytes. Received 7/],
  ['a cut IPv6 address', [...host16(AF_INET6), ...Array(25).fill(0)], /that of an IPv6 address, 28 to 128 .* 27/],
  [
    'an abstract name too long',
    [...host16(AF_UNIX), ...Array(109).fill(0)],
    /an abstract Unix address, 2 to 110 .* 111/,
  ],
  ['a path too long', [...host16(AF_UNIX), ...Array(109).fill(0x61)], /a path of at most 108 bytes/],
]

for (const [what, bytes, message] of cut) {
  test(`refuses ${what}`, () => {
    assert.throws(() => unpackAddress(Uint8Array.from(bytes)), {
      name: 'RangeError',
      code: 'ERR_OUT_OF_RANGE',
      message,
    })
  })
}

test('refuses to look outside the bytes', () => {
  const bytes = packAddress(inet('1.2.3.4', 80))
  const range = { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' }
  assert.throws(() => unpackAddress(bytes, 0, 17), { ...range, message: /"length".*<= 16/ })
  assert.throws(() => unpackAddress(bytes, 8, 16), { ...range, message: /"length".*<= 8/ })
  assert.throws(() => unpackAddress(bytes, 17), { ...range, message: /"offset"/ })
  assert.throws(() => unpackAddress(bytes, -1, 4), { ...range, message: /"offset"/ })
  assert.throws(() => unpackAddress(bytes, 0, -1), { ...range, message: /"length"/ })
  assert.throws(() => unpackAddress([] as never), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' })
})

test('unpacks whatever it packed', () => {
  holds(fc.oneof(anyAddresses, inet6FlowAddresses), (address) => {
    assert.deepEqual(unpackAddress(packAddress(address)), address)
  })
})

test('whatever the bytes, there is an address within them, or an argument error', () => {
  const family = fc.oneof(
    fc.constantFrom(AF_INET, AF_INET6, AF_UNIX).map(host16),
    fc.array(fc.nat(255), { maxLength: 2 }),
  )
  const rest = fc.oneof(
    fc.array(fc.nat(255), { maxLength: 140 }),
    fc.array(fc.constantFrom(0, 0x61), { maxLength: 140 }),
  )
  holds(
    fc.tuple(family, rest, fc.integer({ min: -1, max: 4 }), fc.integer({ min: -1, max: 150 })),
    ([head, tail, offset, length]) => {
      const bytes = Uint8Array.from([...head, ...tail])
      let address: AnyAddress
      try {
        address = unpackAddress(bytes, offset, length)
      } catch (error) {
        assert.ok(error instanceof RangeError, String(error))
        return
      }
      assert.ok(address.toString().length < 600)
      assert.deepEqual(unpackAddress(packAddress(address)), address)
    },
    5_000,
  )
})

test("packs as Python's struct and inet_pton do", { skip: needs({ program: 'python3' }) }, () => {
  const addresses = sample(fc.oneof(inetAddresses, inet6FlowAddresses), 2000)
  const program = `
import socket, struct
def answer(q):
    port = struct.pack('!H', q['port'])
    if q['family'] == 'inet':
        return (struct.pack('=H', socket.AF_INET) + port + socket.inet_pton(socket.AF_INET, q['host']) + bytes(8)).hex()
    return (struct.pack('=H', socket.AF_INET6) + port + struct.pack('!I', q['flowInfo'])
        + socket.inet_pton(socket.AF_INET6, q['host']) + struct.pack('=I', q['scope'])).hex()`
  const answers = askPython<string>(program, addresses)
  for (const [i, address] of addresses.entries()) {
    assert.equal(Buffer.from(packAddress(address)).toString('hex'), answers[i], `${address.toString()}, ${seedNote}`)
  }
})

test('names of interfaces cannot be packed before there is a way to look them up', () => {
  lookUpInterfacesWith(undefined as never)
  assert.throws(() => packAddress(inet6('fe80::1%eth0', 80)), {
    code: 'ERR_INVALID_ARG_VALUE',
    message: /write the number of the interface/,
  })
})

test('whatever the bytes, an address or an error that says what is wrong with them', () => {
  const families = fc.constantFrom(AF_INET, AF_INET6, AF_UNIX, AF_PACKET, AF_NETLINK, AF_VSOCK, 0, 255, 65535)
  holds(fc.tuple(families, fc.uint8Array({ maxLength: 140 })), ([family, rest]) => {
    const bytes = Uint8Array.from([...host16(family), ...rest])
    try {
      const address = unpackAddress(bytes)
      assert.ok(unpackAddress(packAddress(address)).equals(address))
      assert.equal(String(address) === '', address.equals(unnamed()))
    } catch (error) {
      assert.match((error as { code?: string }).code ?? '', /^ERR_OUT_OF_RANGE$/)
    }
  })
})
