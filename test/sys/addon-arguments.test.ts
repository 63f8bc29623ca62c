// Whatever a caller passes, the addon throws a TypeError (or a RangeError for a part outside its array) or returns an
// errno; it never crashes and touches no byte outside of what it was lent. Run under the sanitizers too.
import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { addon, libuvAddon } from '../../src/sys/addon.ts'
import type { WakerTarget } from '../../src/sys/binding.ts'
import * as c from '../../src/sys/constants.ts'
import { openEngine } from '../../src/reactor/engine.ts'
import { systemError } from '../../src/sys/system-error.ts'

const calls = addon()
const opened: number[] = []
afterEach(() => {
  for (const fd of opened.splice(0)) calls.close(fd)
})

/** A connected Unix pair; closed when the test ends. */
function pair(type: number = c.SOCK_STREAM): [number, number] {
  const out = new Int32Array(2)
  assert.equal(calls.socketpair(c.AF_UNIX, type | c.SOCK_CLOEXEC | c.SOCK_NONBLOCK, 0, out), 0)
  opened.push(out[0]!, out[1]!)
  return [out[0]!, out[1]!]
}

type Loose = (...values: unknown[]) => unknown
const loose = calls as unknown as Record<string, Loose>
const looseUv = libuvAddon() as unknown as Record<string, Loose>
const CLOSED = 0x7ffffff0
const cancellation = calls.cancellationCreate()
const { handle: engine } = openEngine(calls, systemError)
const target = calls.engineWakerTarget(engine) as WakerTarget
const resolver = calls.resolverStart(() => {})
const waker = calls.threadWakerStart(target, () => {})

/** Arguments of the right types for each call, on a descriptor that no process has. */
const RIGHT: Readonly<Record<string, readonly unknown[]>> = {
  socket: [255, 0, 0],
  socketpair: [255, 0, 0, new Int32Array(2)],
  bind: [CLOSED, new Uint8Array(16)],
  connect: [CLOSED, new Uint8Array(16)],
  listen: [CLOSED, 1],
  shutdown: [CLOSED, 1],
  getsockname: [CLOSED, new Uint8Array(16)],
  getpeername: [CLOSED, new Uint8Array(16)],
  close: [CLOSED],
  own: [CLOSED],
  disown: [CLOSED],
  fcntl: [CLOSED, 3, 0],
  fcntlGetOwner: [CLOSED, new Int32Array(1)],
  ioctl: [CLOSED, 0x541b, new Uint8Array(4)],
  dup: [CLOSED],
  owns: [CLOSED],
  poll: [Int32Array.of(CLOSED), new Int32Array(1), new Int32Array(1), 0],
  epollCreate: [],
  epollCtl: [CLOSED, 1, 0, 1, 0],
  epollTake: [CLOSED, new Int32Array(2)],
  cancellationCreate: [],
  cancellationJoin: [-1],
  cancellationRead: [cancellation, new Int32Array(2)],
  cancellationSet: [cancellation],
  cancellationReset: [cancellation],
  cancellationClose: [cancellation],
  setsockoptInt: [CLOSED, 1, 9, 1],
  setsockopt: [CLOSED, 1, 9, new Uint8Array(4)],
  setsockoptProgram: [CLOSED, 1, 26, new Uint8Array(8)],
  getsockopt: [CLOSED, 1, 9, new Uint8Array(4)],
  recv: [CLOSED, new Uint8Array(4), 0, 4, 0],
  send: [CLOSED, new Uint8Array(4), 0, 4, 0],
  sendto: [CLOSED, new Uint8Array(4), 0, 4, 0, new Uint8Array(16)],
  recvfrom: [CLOSED, new Uint8Array(4), 0, 4, 0, new Uint8Array(16), new Int32Array(2)],
  readv: [CLOSED, [new Uint8Array(4)], 0],
  writev: [CLOSED, [new Uint8Array(4)], 0],
  accept4: [CLOSED, new Uint8Array(16), new Int32Array(1)],
  if_nametoindex: ['no-such-if'],
  getservbyname: ['no-such-service', null],
  getservbyport: [1, null],
  getprotobyname: ['no-such-protocol'],
  getprotobynumber: [255],
  gethostname: [],
  getifaddrs: [],
  if_indextoname: [0x7fffffff],
  ownedDescriptors: [],
  resolverStart: [() => {}],
  resolverGetaddrinfo: [resolver, 1, '127.0.0.1', null, new Int32Array(4)],
  resolverGetnameinfo: [resolver, 2, new Uint8Array(16), 0],
  resolverRef: [resolver],
  resolverUnref: [resolver],
  engineCreate: [new ArrayBuffer(64), new Int32Array(14)],
  engineAttach: [engine, 0, 9, -1, 0, 64],
  engineDetach: [engine, 0, 9],
  engineClose: [engine, 0, 9],
  engineArm: [engine, 0, 9, 1],
  engineDisarm: [engine, 0, 9, 1],
  engineCollect: [engine],
  engineFlush: [engine],
  engineStatistics: [engine, new Float64Array(12)],
  engineWakerTarget: [engine],
  threadWakerStart: [target, () => {}],
  threadWakerEndTurn: [waker],
  threadWakerRef: [waker],
  threadWakerUnref: [waker],
}
/** It answers '?' to what names nothing. */
const NAMES = 'tableName'

/** Array.isArray says that it is one. */
const PROXY: unknown = new Proxy([], {})

/** One of each kind of value. */
const VALUES: readonly unknown[] = [
  undefined,
  null,
  true,
  1n,
  Symbol('x'),
  'text',
  {},
  { valueOf: () => 1 },
  [],
  () => 1,
  /x/,
  Object.create(null),
  PROXY,
  new ArrayBuffer(64),
  new DataView(new ArrayBuffer(64)),
  new Float32Array(64),
  new Uint8ClampedArray(64),
  new Int8Array(64),
  new Uint16Array(64),
  new SharedArrayBuffer(64),
  Promise.resolve(),
]

test('every function of the addon is tried here', () => {
  const names = Object.keys(loose).filter((name) => typeof loose[name] === 'function')
  assert.deepEqual(names.sort(), [...Object.keys(RIGHT), NAMES].sort())
})

for (const [name, right] of Object.entries(RIGHT)) {
  test(`${name} throws a TypeError for each argument of another type, and for missing ones`, () => {
    for (let at = 0; at < right.length; at++) {
      for (const value of VALUES) {
        if (accepts(name, right[at], value)) continue
        const wrong = right.with(at, value)
        assert.throws(() => loose[name]!(...wrong), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' })
      }
      assert.throws(() => loose[name]!(...right.slice(0, at)), { code: /^ERR_(INVALID_ARG_TYPE|OUT_OF_RANGE)$/ })
    }
  })
}

test('tableName names nothing for what is no index', () => {
  for (const value of [...VALUES, -1, 2 ** 31, 1e9]) assert.equal(loose[NAMES]!(value), '?')
  assert.match(String(loose[NAMES]!(0)), /^AF_/)
})

/** Values of `VALUES` that are of the right type after all. */
function accepts(name: string, right: unknown, value: unknown): boolean {
  if (name === 'threadWakerStart' || name === 'resolverStart') return typeof value === 'function'
  if (right === null || name.startsWith('get') || name === 'resolverGetaddrinfo') {
    if (typeof right === 'string' || right === null) return typeof value === 'string' || value === null
  }
  if (name === 'if_nametoindex') return typeof value === 'string'
  if (Array.isArray(right)) return Array.isArray(value) && value !== PROXY
  if (name === 'engineCreate' && right instanceof ArrayBuffer) return value instanceof ArrayBuffer
  return false
}

test('arrays that are too short for the result are refused', () => {
  const [fd] = pair()
  const refused = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' }
  assert.throws(() => calls.socketpair(c.AF_UNIX, c.SOCK_STREAM, 0, new Int32Array(1)), refused)
  const bytes = new Uint8Array(4)
  assert.throws(() => calls.recvfrom(fd, bytes, 0, 4, 0, bytes, new Int32Array(1)), refused)
  assert.throws(() => calls.accept4(fd, bytes, new Int32Array(0)), refused)
  assert.throws(() => calls.engineStatistics(engine, new Float64Array(11)), refused)
  assert.throws(() => calls.engineCreate(new ArrayBuffer(64), new Int32Array(13)), refused)
  assert.throws(
    () =>
      calls.readv(
        fd,
        Array.from({ length: 1025 }, () => bytes),
        0,
      ),
    refused,
  )
  // A hole, and a length of its own.
  assert.throws(() => calls.readv(fd, Array(3) as Uint8Array[], 0), refused)
})

test('a part outside of its array is a RangeError, whatever the numbers', () => {
  const [fd] = pair()
  const bytes = new Uint8Array(8)
  const outside: [number, number][] = [
    [0, 9],
    [8, 1],
    [9, 0],
    [-1, 1],
    [1, -1],
    [-1, -1],
    [4, 2 ** 32 - 1],
    [4, 2 ** 32],
    [0, 2 ** 32],
    [2 ** 32, 0],
    [2 ** 53, 2 ** 53],
    [0, Number.POSITIVE_INFINITY],
    [Number.NEGATIVE_INFINITY, 0],
    [Number.MIN_SAFE_INTEGER, 8],
    [Number.MAX_VALUE, Number.MAX_VALUE],
  ]
  for (const [offset, length] of outside) {
    const refused = { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' }
    assert.throws(() => calls.send(fd, bytes, offset, length, 0), refused, `${offset}, ${length}`)
    assert.throws(() => calls.recv(fd, bytes, offset, length, 0), refused, `${offset}, ${length}`)
  }
  // Nothing was sent by any of them.
  assert.equal(calls.recv(opened[1]!, bytes, 0, 8, 0), -c.EAGAIN)
})

test('an array of 4 GiB and more is sent from, and not as if it were empty', () => {
  // Only the pages that are touched take memory.
  const bytes = new Uint8Array(2 ** 32)
  const [one, other] = pair()
  const sent = calls.send(one, bytes, 0, bytes.length, 0)
  assert.ok(sent > 0, String(sent))
  const received = new Uint8Array(sent)
  assert.ok(calls.recv(other, received, 0, sent, 0) > 0)
  assert.equal(calls.send(one, bytes, 2 ** 32, 0, 0), 0)
})

test('empty and detached arrays hold no bytes, and are no fault', () => {
  const [one, other] = pair()
  const detached = new Uint8Array(8)
  structuredClone(detached.buffer, { transfer: [detached.buffer] })
  for (const nothing of [new Uint8Array(0), detached, new Uint8Array(new ArrayBuffer(0))]) {
    assert.equal(calls.send(one, nothing, 0, 0, 0), 0)
    assert.equal(calls.recv(other, nothing, 0, 0, 0), -c.EAGAIN)
    assert.equal(calls.writev(one, [nothing, nothing], 0), 0)
    assert.equal(calls.bind(one, nothing), -c.EINVAL)
    assert.ok(calls.connect(one, nothing) < 0)
    assert.equal(calls.sendto(one, nothing, 0, 0, 0, nothing), 0)
    assert.equal(calls.setsockopt(one, c.SOL_SOCKET, c.SO_LINGER, nothing), -c.EINVAL)
    assert.equal(calls.getsockopt(one, c.SOL_SOCKET, c.SO_KEEPALIVE, nothing), 0)
    assert.equal(calls.getsockname(one, nothing), 2)
    assert.equal(calls.send(one, Uint8Array.of(7), 0, 1, 0), 1)
    assert.equal(calls.recvfrom(other, nothing, 0, 0, c.MSG_PEEK, nothing, new Int32Array(2)), 0)
    assert.equal(calls.readv(other, [nothing, new Uint8Array(2)], 0), 1)
  }
  assert.throws(() => calls.send(one, detached, 0, 1, 0), { code: 'ERR_OUT_OF_RANGE' })
})

test('arrays over shared, resizable and unaligned memory are read and written where they are', () => {
  const [one, other] = pair()
  const shared = new Uint8Array(new SharedArrayBuffer(16), 3, 5).fill(9)
  const Resizable = ArrayBuffer as unknown as new (length: number, options: { maxByteLength: number }) => ArrayBuffer
  const resizable = new Uint8Array(new Resizable(16, { maxByteLength: 64 }), 5, 7).fill(8)
  assert.equal(calls.send(one, shared, 1, 4, 0), 4)
  assert.equal(calls.send(one, resizable, 0, 7, 0), 7)
  const room = new Uint8Array(20)
  assert.equal(calls.recv(other, room.subarray(3), 0, 17, 0), 11)
  assert.deepEqual([...room.subarray(3, 15)], [9, 9, 9, 9, 8, 8, 8, 8, 8, 8, 8, 0])
  assert.equal(room[2], 0)
  const address = new Uint8Array(40)
  assert.equal(calls.getsockname(one, address.subarray(1, 30)), 2)
  assert.equal(calls.bind(one, Uint8Array.of(0, c.AF_UNIX, 0).subarray(1)), 0) // an autobound name, from an odd place
})

test('an array whose elements run code that takes memory away is no fault', () => {
  const [one, other] = pair()
  const victim = new Uint8Array(1 << 20).fill(1)
  const parts: Uint8Array[] = [victim, victim]
  Object.defineProperty(parts, 1, {
    get() {
      if (victim.length > 0) structuredClone(victim.buffer, { transfer: [victim.buffer] })
      return Uint8Array.of(2)
    },
  })
  assert.equal(calls.writev(one, parts, 0), 1)
  const received = new Uint8Array(4)
  assert.equal(calls.recv(other, received, 0, 4, 0), 1)
  assert.equal(received[0], 2)
  const throwing: Uint8Array[] = [victim]
  Object.defineProperty(throwing, 0, {
    get() {
      throw new RangeError('from the getter')
    },
  })
  assert.throws(() => calls.writev(one, throwing, 0), { message: 'from the getter' })
})

test('flags, levels and commands of any number are the kernel’s to refuse', () => {
  const [one] = pair()
  const bytes = new Uint8Array(64)
  const numbers = [-1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 32 + 1, 0.5, Number.NaN, -0, 1e300]
  for (const number of numbers) {
    const two = new Int32Array(2)
    const made = calls.socket(number, number, number)
    if (calls.socketpair(number, number, number, two) === 0) opened.push(...two)
    if (made >= 0) opened.push(made)
    const results = [
      calls.getsockopt(one, number, number, bytes),
      calls.setsockopt(one, number, number, bytes),
      calls.setsockoptInt(one, number, number, number),
      calls.recv(one, bytes, 0, 8, number),
      calls.recvfrom(one, bytes, 0, 8, number, bytes, new Int32Array(2)),
      calls.readv(one, [bytes], number),
      calls.listen(one, number),
      calls.own(-1),
      calls.disown(-1),
      calls.close(-1),
    ]
    for (const result of results) assert.ok(Number.isInteger(result), String(result))
  }
})

test('what is no engine is refused, though it be something else of the addon’s', () => {
  for (const name of Object.keys(RIGHT).filter((key) => key.startsWith('engine') && key !== 'engineCreate')) {
    const wrong = RIGHT[name]!.with(0, target)
    assert.throws(() => loose[name]!(...wrong), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' })
  }
  const refused = { code: /^ERR_(ADDON|INVALID_ARG_TYPE)$/ }
  const nothing = (): void => {}
  for (const value of [...VALUES, engine]) {
    assert.throws(() => looseUv['wakerStart']!(value, nothing, nothing), refused)
    assert.throws(() => looseUv['wakerRef']!(value), refused)
    assert.throws(() => looseUv['wakerUnref']!(value), refused)
  }
  assert.throws(() => looseUv['wakerStart']!(target, undefined, 5), refused)
  assert.throws(() => looseUv['wakerRef']!(target), refused)
})

test('slots and generations of any number belong to no one', () => {
  for (const number of [-1, 2 ** 31, 2 ** 32 - 1, 1 << 20, Number.NaN, 1e300]) {
    assert.equal(calls.engineClose(engine, number, number), -c.EBADF)
    assert.equal(calls.engineDetach(engine, number, number), -c.EBADF)
    assert.equal(calls.engineArm(engine, number, number, 1), -c.EBADF)
    assert.equal(calls.engineDisarm(engine, number, number, 1), -c.EBADF)
  }
  const [fd] = pair()
  assert.equal(calls.engineAttach(engine, 1 << 20, 0, fd, 0, 64), -c.ENFILE)
  assert.equal(calls.engineAttach(engine, 2 ** 32 - 1, 0, fd, 0, 64), -c.ENFILE)
  assert.equal(calls.engineAttach(engine, 0, 0, -1, 0, 64), -c.EBADF)
  assert.equal(calls.engineAttach(engine, 0, 0, fd, 0, 2 ** 32 - 1), -c.EINVAL)
  assert.equal(calls.engineAttach(engine, 0, 0, fd, 0, 64), 0)
  assert.equal(calls.engineAttach(engine, 0, 1, fd, 0, 64), -c.EBUSY)
  for (const interest of [0, 3, 64, 2 ** 31, 2 ** 32 - 1]) {
    assert.equal(calls.engineArm(engine, 0, 0, interest), -c.EINVAL)
  }
  assert.equal(calls.engineDetach(engine, 0, 0), 0)
})

test('an engine’s layout must lie in its memory, aligned and in its order', () => {
  const good = layout()
  assert.equal(typeof calls.engineCreate(new ArrayBuffer(MEMORY_BYTES), good), 'object')
  const hostile = [-1, 1, 3, -(2 ** 31), 2 ** 31 - 1, 2 ** 30, 0]
  for (let word = 0; word < good.length; word++) {
    for (const value of hostile) {
      const words = Int32Array.from(good)
      words[word] = value
      if (isHarmless(word, value)) continue
      const create = (): unknown => calls.engineCreate(new ArrayBuffer(MEMORY_BYTES), words)
      assert.throws(create, { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' }, `word ${word} is ${value}`)
    }
  }
  assert.throws(() => calls.engineCreate(new ArrayBuffer(MEMORY_BYTES - 4), good), { code: 'ERR_OUT_OF_RANGE' })
})

const MEMORY_BYTES = 64 + 1024 * 32 + 2 * 5 * 32 + 8192 + 4096 + 256

/** The smallest layout that is accepted, in the order of `struct engine_layout`. */
function layout(): Int32Array {
  const completions = 64
  const settlements = completions + 1024 * 32
  const operations = settlements + 5 * 32
  const receive = operations + 5 * 32
  const send = receive + 8192
  const flags = send + 4096
  return Int32Array.of(
    completions,
    1024,
    settlements,
    operations,
    4,
    receive,
    8192,
    send,
    4096,
    flags,
    64,
    4096,
    4096,
    1024,
  )
}

/** Smaller regions leave gaps, and limits that are small or large are only odd. */
function isHarmless(word: number, value: number): boolean {
  const CAPACITIES = [4, 8, 10]
  const LIMITS = [11, 13]
  if (CAPACITIES.includes(word)) return value >= (word === 4 ? 1 : 0) && value <= 64
  return LIMITS.includes(word) && value > 0
}
