// Options, each of the tables: what is set is what the kernel has, as Python reads it from the same descriptor with
// numbers of its own; and what an option can't have is refused before any call.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { AF_INET, AF_INET6, SOCK_DGRAM, SOCK_STREAM, Socket, SocketError } from '../../src/index.ts'
import type { Option } from '../../src/socket/options/option.ts'
import { boolean, integer, lingerSeconds, milliseconds } from '../../src/socket/options/codec.ts'
import * as options from '../../src/socket/options/index.ts'
import { closedAfterEach } from '../support/opened.ts'
import { holds } from '../support/property.ts'
import { needs } from '../support/needs.ts'

const opened = closedAfterEach()
const { getOption: _get, setOption: _set, ...tables } = options
const table = Object.values(tables) as readonly Option<unknown>[]
const settable = table.filter(({ direction }) => direction !== 'get')

const READER = `
import json, socket, struct, sys
level, name, length = sys.argv[1:4]
s = socket.socket(fileno=3)
value = s.getsockopt(getattr(socket, level), getattr(socket, name, {'IP_RECVERR': 11}.get(name)), int(length))
print(json.dumps(list(struct.unpack('=%di' % (len(value) // 4), value))))
s.detach()
`

/** What Python reads of the option on the same descriptor, as ints. */
function asPython(socket: Socket, { name }: Option<unknown>, length: number): number[] {
  const level = /^(IPV6|IP|TCP)_/.exec(name)?.[1]
  const args = [level === undefined ? 'SOL_SOCKET' : `IPPROTO_${level}`, name, String(length)]
  const { stdout, stderr } = spawnSync('python3', ['-c', READER, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', socket.fd],
    encoding: 'utf8',
  })
  assert.notEqual(stdout, '', stderr)
  return JSON.parse(stdout) as number[]
}

function socketFor(option: Option<unknown>): Socket {
  if (option.name === 'SO_BROADCAST' || option.name === 'IP_RECVERR') return opened(new Socket(AF_INET, SOCK_DGRAM))
  return opened(new Socket(option.name.startsWith('IPV6_') ? AF_INET6 : AF_INET, SOCK_STREAM))
}

/** Options whose value is made of several ints. */
const STRUCTURES: ReadonlySet<string> = new Set(['SO_LINGER', 'SO_RCVTIMEO', 'SO_SNDTIMEO'])

/** What to set, and what the kernel then has where that is something else (socket(7), tcp(7)). */
const VALUES: Readonly<Record<string, readonly (readonly [unknown, number[]?])[]>> = {
  IP_TOS: [[0x10], [0]],
  IP_TTL: [[1], [255]],
  IPV6_TCLASS: [[0x20], [0]],
  IPV6_UNICAST_HOPS: [[1], [255], [-1, [64]]],
  SO_LINGER: [
    [undefined, [0, 0]],
    [0, [1, 0]],
    [7, [1, 7]],
  ],
  SO_RCVBUF: [[50_000, [100_000]]],
  SO_SNDBUF: [[50_000, [100_000]]],
  SO_RCVLOWAT: [[1], [100]],
  SO_RCVTIMEO: [
    [0, [0, 0, 0, 0]],
    [1500, [1, 0, 500_000, 0]],
  ],
  SO_SNDTIMEO: [[2000, [2, 0, 0, 0]]],
  TCP_DEFER_ACCEPT: [[1], [0]],
  TCP_KEEPCNT: [[1], [127]],
  TCP_KEEPIDLE: [[1], [32_767]],
  TCP_KEEPINTVL: [[1], [32_767]],
  TCP_USER_TIMEOUT: [[1000], [0]],
}

for (const option of settable) {
  test(`${option.name}: what is set is what the kernel has`, { skip: needs({ program: 'python3' }) }, () => {
    const socket = socketFor(option)
    const values = VALUES[option.name] ?? (option.codec === boolean ? [[true], [false]] : [])
    assert.ok(values.length > 0, 'a new option needs values to test it with')
    for (const [value, expected = [Number(value)]] of values) {
      assert.equal(socket.set(option, value), socket)
      assert.deepEqual(asPython(socket, option, option.codec.byteLength), expected)
      const got = socket.get(option)
      if (option.codec === boolean || STRUCTURES.has(option.name)) assert.equal(got, value)
      else assert.deepEqual(got, expected[0])
    }
  })
}

test(
  'options that can only be read: what Python reads, and set refuses',
  { skip: needs({ program: 'python3' }) },
  () => {
    const readable = table.filter(({ direction }) => direction === 'get')
    assert.ok(readable.length > 3)
    for (const option of readable) {
      const socket = socketFor(option)
      assert.deepEqual([Number(socket.get(option))], asPython(socket, option, 4), option.name)
      assert.throws(() => socket.set(option, socket.get(option)), {
        code: 'ERR_INVALID_ARG_VALUE',
        message: new RegExp(`${option.name} can only be read`),
      })
    }
  },
)

/** What no option of the codec can have. */
const WRONG: ReadonlyMap<unknown, readonly unknown[]> = new Map<unknown, readonly unknown[]>([
  [boolean, [0, 1, 'true', undefined, null, {}]],
  [integer, [1.5, Number.NaN, 2 ** 31, -(2 ** 31) - 1, Number.POSITIVE_INFINITY, '1', true, undefined, null, 1n]],
  [milliseconds, [-1, Number.NaN, Number.POSITIVE_INFINITY, '1', true, undefined, null]],
  [lingerSeconds, [-1, 65_536, 1.5, Number.NaN, '1', null, true]],
])

for (const option of settable) {
  test(`${option.name}: a value that it can't have is named, and the kernel keeps what it had`, () => {
    const socket = socketFor(option)
    const before = socket.get(option)
    for (const value of WRONG.get(option.codec) ?? assert.fail('a new codec needs wrong values')) {
      assert.throws(() => socket.set(option, value), {
        name: 'TypeError',
        code: 'ERR_INVALID_ARG_TYPE',
        message: new RegExp(`value of ${option.name}`),
      })
    }
    assert.deepEqual(socket.get(option), before)
  })
}

test('what the kernel refuses is a SocketError that names the option', () => {
  const tcp = opened(new Socket(AF_INET, SOCK_STREAM))
  const udp = opened(new Socket(AF_INET, SOCK_DGRAM))
  for (const [attempt, code, syscall] of [
    [() => tcp.set(options.IP_TTL, 0), 'EINVAL', 'setsockopt IP_TTL'],
    [() => tcp.set(options.IP_TTL, 256), 'EINVAL', 'setsockopt IP_TTL'],
    [() => tcp.set(options.TCP_KEEPCNT, 128), 'EINVAL', 'setsockopt TCP_KEEPCNT'],
    [() => tcp.get(options.IPV6_V6ONLY), 'ENOTSUP', 'getsockopt IPV6_V6ONLY'],
    [() => udp.get(options.TCP_NODELAY), 'ENOTSUP', 'getsockopt TCP_NODELAY'],
    [() => udp.set(options.TCP_NODELAY, true), 'ENOPROTOOPT', 'setsockopt TCP_NODELAY'],
  ] as const) {
    assert.throws(attempt, (error) => {
      assert.ok(error instanceof SocketError)
      assert.equal(error.code, code, error.message)
      assert.equal(error.syscall, syscall)
      return true
    })
  }
})

test('what is no option, and a socket that is closed', () => {
  const socket = opened(new Socket(AF_INET, SOCK_STREAM))
  for (const wrong of [undefined, null, 'SO_REUSEADDR', 2, {}]) {
    // @ts-expect-error no option
    assert.throws(() => socket.get(wrong), { code: 'ERR_INVALID_ARG_TYPE', message: /option/ })
    // @ts-expect-error no option
    assert.throws(() => socket.set(wrong, true), { code: 'ERR_INVALID_ARG_TYPE', message: /option/ })
  }
  socket.close()
  assert.throws(() => socket.get(options.SO_TYPE), { code: 'ERR_SOCKET_CLOSED' })
  assert.throws(() => socket.set(options.SO_REUSEADDR, true), { code: 'ERR_SOCKET_CLOSED' })
})

test('values of each codec come back from their bytes', () => {
  holds(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), (value) => {
    assert.ok(integer.accepts(value))
    assert.equal(integer.read(integer.write(value)), value)
  })
  holds(fc.option(fc.integer({ min: 0, max: 65_535 }), { nil: undefined }), (value) => {
    assert.ok(lingerSeconds.accepts(value))
    assert.equal(lingerSeconds.read(lingerSeconds.write(value)), value)
  })
  holds(fc.integer({ min: 0, max: 2 ** 40 }), (value) => {
    assert.ok(milliseconds.accepts(value))
    assert.equal(milliseconds.read(milliseconds.write(value)), value)
  })
})
