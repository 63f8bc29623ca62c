import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { abstract, type Address, inet, inet6, OtherAddress, unix } from '../../src/base/address.ts'
import {
  BusyError,
  ClosedError,
  EndOfStreamError,
  QueueFullError,
  SocketError,
  TimeoutError,
} from '../../src/base/errors.ts'
import { codesOf, STATUSES } from '../../src/base/status.ts'
import { checkoutPath } from '../support/checkout.ts'

/** What is printed behind an error's stack. */
function ownProperties(error: Error): object {
  return Object.fromEntries(Object.entries(error))
}

/** Connects with Node's own module to a port that was free a moment ago. */
async function refusedByNode(): Promise<{ error: Error; port: number }> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  const error = await new Promise<Error>((resolve) => connect(port, '127.0.0.1').on('error', resolve))
  return { error, port }
}

test("has the shape of Node's system errors, with a status", async () => {
  const { error: theirs, port } = await refusedByNode()
  const ours = new SocketError({
    code: 'ECONNREFUSED',
    errno: 111,
    syscall: 'connect',
    address: inet('127.0.0.1', port),
  })
  assert.ok(ours instanceof Error)
  assert.deepEqual(ownProperties(ours), { ...ownProperties(theirs), status: 'connectionRefused' })
  assert.ok(ours.message.startsWith(`${theirs.message}: connection refused. `))
  assert.equal(ours.name, 'SocketError')
  assert.ok(String(ours.stack).startsWith(`SocketError: ${theirs.message}: `))
  assert.doesNotMatch(inspect(ours), /name:/)
})

test('has an address and a port only where there are', () => {
  const fault = { code: 'EINVAL', errno: -22, syscall: 'bind' }
  assert.deepEqual(Object.keys(new SocketError(fault)), ['errno', 'code', 'syscall', 'status'])
  const local = new SocketError({ ...fault, address: unix('/run/x') })
  assert.equal(local.address, '/run/x')
  assert.equal('port' in local, false)
  const link = new SocketError({ ...fault, address: inet6('fe80::1%eth0', 80) })
  assert.equal(link.address, 'fe80::1%eth0')
  assert.equal(link.port, 80)
  assert.match(
    new SocketError({ ...fault, address: new OtherAddress(40, Uint8Array.of(40, 0)) }).message,
    /family 40: 2800/,
  )
})

test('errno is negative whichever sign it came with', () => {
  assert.equal(new SocketError({ code: 'EPIPE', errno: 32, syscall: 'send' }).errno, -32)
  assert.equal(new SocketError({ code: 'EPIPE', errno: -32, syscall: 'send' }).errno, -32)
})

test('an unknown code has a message and the status other', () => {
  const error = new SocketError({ code: 'EL3HLT', errno: 46, syscall: 'send' })
  assert.equal(error.message, 'send EL3HLT')
  assert.equal(error.status, 'other')
  assert.equal(new SocketError({ code: 'constructor', errno: 1, syscall: 'send' }).status, 'other')
})

test('an advice that is given takes the place of the usual one', () => {
  const error = new SocketError({ code: 'EADDRINUSE', errno: 98, syscall: 'bind', advice: 'wait for it' })
  assert.equal(error.message, 'bind EADDRINUSE: address already in use. Wait for it')
})

const link = inet6('fe80::1', 80)
const advices: readonly [code: string, syscall: string, address: Address | undefined, advice: RegExp][] = [
  ['EADDRINUSE', 'bind', inet('0.0.0.0', 80), /ss -tulpn/],
  ['EADDRINUSE', 'bind', unix('/run/x'), /The file is there already/],
  ['EADDRINUSE', 'bind', abstract('x'), /choose another name/],
  ['EADDRINUSE', 'connect', inet('1.2.3.4', 80), /another local port/],
  ['EACCES', 'bind', inet('0.0.0.0', 80), /Ports below 1024 .*CAP_NET_BIND_SERVICE/],
  ['EACCES', 'sendto', inet('255.255.255.255', 9), /SO_BROADCAST/],
  ['EACCES', 'connect', inet('255.255.255.255', 9), /SO_BROADCAST/],
  ['EACCES', 'bind', unix('/x'), /directory/],
  ['EACCES', 'connect', unix('/x'), /may not write to that socket/],
  ['EACCES', 'socket', undefined, /CAP_NET_RAW/],
  ['EACCES', 'setsockopt', undefined, /permission denied$/],
  ['EPERM', 'socket', undefined, /CAP_NET_RAW/],
  ['EPERM', 'setsockopt', undefined, /CAP_NET_ADMIN/],
  ['EPERM', 'sendto', inet('1.2.3.4', 9), /firewall/],
  ['EPERM', 'listen', undefined, /operation not permitted$/],
  ['ECONNREFUSED', 'connect', inet('1.2.3.4', 80), /Nothing listens there; start the server/],
  ['ECONNREFUSED', 'connect', unix('/x'), /No program listens on that socket/],
  ['ECONNREFUSED', 'recv', undefined, /datagram sent earlier/],
  ['ENOENT', 'connect', unix('/x'), /start the server first/i],
  ['ENOENT', 'bind', unix('/x/y'), /make the directory first/i],
  ['EMFILE', 'accept4', undefined, /ulimit -n/],
  ['ENFILE', 'accept4', undefined, /fs\.file-max/],
  ['EADDRNOTAVAIL', 'bind', inet('192.0.2.1', 80), /no interface .*ip address/i],
  ['EADDRNOTAVAIL', 'connect', inet('192.0.2.1', 80), /ip_local_port_range/],
  ['ENETUNREACH', 'connect', inet('192.0.2.1', 80), /ip route/],
  ['ENETUNREACH', 'connect', inet6('2001:db8::1', 80), /try the IPv4 address/],
  ['ENETUNREACH', 'connect', inet6('fe80::1%99', 80), /interface '99' exists/],
  ['ENODEV', 'bind', inet6('fe80::1%eth9', 80), /No interface has the name or number 'eth9'/],
  ['ENODEV', 'setsockopt', undefined, /no such interface/],
  ['EINVAL', 'connect', link, /link-local address needs the interface.*fe80::1%eth0/],
  ['EINVAL', 'bind', inet('1.2.3.4', 80), /has an address already/],
  ['EINVAL', 'sendto', inet('1.2.3.4', 0), /port 0/],
  ['EINVAL', 'accept4', undefined, /Call listen first/],
  ['EINVAL', 'setsockopt', undefined, /invalid argument$/],
  ['EPROTOTYPE', 'connect', unix('/x'), /another type/],
  ['EPROTOTYPE', 'socket', undefined, /0 chooses/],
  ['EAFNOSUPPORT', 'socket', undefined, /kernel does not have that family/],
  ['EAFNOSUPPORT', 'connect', inet6('::1', 80), /inet6\(\) with AF_INET6/],
  ['EOPNOTSUPP', 'listen', undefined, /stream and seqpacket/],
  ['ENOTSUP', 'shutdown', undefined, /does not have it/],
]

for (const [code, syscall, address, advice] of advices) {
  test(`says what to do about ${code} of ${syscall}${address === undefined ? '' : ` on ${address.toString()}`}`, () => {
    assert.match(new SocketError({ code, errno: 1, syscall, address }).message, advice)
  })
}

test('the errors of the library itself have a name, a code and their facts', () => {
  const errors: [Error, string, RegExp, object][] = [
    [new ClosedError('recv'), 'ClosedError', /^recv: the socket is closed/, { code: 'ERR_SOCKET_CLOSED' }],
    [new BusyError('recv'), 'BusyError', /^recv: an earlier call is still waiting/, { code: 'ERR_SOCKET_BUSY' }],
    [
      new TimeoutError('connect', 500),
      'TimeoutError',
      /^connect: not done within 500 ms/,
      { code: 'ERR_SOCKET_TIMEOUT', operation: 'connect', timeoutMs: 500 },
    ],
    [
      new EndOfStreamError('recvExactly', 3, 10),
      'EndOfStreamError',
      /^recvExactly: the peer finished after 3 of 10 bytes$/,
      { code: 'ERR_END_OF_STREAM', receivedBytes: 3 },
    ],
    [
      new QueueFullError('send', 90, 100),
      'QueueFullError',
      /^send: the queue is full, with 90 bytes waiting of at most 100/,
      { code: 'ERR_QUEUE_FULL', queuedBytes: 90, limitBytes: 100 },
    ],
  ]
  for (const [error, name, message, facts] of errors) {
    assert.ok(error instanceof Error)
    assert.equal(error.name, name)
    assert.match(error.message, message)
    assert.deepEqual(ownProperties(error), facts)
    assert.ok(String(error.stack).startsWith(`${name}: `))
  }
})

const page = readFileSync(checkoutPath('docs', 'errors.md'), 'utf8')

function codesInSource(): Set<string> {
  const codes = new Set<string>()
  for (const file of readdirSync(checkoutPath('src'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue
    const text = readFileSync(checkoutPath('src', file), 'utf8')
    for (const [, code] of text.matchAll(/'(ERR_[A-Z0-9_]+)'/g)) if (code !== undefined) codes.add(code)
  }
  return codes
}

test('docs/errors.md has a heading for each code in the source, and no other', () => {
  const headings = [...page.matchAll(/^#+ (ERR_\w+)$/gm)].map((match) => match[1])
  assert.deepEqual(headings.toSorted(), [...codesInSource()].toSorted())
})

test('docs/errors.md has a row for each status with its names of errno, and no other', () => {
  const rows = [...page.matchAll(/^\| `([a-zA-Z]+)` \| ((?:`E[A-Z0-9_]+`(?:, )?)*) ?\| \S.* \|$/gm)].map(
    ([, status, codes = '']) => [status, codes.match(/E[A-Z0-9_]+/g) ?? []],
  )
  assert.deepEqual(
    rows.filter(([status]) => !['code', 'errno', 'syscall', 'address', 'port', 'status'].includes(String(status))),
    STATUSES.map((status) => [status, codesOf(status)]),
  )
})
