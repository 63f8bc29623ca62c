// Options whose value is no single int: what is set is what Python reads, as bytes it takes apart by itself; what
// Python sets is what is read; and members at fault are named.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import * as berkeley from '../../../src/index.ts'
import type { Option } from '../../../src/index.ts'
import { closedAfterEach } from '../../support/opened.ts'
import { PythonPeer } from '../../support/python-peer.ts'
import { kindNeeds, open, type Kind } from './kinds.ts'
import { kindOf } from './values.ts'

const opened = closedAfterEach()

/** An option, what is set and read, and the bytes in Python's terms. */
interface Row {
  readonly option: Option<unknown>
  readonly value: unknown
  readonly packed: string
  readonly got?: unknown
  readonly on?: Kind
  readonly root?: boolean
}

const bytes = (...numbers: number[]): Uint8Array => Uint8Array.from(numbers)
/** A header of one option that pads (RFC 8200, section 4.2): the next header, its length less one unit, and PadN. */
const PADDING = bytes(0, 0, 1, 4, 0, 0, 0, 0)
const key = new Uint8Array(16).map((_, index) => index)
// A routing header of type 4, with one segment (RFC 8754, section 2).
const ROUTING = Uint8Array.of(0, 2, 4, 0, 0, 0, 0, 0, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)

const hexOf = (value: Uint8Array): string => `bytes.fromhex('${Buffer.from(value).toString('hex')}')`

const ROWS: readonly Row[] = [
  { option: berkeley.SO_LINGER, value: undefined, packed: "struct.pack('ii', 0, 0)" },
  { option: berkeley.SO_LINGER, value: 0, packed: "struct.pack('ii', 1, 0)" },
  { option: berkeley.SO_LINGER, value: 7, packed: "struct.pack('ii', 1, 7)" },
  { option: berkeley.SO_RCVTIMEO, value: 0, packed: "struct.pack('ll', 0, 0)" },
  { option: berkeley.SO_RCVTIMEO, value: 1500, packed: "struct.pack('ll', 1, 500000)" },
  { option: berkeley.SO_SNDTIMEO, value: 2000, packed: "struct.pack('ll', 2, 0)" },
  { option: berkeley.SO_BINDTODEVICE, value: 'lo', packed: "b'lo\\0'" },
  { option: berkeley.SO_BINDTODEVICE, value: '', packed: "b''" },
  { option: berkeley.SO_MAX_PACING_RATE, value: 1_000_000, packed: "struct.pack('Q', 1000000)" },
  { option: berkeley.SO_MAX_PACING_RATE, value: 5e9, packed: "struct.pack('Q', 5000000000)" },
  { option: berkeley.SO_MAX_PACING_RATE, value: Number.POSITIVE_INFINITY, packed: "struct.pack('Q', 2**64 - 1)" },
  {
    option: berkeley.SO_TIMESTAMPING,
    value: berkeley.SOF_TIMESTAMPING_RX_SOFTWARE | berkeley.SOF_TIMESTAMPING_SOFTWARE,
    packed: "struct.pack('ii', 24, 0)",
    got: { flags: 24, bindPhc: 0 },
    on: 'udp',
  },
  { option: berkeley.SO_TIMESTAMPING, value: { flags: 0, bindPhc: 0 }, packed: "struct.pack('ii', 0, 0)" },
  {
    option: berkeley.SO_TXTIME,
    value: { clockId: berkeley.CLOCK_MONOTONIC, flags: berkeley.SOF_TXTIME_REPORT_ERRORS },
    packed: "struct.pack('iI', time.CLOCK_MONOTONIC, 2)",
    on: 'udp',
  },
  {
    option: berkeley.SO_TXTIME,
    value: { clockId: berkeley.CLOCK_TAI, flags: berkeley.SOF_TXTIME_DEADLINE_MODE },
    packed: "struct.pack('iI', time.CLOCK_TAI, 1)",
    on: 'udp',
    root: true,
  },
  { option: berkeley.TCP_CONGESTION, value: 'reno', packed: "b'reno'.ljust(16, b'\\0')" },
  { option: berkeley.TCP_FASTOPEN_KEY, value: key, packed: 'bytes(range(16))' },
  { option: berkeley.TCP_FASTOPEN_KEY, value: Uint8Array.of(...key, ...key), packed: 'bytes(range(16)) * 2' },
  // No-operation, and the end of the list (RFC 791).
  { option: berkeley.IP_OPTIONS, value: bytes(1, 1, 1, 0), packed: "b'\\1\\1\\1\\0'" },
  { option: berkeley.IP_OPTIONS, value: bytes(), packed: "b''" },
  {
    option: berkeley.IP_LOCAL_PORT_RANGE,
    value: { low: 40_000, high: 40_100 },
    packed: "struct.pack('HH', 40000, 40100)",
  },
  { option: berkeley.IPV6_HOPOPTS, value: PADDING, packed: hexOf(PADDING), root: true },
  { option: berkeley.IPV6_HOPOPTS, value: bytes(), packed: "b''", root: true },
  { option: berkeley.IPV6_DSTOPTS, value: PADDING, packed: hexOf(PADDING), root: true },
  { option: berkeley.IPV6_RTHDRDSTOPTS, value: PADDING, packed: hexOf(PADDING), root: true },
  { option: berkeley.IPV6_RTHDR, value: ROUTING, packed: hexOf(ROUTING), root: true },
  { option: berkeley.ICMP_FILTER, value: [0, 3, 31], packed: "struct.pack('I', 1 | 1 << 3 | 1 << 31)" },
  { option: berkeley.ICMP_FILTER, value: [], packed: "struct.pack('I', 0)" },
  {
    option: berkeley.ICMPV6_FILTER,
    value: [1, 33, 128, 255],
    packed: "struct.pack('8I', 2, 2, 0, 0, 1, 0, 0, 1 << 31)",
  },
  { option: berkeley.SO_VM_SOCKETS_BUFFER_SIZE, value: 131_072, packed: '131072' },
  { option: berkeley.SO_VM_SOCKETS_BUFFER_MIN_SIZE, value: 256, packed: '256' },
  { option: berkeley.SO_VM_SOCKETS_BUFFER_MAX_SIZE, value: 524_288, packed: '524288' },
] as unknown as readonly Row[]

const tried = ROWS.map((row) => {
  const kind = row.on ?? kindOf(row.option.name)
  const reason = kindNeeds(kind, row.root === true)
  return { row, reason, pair: reason === false ? [open(kind), open(kind)] : [] }
})
const sockets = tried.flatMap(({ pair }) => pair)
const python = kindNeeds('tcp') === false ? new PythonPeer(sockets.map(({ fd }) => fd)) : undefined
after(async () => {
  for (const socket of sockets) socket.close()
  await python?.end()
})

for (const { row, reason, pair } of tried) {
  const { option, value, packed, got = value } = row
  const { name, level, number } = option
  const shown = value instanceof Uint8Array ? `${value.length} bytes` : JSON.stringify(value)
  test(`${name} = ${shown}: set and read, and by Python both ways`, { skip: reason }, async () => {
    const [ours, theirs] = pair
    assert.ok(ours !== undefined && theirs !== undefined && python !== undefined)
    ours.set(option, value)
    await python.ask(`s = socket.socket(fileno=${3 + sockets.indexOf(ours)}); value = ${packed}`)
    // Python's vsock options are numbers.
    const read = `s.getsockopt(${level}, ${number}${kindOf(name) === 'vsock' ? '' : ', 600'})`
    assert.deepEqual(await python.ask(read), await python.ask('value'))
    assert.deepEqual(ours.get(option), got)
    await python.ask(`s.detach(); s = socket.socket(fileno=${3 + sockets.indexOf(theirs)})`)
    await python.ask(`s.setsockopt(${level}, ${number}, value)`)
    assert.deepEqual(theirs.get(option), got)
    await python.ask('s.detach()')
  })
}

/** Values that are refused before any call, and what the error is about. */
const FAULTS: readonly (readonly [Option<never, unknown>, unknown, RegExp])[] = [
  [berkeley.SO_LINGER, 65_536, /value of SO_LINGER/],
  [berkeley.SO_RCVTIMEO, -1, /value of SO_RCVTIMEO/],
  [berkeley.SO_RCVTIMEO, Number.NaN, /value of SO_RCVTIMEO/],
  [berkeley.SO_BINDTODEVICE, 'x'.repeat(16), /at most 15 bytes long/],
  [berkeley.SO_BINDTODEVICE, 'a\0b', /without a NUL/],
  [berkeley.SO_TIMESTAMPING, { flags: -1 }, /value of SO_TIMESTAMPING\.flags/],
  [berkeley.SO_TXTIME, { clockId: 1.5, flags: 0 }, /value of SO_TXTIME\.clockId/],
  [berkeley.SO_TXTIME, {}, /value of SO_TXTIME\.clockId/],
  [berkeley.TCP_FASTOPEN_KEY, new Uint8Array(15), /16 or 32 bytes long/],
  [berkeley.TCP_CONGESTION, 7, /a string/],
  [berkeley.IP_OPTIONS, new Uint8Array(41), /at most 40 bytes long/],
  [berkeley.IP_LOCAL_PORT_RANGE, { low: -1, high: 1 }, /value of IP_LOCAL_PORT_RANGE\.low/],
  [berkeley.ICMP_FILTER, [32], /value of ICMP_FILTER\[0\]/],
  [berkeley.ICMPV6_FILTER, [0, 256], /value of ICMPV6_FILTER\[1\]/],
  [berkeley.IP_ADD_MEMBERSHIP, { group: 'no address' }, /value of IP_ADD_MEMBERSHIP\.group/],
  [berkeley.IP_ADD_MEMBERSHIP, { group: '239.1.2.3', interface: -1 }, /value of IP_ADD_MEMBERSHIP\.interface/],
  [berkeley.IP_ADD_MEMBERSHIP, { group: 1 }, /value of IP_ADD_MEMBERSHIP\.group/],
  [berkeley.IPV6_JOIN_GROUP, { group: '239.1.2.3' }, /value of IPV6_JOIN_GROUP\.group/],
  [berkeley.MCAST_JOIN_GROUP, { group: 'x' }, /value of MCAST_JOIN_GROUP\.group/],
  [berkeley.MCAST_MSFILTER, { group: 'ff02::1', mode: 'some', sources: [] }, /value of MCAST_MSFILTER\.mode/],
  [berkeley.IP_MSFILTER, { group: '232.1.1.1', mode: 'include', sources: ['x'] }, /IP_MSFILTER\.sources\[0\]/],
  [berkeley.IP_MSFILTER, { group: '232.1.1.1', mode: 'include' }, /value of IP_MSFILTER\.sources/],
  [berkeley.SO_ATTACH_FILTER, [], /value of SO_ATTACH_FILTER\.length/],
  [berkeley.SO_ATTACH_FILTER, [{ code: 6, k: 2 ** 32 }], /value of SO_ATTACH_FILTER\[0\]\.k/],
  [berkeley.SO_ATTACH_FILTER, [null], /value of SO_ATTACH_FILTER\[0\]/],
  [berkeley.TCP_MD5SIG, { address: berkeley.inet('127.0.0.1', 0), key: new Uint8Array(81) }, /TCP_MD5SIG\.key/],
  [berkeley.TCP_MD5SIG, { address: berkeley.unix('/x'), key }, /TCP_MD5SIG\.address/],
  [berkeley.TCP_REPAIR_OPTIONS, [{ code: 256, value: 0 }], /TCP_REPAIR_OPTIONS\[0\]\.code/],
  [berkeley.TCP_REPAIR_WINDOW, {}, /TCP_REPAIR_WINDOW\.sendWl1/],
  [berkeley.PACKET_ADD_MEMBERSHIP, { interface: 1, type: -1 }, /PACKET_ADD_MEMBERSHIP\.type/],
  [berkeley.PACKET_FANOUT, { group: 65_536, mode: 0 }, /PACKET_FANOUT\.group/],
  [berkeley.IPV6_PKTINFO, { address: '127.0.0.1' }, /IPV6_PKTINFO\.address/],
  [berkeley.IP_MULTICAST_IF, { address: '::1' }, /IP_MULTICAST_IF\.address/],
] as unknown as readonly (readonly [Option<never, unknown>, unknown, RegExp])[]

test('members of a value that are at fault are named, before any call', () => {
  const socket = opened(open('unix'))
  for (const [option, value, message] of FAULTS) {
    assert.throws(
      () => socket.set(option, value),
      (error: Error) => {
        assert.ok(error instanceof TypeError || error instanceof RangeError, `${option.name}: ${error}`)
        assert.match(error.message, message)
        return true
      },
    )
  }
})

test('a name of no interface is ENODEV, and says so', () => {
  const socket = opened(open('udp'))
  for (const option of [berkeley.IP_UNICAST_IF, berkeley.SO_BINDTOIFINDEX]) {
    assert.throws(() => socket.set(option, 'no-such-if'), { name: 'SocketError', code: 'ENODEV' })
  }
})
