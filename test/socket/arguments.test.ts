// Arguments at fault: each is named with what it got, by a TypeError or a RangeError, before any system call.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import {
  abstract,
  AF_INET,
  AF_INET6,
  AF_UNIX,
  bindUnix,
  inet,
  inet6,
  parseEndpoint,
  SOCK_DGRAM,
  SOCK_STREAM,
  Socket,
  socketpair,
  unix,
} from '../../src/index.ts'
import { SOCK_CLOEXEC, SOCK_NONBLOCK } from '../../src/sys/constants.ts'
import { countCalls, moduleOf } from '../support/child.ts'
import { needs } from '../support/needs.ts'

const bytes = new Uint8Array(4)
const [stream, other] = socketpair()
const datagram = new Socket(AF_INET, SOCK_DGRAM)
const listener = new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen()
after(() => {
  for (const socket of [stream, other, datagram, listener]) socket.close()
})

type Call = (argument: never) => unknown

/** A call that takes the faulty argument, its name in the error, and faults: of type, of range, of value. */
interface Case {
  readonly call: Call
  readonly name: string
  readonly types?: readonly unknown[]
  readonly ranges?: readonly unknown[]
  readonly values?: readonly unknown[]
}

const NO_BYTES = [
  undefined,
  null,
  'text',
  1,
  [1],
  new ArrayBuffer(1),
  new Uint16Array(1),
  new DataView(new ArrayBuffer(1)),
]
const NO_INTEGERS = [Number.NaN, 1.5, Number.POSITIVE_INFINITY]
const NO_OPTIONS = [null, 1, 'now', true]

const WAITING: Readonly<Record<string, (options: never) => unknown>> = {
  recv: (options) => stream.recv(bytes, options),
  read: (options) => stream.read(1, options),
  recvExactly: (options) => stream.recvExactly(bytes, options),
  recvFrom: (options) => datagram.recvFrom(bytes, options),
  readv: (options) => stream.readv([bytes], options),
  send: (options) => stream.send(bytes, options),
  sendAll: (options) => stream.sendAll(bytes, options),
  sendTo: (options) => datagram.sendTo(bytes, inet('127.0.0.1', 9), options),
  writev: (options) => stream.writev([bytes], options),
  accept: (options) => listener.accept(options),
  connect: (options) => datagram.connect(inet('127.0.0.1', 9), options),
}

const CASES: Readonly<Record<string, Case>> = {
  'new Socket(family)': {
    call: (x) => new Socket(x, SOCK_STREAM),
    name: 'family',
    types: [undefined, '1', true, 1n],
    ranges: [-1, 65_536, ...NO_INTEGERS],
  },
  'new Socket(, type)': {
    call: (x) => new Socket(AF_INET, x),
    name: 'type',
    types: [null, '1', true],
    ranges: [-1, 2 ** 31, ...NO_INTEGERS],
    values: [SOCK_STREAM | SOCK_NONBLOCK, SOCK_STREAM | SOCK_CLOEXEC],
  },
  'new Socket(, , protocol)': {
    call: (x) => new Socket(AF_INET, SOCK_STREAM, x),
    name: 'protocol',
    types: [null, '6'],
    ranges: [-1, 65_536],
  },
  'socketpair(type)': { call: (x) => socketpair(x), name: 'type', types: [null, '1'], ranges: [-1, 0.5] },
  'bind(address)': {
    call: (x) => listener.bind(x),
    name: 'address',
    types: [undefined, null, '127.0.0.1:80', { host: '127.0.0.1', port: 80 }],
    values: [inet6('::1', 0), unix('/x')],
  },
  'listen(backlog)': {
    call: (x) => listener.listen(x),
    name: 'backlog',
    types: [null, '1', true],
    ranges: [-1, 2 ** 31, ...NO_INTEGERS],
  },
  'shutdown(how)': { call: (x) => stream.shutdown(x), name: 'how', values: [undefined, 3, -1, '1', null] },
  'recv(buffer)': { call: (x) => stream.recv(x), name: 'buffer', types: NO_BYTES },
  'tryRecv(buffer)': { call: (x) => stream.tryRecv(x), name: 'buffer', types: NO_BYTES },
  'recvExactly(buffer)': { call: (x) => stream.recvExactly(x), name: 'buffer', types: NO_BYTES },
  'recvFrom(buffer)': { call: (x) => datagram.recvFrom(x), name: 'buffer', types: NO_BYTES },
  'tryRecvFrom(buffer)': { call: (x) => datagram.tryRecvFrom(x), name: 'buffer', types: NO_BYTES },
  'read(maxBytes)': {
    call: (x) => stream.read(x),
    name: 'maxBytes',
    types: [null, '1', true],
    ranges: [0, -1, ...NO_INTEGERS],
  },
  'readv(buffers)': {
    call: (x) => stream.readv(x),
    name: 'buffers',
    types: [undefined, null, bytes, [1], [bytes, 'text']],
    ranges: [Array.from({ length: 1025 }, () => bytes)],
  },
  'send(bytes)': { call: (x) => stream.send(x), name: 'bytes', types: NO_BYTES },
  'trySend(bytes)': { call: (x) => stream.trySend(x), name: 'bytes', types: NO_BYTES },
  'sendAll(bytes)': { call: (x) => stream.sendAll(x), name: 'bytes', types: NO_BYTES },
  'sendTo(bytes)': { call: (x) => datagram.sendTo(x, inet('127.0.0.1', 9)), name: 'bytes', types: NO_BYTES },
  'sendTo(, address)': {
    call: (x) => datagram.sendTo(bytes, x),
    name: 'address',
    types: [undefined, null, '127.0.0.1:80'],
    values: [inet6('::1', 9), unix('/x')],
  },
  'trySendTo(, address)': { call: (x) => datagram.trySendTo(bytes, x), name: 'address', types: [undefined, 'x'] },
  'writev(parts)': {
    call: (x) => stream.writev(x),
    name: 'parts',
    types: [undefined, null, bytes, ['text']],
    ranges: [Array.from({ length: 1025 }, () => bytes)],
  },
  'serve(serve)': { call: (x) => listener.serve(x), name: 'serve', types: [undefined, null, {}, 'f'] },
  'acceptWith(handler)': { call: (x) => listener.acceptWith(x), name: 'handler', types: [undefined, null, 1, {}] },
  'handleWith(handler)': { call: (x) => stream.handleWith(x), name: 'handler', types: [undefined, null, 1, {}] },
  'receiveWith(handler)': { call: (x) => datagram.receiveWith(x), name: 'handler', types: [undefined, null, 1, {}] },
  'inet(host)': {
    call: (x) => inet(x, 80),
    name: 'host',
    types: [undefined, null, 1],
    values: ['', 'localhost', '1.2.3', '1.2.3.256', '1.2.3.4.5', '01.2.3.4', ' 1.2.3.4', '::1', '1.2.3.4\0'],
  },
  'inet(, port)': {
    call: (x) => inet('127.0.0.1', x),
    name: 'port',
    types: [undefined, null, '80', true],
    ranges: [-1, 65_536, ...NO_INTEGERS],
  },
  'inet6(host)': {
    call: (x) => inet6(x, 80),
    name: 'host',
    types: [undefined, null, 1],
    values: ['', '127.0.0.1', ':::', '1::2::3', 'g::', '[::1]', '::1%'],
    ranges: ['fe80::1%4294967296'],
  },
  'inet6(, port)': { call: (x) => inet6('::1', x), name: 'port', types: ['80'], ranges: [-1, 65_536] },
  'unix(path)': {
    call: (x) => unix(x),
    name: 'path',
    types: [undefined, null, 1],
    values: ['', 'a\0b'],
    ranges: ['x'.repeat(108), 'é'.repeat(54)],
  },
  'abstract(name)': { call: (x) => abstract(x), name: 'name', types: [undefined, null, 1], ranges: ['x'.repeat(108)] },
  'parseEndpoint(endpoint)': {
    call: (x) => parseEndpoint(x),
    name: 'endpoint',
    types: [undefined, null, 80],
    values: ['', '[::1', '[::1]80', '[x]:80', '::1:80:', '127.0.0.1:', '127.0.0.1:8 0', 'name:80'],
    ranges: ['127.0.0.1:65536', '[::1]:99999'],
  },
  'bindUnix(socket)': {
    call: (x) => bindUnix(x, '/tmp/never'),
    name: 'socket',
    values: [stream.family === AF_UNIX ? datagram : stream],
  },
  ...Object.fromEntries(
    Object.entries(WAITING).flatMap(([name, call]): [string, Case][] => [
      [`${name}(options)`, { call, name: 'options', types: NO_OPTIONS }],
      [
        `${name}({ timeout })`,
        {
          call: (timeout: never) => call({ timeout } as never),
          name: 'options.timeout',
          types: [null, '1', true],
          ranges: [-1, Number.NaN, Number.NEGATIVE_INFINITY],
        },
      ],
      [
        `${name}({ signal })`,
        {
          call: (signal: never) => call({ signal } as never),
          name: 'options.signal',
          types: [null, 1, {}, new EventTarget()],
        },
      ],
    ]),
  ),
}

const KINDS = [
  ['types', TypeError, 'ERR_INVALID_ARG_TYPE'],
  ['ranges', RangeError, 'ERR_OUT_OF_RANGE'],
  ['values', TypeError, 'ERR_INVALID_ARG_VALUE'],
] as const

for (const [title, { call, name, ...faults }] of Object.entries(CASES)) {
  test(`${title}: what it can't be is named, with what it got`, async () => {
    for (const [kind, constructor, code] of KINDS) {
      for (const fault of faults[kind] ?? []) {
        // Thrown or rejected: a call that waits rejects.
        await assert.rejects(
          async () => call(fault as never),
          (error: Error & { code?: string }) => {
            const said = `${title} with ${String(fault)}: ${error.name} ${error.code} ${error.message}`
            assert.ok(error instanceof constructor, said)
            assert.equal(error.code, code, said)
            assert.ok(error.message.includes(`"${name}`), said)
            return true
          },
        )
      }
    }
  })
}

test('a zone or a number of an interface that does not exist is told by its name, with the call', () => {
  const socket = new Socket(AF_INET6, SOCK_STREAM)
  for (const zone of ['no-such-zone', '2147483647']) {
    assert.throws(() => socket.bind(inet6(`fe80::1%${zone}`, 0)), {
      code: 'ENODEV',
      message: new RegExp(`No interface has the name or number '${zone}'`),
    })
  }
  socket.close()
})

test('none of them has made a system call', { skip: needs({ program: 'strace' }) }, () => {
  const calls = [
    'socket',
    'bind',
    'listen',
    'connect',
    'sendto',
    'sendmsg',
    'recvfrom',
    'recvmsg',
    'shutdown',
    'setsockopt',
  ]
  const { ended, counts } = countCalls(
    `
    import { AF_INET, inet, inet6, SHUT_WR, SO_REUSEADDR, SOCK_STREAM, Socket } from ${moduleOf('index')}
    const socket = new Socket(AF_INET, SOCK_STREAM)
    const attempts = [
      () => new Socket('inet', 1), () => new Socket(AF_INET, 1.5), () => socket.bind(inet6('::1', 0)),
      () => socket.bind({}), () => socket.listen(-1), () => socket.connect('127.0.0.1:80'), () => socket.send('text'),
      () => socket.trySendTo(new Uint8Array(1), 'x'), () => socket.recv(7), () => socket.tryRecvFrom(),
      () => socket.shutdown(9), () => socket.set(SO_REUSEADDR, 'yes'), () => socket.recv(new Uint8Array(1), { timeout: -1 }),
    ]
    let count = 0
    for (const attempt of attempts) try { await attempt() } catch { count++ }
    if (count !== attempts.length) process.exit(7)
    socket.close()
    `,
    calls,
  )
  assert.equal(ended.status, 0, ended.stderr)
  for (const call of calls.slice(1)) assert.equal(counts.get(call), 0, call)
})
