// The blocking form in one thread: each call against the kernel, and what is refused.
import assert from 'node:assert/strict'
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  abstract,
  inet,
  inet6,
  MSG_PEEK,
  MSG_TRUNC,
  SHUT_WR,
  SO_KEEPALIVE,
  SO_SNDBUF,
  SOCK_DGRAM,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  unix,
} from '../../../src/index.ts'
import { Cancellation, Socket, socketpair } from '../../../src/socket/sync/index.ts'
import { runProgram, moduleOf } from '../../support/child.ts'
import { bytes, closedPort, pattern, text } from '../../support/connections.ts'
import { openSockets } from '../../support/open-descriptors.ts'
import { closedAfterEach } from '../../support/opened.ts'

const opened = closedAfterEach()

function pair(type?: number): [Socket, Socket] {
  const [one, other] = socketpair(type)
  return [opened(one), opened(other)]
}

/** Both ends of a TCP connection: the kernel completes a connect though nobody has accepted yet. */
function tcpPair(): { client: Socket; server: Socket } {
  const listener = opened(new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen())
  const client = opened(new Socket(AF_INET, SOCK_STREAM))
  client.connect(listener.localAddress)
  const { peer, address } = listener.accept()
  assert.equal(address.toString(), client.localAddress.toString())
  listener.close()
  return { client, server: opened(peer) }
}

test('a connection over TCP: addresses, exchange, half-close, end', () => {
  const { client, server } = tcpPair()
  assert.equal(client.remoteAddress?.toString(), server.localAddress.toString())
  assert.equal(server.remoteAddress?.toString(), client.localAddress.toString())
  assert.deepEqual([server.family, server.type, server.protocol], [AF_INET, SOCK_STREAM, 0])
  client.sendAll(bytes('question'))
  const buffer = new Uint8Array(16)
  assert.equal(server.recv(buffer, { flags: MSG_PEEK }), 8)
  assert.equal(server.recv(buffer), 8)
  assert.equal(text(buffer, 8), 'question')
  client.shutdown(SHUT_WR)
  assert.equal(server.recv(buffer), 0)
  assert.equal(server.read().length, 0)
  assert.equal(server.writev([bytes('an'), bytes('swer')]), 6)
  const parts = [new Uint8Array(2), new Uint8Array(9)]
  assert.equal(client.readv(parts), 6)
  assert.equal(text(parts[1]!, 4), 'swer')
  server.finish()
  client.finish()
  assert.ok(server.isClosed && client.isClosed)
})

test('sendAll and recvExactly move more than the kernel holds, to a reader in another process', async () => {
  const content = pattern(5_000_000)
  const { PythonPeer } = await import('../../support/python-peer.ts')
  const python = new PythonPeer()
  try {
    const port = await python.ask<number>(
      "[listener := socket.create_server(('127.0.0.1', 0)), listener.getsockname()[1]][1]",
    )
    await python.ask(`def echo():
    peer, _ = listener.accept()
    data = peer.recv(5_000_000, socket.MSG_WAITALL)
    peer.sendall(data)
    peer.close()
threading.Thread(target=echo, daemon=True).start()`)
    const socket = opened(new Socket(AF_INET, SOCK_STREAM))
    socket.connect(inet('127.0.0.1', port))
    socket.sendAll(content)
    const answer = new Uint8Array(content.length)
    socket.recvExactly(answer)
    assert.equal(Buffer.compare(answer, content), 0)
    assert.throws(() => socket.recvExactly(new Uint8Array(4)), { code: 'ERR_END_OF_STREAM', receivedBytes: 0 })
  } finally {
    await python.end()
  }
})

test('datagrams: sender, truncation, connected and not, over IPv4, IPv6 and Unix', () => {
  const folder = mkdtempSync(join(tmpdir(), 'berkeley-sync-'))
  try {
    const places = [
      { family: AF_INET, own: inet('127.0.0.1', 0), other: inet('127.0.0.1', 0) },
      { family: AF_INET6, own: inet6('::1', 0), other: inet6('::1', 0) },
      { family: AF_UNIX, own: unix(join(folder, 'a')), other: abstract(`berkeley-sync-${process.pid}`) },
    ]
    for (const { family, own, other } of places) {
      const one = opened(new Socket(family, SOCK_DGRAM).bind(own))
      const two = opened(new Socket(family, SOCK_DGRAM).bind(other))
      assert.equal(one.sendTo(bytes('datagram'), two.localAddress), 8)
      assert.equal(one.sendTo(bytes('datagram'), two.localAddress), 8)
      const buffer = new Uint8Array(4)
      const first = two.recvFrom(buffer)
      assert.deepEqual([first.length, first.truncated, text(buffer)], [4, true, 'data'])
      assert.equal(first.address.toString(), one.localAddress.toString())
      assert.equal(two.recv(buffer, { flags: MSG_TRUNC }), 8)
      two.connect(one.localAddress)
      assert.equal(two.send(bytes('')), 0)
      const empty = one.recvFrom(buffer)
      assert.deepEqual([empty.length, empty.truncated], [0, false])
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a pair of seqpacket sockets keeps records apart', () => {
  const [one, other] = pair(SOCK_SEQPACKET)
  one.send(bytes('first'))
  one.send(bytes('second'))
  assert.deepEqual([text(other.read()), text(other.read())], ['first', 'second'])
})

test('a Unix datagram to a receiver that is full waits, and goes when there is room', () => {
  const name = abstract(`berkeley-full-${process.pid}`)
  const receiver = opened(new Socket(AF_UNIX, SOCK_DGRAM).bind(name))
  const sender = opened(new Socket(AF_UNIX, SOCK_DGRAM))
  let sent = 0
  const fill = (): void => {
    for (; sent < 100_000; sent++) sender.sendTo(Uint8Array.of(1), name, { timeout: 20 })
  }
  assert.throws(fill, { code: 'ERR_SOCKET_TIMEOUT', operation: 'sendTo' })
  receiver.recv(new Uint8Array(1))
  assert.equal(sender.sendTo(Uint8Array.of(2), name, { timeout: 10_000 }), 1)
})

test('what the kernel refuses has the call and the address', () => {
  const port = closedPort()
  const socket = opened(new Socket(AF_INET, SOCK_STREAM))
  assert.throws(() => socket.connect(inet('127.0.0.1', port)), { code: 'ECONNREFUSED', syscall: 'connect', port })
  assert.throws(() => socket.recv(new Uint8Array(1)), { code: 'ENOTCONN', syscall: 'recv' })
  assert.throws(() => socket.shutdown(SHUT_WR), { code: 'ENOTCONN', syscall: 'shutdown' })
  assert.throws(() => socket.accept(), { code: 'EINVAL', syscall: 'accept4' })
  assert.throws(() => socket.bind(inet('192.0.2.1', 0)), { code: 'EADDRNOTAVAIL', syscall: 'bind' })
  assert.throws(() => new Socket(AF_INET, SOCK_SEQPACKET), { code: 'ESOCKTNOSUPPORT', syscall: 'socket' })
  const { client, server } = tcpPair()
  server.abort()
  assert.throws(() => client.recv(new Uint8Array(1)), { code: 'ECONNRESET' })
  assert.throws(() => client.send(new Uint8Array(1)), { code: 'EPIPE' })
  assert.throws(() => client.connect(inet('127.0.0.1', port)), { code: /^E/ })
})

test('options are the promise form’s', () => {
  const socket = opened(new Socket(AF_INET, SOCK_STREAM)).set(SO_KEEPALIVE, true)
  assert.equal(socket.get(SO_KEEPALIVE), true)
  assert.throws(() => socket.set(SO_SNDBUF, 'many' as never), { name: 'TypeError' })
})

test('a socket’s own timeout holds where the call has none', () => {
  const [one, other] = pair()
  assert.equal(one.timeout, undefined)
  one.timeout = 0
  assert.throws(() => one.recv(new Uint8Array(1)), { code: 'ERR_SOCKET_TIMEOUT', timeoutMs: 0 })
  assert.throws(() => one.recv(new Uint8Array(1), { timeout: 3 }), { code: 'ERR_SOCKET_TIMEOUT', timeoutMs: 3 })
  other.sendAll(Uint8Array.of(5))
  assert.equal(one.recv(new Uint8Array(1)), 1)
  assert.throws(() => {
    one.timeout = -1
  }, /"timeout".*0 or more/)
  assert.throws(() => {
    one.timeout = '1' as never
  }, /"timeout".*milliseconds/)
  assert.equal(one.timeout, 0)
})

test('accepted connections begin without the listener’s timeout', () => {
  const listener = opened(new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen())
  listener.timeout = 1
  assert.throws(() => listener.accept(), { code: 'ERR_SOCKET_TIMEOUT', operation: 'accept' })
  const client = opened(new Socket(AF_INET, SOCK_STREAM))
  client.connect(listener.localAddress)
  const { peer } = listener.accept({ timeout: 10_000 })
  assert.equal(opened(peer).timeout, undefined)
})

type Call = (socket: Socket) => unknown
const CALLS: Readonly<Record<string, Call>> = {
  accept: (socket) => socket.accept(),
  bind: (socket) => socket.bind(inet('127.0.0.1', 0)),
  connect: (socket) => socket.connect(inet('127.0.0.1', 1)),
  fd: (socket) => socket.fd,
  finish: (socket) => socket.finish(),
  getpeername: (socket) => socket.remoteAddress,
  getsockname: (socket) => socket.localAddress,
  getsockopt: (socket) => socket.get(SO_KEEPALIVE),
  listen: (socket) => socket.listen(),
  read: (socket) => socket.read(),
  readv: (socket) => socket.readv([new Uint8Array(1)]),
  recv: (socket) => socket.recv(new Uint8Array(1)),
  recvExactly: (socket) => socket.recvExactly(new Uint8Array(1)),
  recvFrom: (socket) => socket.recvFrom(new Uint8Array(1)),
  send: (socket) => socket.send(new Uint8Array(1)),
  sendAll: (socket) => socket.sendAll(new Uint8Array(1)),
  sendTo: (socket) => socket.sendTo(new Uint8Array(1), inet('127.0.0.1', 1)),
  setsockopt: (socket) => socket.set(SO_KEEPALIVE, true),
  shutdown: (socket) => socket.shutdown(SHUT_WR),
  writev: (socket) => socket.writev([new Uint8Array(1)]),
}

test('every call on a closed socket is a ClosedError that names it', () => {
  const socket = new Socket(AF_INET, SOCK_STREAM)
  socket.close()
  socket.close()
  socket.abort()
  for (const [name, call] of Object.entries(CALLS)) {
    assert.throws(() => call(socket), { code: 'ERR_SOCKET_CLOSED', message: new RegExp(`^${name}: `) }, name)
  }
})

test('wrong arguments are named before any system call', () => {
  const [socket] = pair()
  const wrong: [name: string, call: () => unknown][] = [
    ['buffer', () => socket.recv('x' as never)],
    ['buffer', () => socket.recvExactly(new ArrayBuffer(1) as never)],
    ['buffer', () => socket.recvFrom(undefined as never)],
    ['buffers', () => socket.readv(new Uint8Array(1) as never)],
    ['maxBytes', () => socket.read(0)],
    ['bytes', () => socket.send([1] as never)],
    ['bytes', () => socket.sendAll('text' as never)],
    ['address', () => socket.sendTo(new Uint8Array(1), '/x' as never)],
    ['address', () => socket.connect(inet('127.0.0.1', 1))],
    ['parts', () => socket.writev([1] as never)],
    ['how', () => socket.shutdown(7)],
    ['backlog', () => socket.listen(-1)],
    ['options', () => socket.recv(new Uint8Array(1), 5 as never)],
    ['options', () => socket.recv(new Uint8Array(1), null as never)],
    ['options.timeout', () => socket.recv(new Uint8Array(1), { timeout: Number.NaN })],
    ['options.timeout', () => socket.accept({ timeout: '5' as never })],
    ['options.cancellation', () => socket.accept({ cancellation: 5 as never })],
    ['options.signal', () => socket.accept({ signal: AbortSignal.abort() } as never)],
    ['family', () => new Socket('inet' as never, SOCK_STREAM)],
    ['type', () => socketpair(-1)],
    ['id', () => new Cancellation('1' as never)],
    ['id', () => new Cancellation(0)],
  ]
  for (const [name, call] of wrong) {
    const refused = { code: /^ERR_(INVALID_ARG|OUT_OF_RANGE)/, message: new RegExp(`^The argument "${name}`) }
    assert.throws(call, refused, name)
  }
})

test('a descriptor that someone else has closed is EBADF, and blocks nothing', () => {
  const [one] = pair()
  const { fd } = one
  closeSync(fd)
  assert.throws(() => one.recv(new Uint8Array(1)), { code: 'EBADF', syscall: 'recv' })
  assert.throws(() => one.accept(), { code: 'EBADF', syscall: 'accept4' })
  // The lowest free number is taken again: closing the socket closes that.
  assert.equal(openSync('/dev/null', 'r'), fd)
})

test('finish takes what still comes, and resets a peer that does not finish', () => {
  const { client, server } = tcpPair()
  client.sendAll(bytes('unread'))
  client.shutdown(SHUT_WR)
  server.sendAll(bytes('last words'))
  server.finish()
  assert.equal(text(client.read()), 'last words')
  assert.equal(client.read().length, 0)
  const late = tcpPair()
  assert.throws(() => late.server.finish({ deadline: 5 }), { code: 'ERR_SOCKET_TIMEOUT', operation: 'finish' })
  assert.ok(late.server.isClosed)
  assert.throws(() => late.client.send(new Uint8Array(1)), { code: 'EPIPE' })
})

test('a connect over TCP that ends while it is under way is taken back', () => {
  const bound = (): Socket => opened(new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)))
  const full = bound().listen(0)
  // A listener whose backlog is full drops what asks for a connection, so that the connect goes on.
  let socket = opened(new Socket(AF_INET, SOCK_STREAM))
  const connectUntilFull = (): void => {
    for (let i = 0; i < 10; i++) {
      socket = opened(new Socket(AF_INET, SOCK_STREAM))
      socket.connect(full.localAddress, { timeout: 20 })
    }
  }
  assert.throws(connectUntilFull, { code: 'ERR_SOCKET_TIMEOUT', operation: 'connect' })
  assert.equal(socket.remoteAddress, undefined)
  const other = bound().listen()
  socket.connect(other.localAddress)
  assert.equal(opened(other.accept().peer).remoteAddress?.toString(), socket.localAddress.toString())
})

test('a connect that ends by its timeout is taken back, and the socket can connect again', () => {
  const full = opened(new Socket(AF_UNIX, SOCK_STREAM).bind(abstract(`berkeley-backlog-${process.pid}`)).listen(0))
  const first = opened(new Socket(AF_UNIX, SOCK_STREAM))
  first.connect(full.localAddress)
  const second = opened(new Socket(AF_UNIX, SOCK_STREAM))
  assert.throws(() => second.connect(full.localAddress, { timeout: 20 }), { code: 'ERR_SOCKET_TIMEOUT' })
  opened(full.accept().peer)
  second.connect(full.localAddress)
  opened(full.accept().peer).sendAll(bytes('in'))
  assert.equal(text(second.read()), 'in')
  assert.throws(() => second.connect(full.localAddress), { code: 'EISCONN' })
})

test('sockets are closed by dispose, and leave nothing open', () => {
  const before = openSockets().size
  const [one, other] = socketpair()
  one[Symbol.dispose]()
  other[Symbol.dispose]()
  assert.equal(openSockets().size, before)
})

test('a socket that is dropped is closed, with a warning; a closed one has none', () => {
  const program = `
    import { readdirSync } from 'node:fs'
    import { socketpair } from ${moduleOf('socket/sync/index')}
    let lost = 0
    process.on('warning', ({ name }) => { if (name === 'SocketLostWarning') lost++ })
    const [one] = socketpair()
    for (const socket of socketpair()) socket.close()
    for (let i = 0; i < 1000 && lost < 1; i++) { await new Promise(setImmediate); gc() }
    console.log(lost, one.read().length)
    one.close()`
  const { stdout, stderr } = runProgram(program, [], ['--expose-gc', '--no-warnings'])
  assert.deepEqual([stdout, stderr], ['1 0\n', ''])
})

test('no reactor is started, and no event loop runs while a call blocks', () => {
  const program = `
    import { readdirSync, readlinkSync } from 'node:fs'
    const open = () => readdirSync('/proc/self/fd').map((fd) => {
      try { return readlinkSync('/proc/self/fd/' + fd) } catch { return '' }
    }).filter((target) => target.includes('eventpoll')).length
    const before = open()
    const { socketpair } = await import(${moduleOf('socket/sync/index')})
    const [one, other] = socketpair()
    let ran = false
    setTimeout(() => { ran = true }, 0)
    try { one.read(1, { timeout: 30 }) } catch (error) { console.log(error.code, ran) }
    other.sendAll(Uint8Array.of(1))
    console.log(one.read().length, open() - before)
    one.close()
    other.close()`
  const { stdout, stderr } = runProgram(program)
  assert.deepEqual([stdout, stderr], ['ERR_SOCKET_TIMEOUT false\n1 0\n', ''])
})
