// fromfd, dup and detach: whose a descriptor is, what it is, and its flags before, meanwhile and after.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readdirSync, readlinkSync } from 'node:fs'
import { test } from 'node:test'
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  fromfd,
  inet,
  inet6,
  SOCK_DGRAM,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  Socket,
  socketpair,
  statistics,
} from '../../src/index.ts'
import { addon } from '../../src/sys/addon.ts'
import {
  F_GETFD,
  F_GETFL,
  F_SETFD,
  F_SETFL,
  FD_CLOEXEC,
  IPPROTO_TCP,
  IPPROTO_UDP,
  O_NONBLOCK,
} from '../../src/sys/constants.ts'
import { moduleOf } from '../support/child.ts'
import { boundDatagram, bytes, closeAll, listening, pattern, tcpPair, text } from '../support/connections.ts'

const calls = addon()

/** A descriptor as another program would hand it over: blocking, inherited. */
function foreign(socket: Socket): number {
  const { fd } = socket.detach()
  calls.fcntl(fd, F_SETFL, 0)
  calls.fcntl(fd, F_SETFD, 0)
  return fd
}

const isBlocking = (fd: number): boolean => (calls.fcntl(fd, F_GETFL, 0) & O_NONBLOCK) === 0
const isInherited = (fd: number): boolean => (calls.fcntl(fd, F_GETFD, 0) & FD_CLOEXEC) === 0

test('family, type and protocol are found by themselves', () => {
  const kinds: [Socket, number, number, number][] = [
    [new Socket(AF_INET, SOCK_STREAM), AF_INET, SOCK_STREAM, IPPROTO_TCP],
    [new Socket(AF_INET6, SOCK_DGRAM), AF_INET6, SOCK_DGRAM, IPPROTO_UDP],
    [new Socket(AF_UNIX, SOCK_SEQPACKET), AF_UNIX, SOCK_SEQPACKET, 0],
    [new Socket(AF_UNIX, SOCK_DGRAM), AF_UNIX, SOCK_DGRAM, 0],
  ]
  for (const [socket, family, type, protocol] of kinds) {
    const again = fromfd(foreign(socket))
    assert.deepEqual([again.family, again.type, again.protocol], [family, type, protocol])
    assert.equal(isInherited(again.fd), false)
    again.close()
  }
})

test('a connection works as any, and stays blocking for those who share it', async () => {
  const { client, server } = await tcpPair()
  const socket = fromfd(foreign(client))
  assert.equal(isBlocking(socket.fd), true)
  assert.deepEqual(socket.remoteAddress, server.localAddress)
  const waiting = socket.read()
  await server.send(bytes('hello'))
  assert.equal(text(await waiting), 'hello')
  // More than fits: none of it may block the thread.
  const data = pattern(8 << 20)
  const sending = socket.sendAll(data)
  const received = new Uint8Array(data.length)
  await server.recvExactly(received)
  await sending
  assert.deepEqual(Buffer.compare(received, data), 0)
  assert.equal(isBlocking(socket.fd), true)
  const connection = socket.handleWith({
    data(peer, part) {
      peer.send(part)
    },
  })
  await server.send(bytes('echo'))
  assert.equal(text(await server.read()), 'echo')
  connection.abort()
  server.close()
})

test('a listener accepts in each form; it blocks again for others when it leaves', async () => {
  const listener = fromfd(foreign(listening()))
  assert.equal(isBlocking(listener.fd), false)
  assert.equal(listener.tryAccept(), undefined)
  const client = new Socket(AF_INET, SOCK_STREAM)
  await client.connect(listener.localAddress)
  const { peer } = await listener.accept()
  const { fd } = listener.detach()
  assert.deepEqual([isBlocking(fd), isInherited(fd)], [true, true])
  const again = fromfd(fd)
  const duplicate = again.dup()
  again.close()
  assert.equal(isBlocking(duplicate.fd), false)
  const opened = new Promise<void>((resolve) => {
    duplicate.acceptWith({ open: () => resolve(), data() {} })
  })
  const second = new Socket(AF_INET, SOCK_STREAM)
  await second.connect(duplicate.localAddress)
  await opened
  assert.throws(() => duplicate.detach(), { code: 'ERR_SOCKET_BUSY' })
  const watched = calls.dup(duplicate.fd)
  duplicate.close()
  assert.equal(isBlocking(watched), true)
  calls.close(watched)
  closeAll(client, second, peer)
})

test('a socket without a peer connects without blocking the thread', async () => {
  const listener = listening()
  const socket = fromfd(foreign(new Socket(AF_INET, SOCK_STREAM)))
  await socket.connect(listener.localAddress)
  const { fd } = socket.detach()
  assert.equal(isBlocking(fd), true)
  calls.close(fd)
  listener.close()
})

test('flags that a process shares are put back when it exits', () => {
  const listener = listening()
  const fd = foreign(listener)
  const program = `
    import { readFileSync } from 'node:fs'
    import { fromfd } from ${moduleOf('index')}
    fromfd(3)
    const [, flags] = /^flags:\\s*(\\d+)/m.exec(readFileSync('/proc/self/fdinfo/3', 'utf8'))
    console.log((parseInt(flags, 8) & ${O_NONBLOCK}) !== 0)
    process.exit()
  `
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'pipe', fd],
    encoding: 'utf8',
  })
  assert.deepEqual([stdout, stderr], ['true\n', ''])
  assert.equal(isBlocking(fd), true)
  closeSync(fd)
})

test('what is no socket is refused and left alone', () => {
  const file = openSync(import.meta.filename, 'r')
  const refused = { name: 'SocketError', code: 'ENOTSOCK', message: /Pass a socket's descriptor/ }
  assert.throws(() => fromfd(file), refused)
  closeSync(file)
  assert.throws(() => fromfd(file), { code: 'EBADF' })
  assert.throws(() => fromfd(0x7fffffff), { code: 'EBADF' })
  for (const fd of [-1, 0.5, Number.NaN, 2 ** 31]) assert.throws(() => fromfd(fd), { code: 'ERR_OUT_OF_RANGE' })
  assert.throws(() => fromfd('0' as unknown as number), { code: 'ERR_INVALID_ARG_TYPE' })
})

test('what the runtime keeps for itself is no socket', () => {
  const kinds = new Map<string, number>()
  for (const name of readdirSync('/proc/self/fd')) {
    try {
      kinds.set(readlinkSync(`/proc/self/fd/${name}`), Number(name))
    } catch {
      // The folder's own descriptor, which is closed by now.
    }
  }
  const own = [...kinds].filter(([kind]) => kind.startsWith('anon_inode:'))
  assert.ok(own.length > 1, 'an epoll and an eventfd of the loop')
  for (const [, fd] of own) assert.throws(() => fromfd(fd), { code: 'ENOTSOCK' })
})

test('a number that the library uses already is refused', async () => {
  const { client, server } = await tcpPair()
  const refused = { code: 'ERR_INVALID_ARG_VALUE', message: /socket of this library already/ }
  assert.throws(() => fromfd(client.fd), refused)
  const { fd } = client.detach()
  const again = fromfd(fd)
  assert.throws(() => fromfd(fd), refused)
  closeAll(again, server)
})

test('a duplicate is a socket of its own for the same connection', async () => {
  const { client, server } = await tcpPair()
  const duplicate = client.dup()
  assert.notEqual(duplicate.fd, client.fd)
  assert.deepEqual(duplicate.localAddress, client.localAddress)
  client.close()
  const waiting = duplicate.read()
  await server.send(bytes('still there'))
  assert.equal(text(await waiting), 'still there')
  duplicate.close()
  assert.equal(await server.recv(new Uint8Array(1)), 0)
  assert.throws(() => client.dup(), { code: 'ERR_SOCKET_CLOSED' })
  server.close()
})

test('a detached descriptor is out of the reactor, open, and nobody else’s', async () => {
  const { client, server } = await tcpPair()
  await client.sendAll(bytes('before'))
  const before = statistics().descriptors
  const { fd, readAhead } = client.detach()
  assert.equal(statistics().descriptors, before - 1)
  assert.deepEqual(readAhead, [])
  assert.equal(client.isClosed, true)
  assert.throws(() => client.detach(), { code: 'ERR_SOCKET_CLOSED' })
  assert.equal(calls.owns(fd), 0)
  assert.equal(calls.send(fd, bytes(' after'), 0, 6, 0), 6)
  const received = new Uint8Array(12)
  await server.recvExactly(received)
  assert.equal(text(received), 'before after')
  assert.equal(calls.close(fd), 0)
  assert.equal(await server.recv(received), 0)
  server.close()
})

test('what waits on it, or is still to be sent, keeps it from being detached', async () => {
  const { client, server } = await tcpPair()
  const controller = new AbortController()
  const waiting = assert.rejects(client.recv(new Uint8Array(1), { signal: controller.signal }))
  assert.throws(() => client.detach(), { code: 'ERR_SOCKET_BUSY' })
  controller.abort()
  await waiting
  for (let vain = 0; vain < 10; vain++) {
    while (client.trySend(pattern(100_000)) !== undefined) vain = 0
    await new Promise(setImmediate)
  }
  await client.sendAll(bytes('more'))
  assert.throws(() => client.detach(), { code: 'ERR_SOCKET_BUSY' })
  client.abort()
  server.abort()
})

test('what was read ahead is given with the descriptor, in order', async () => {
  const { client, server } = await tcpPair()
  const data = pattern(200_000)
  await server.sendAll(data)
  const parts: Uint8Array[] = []
  const socket = await new Promise<Socket>((resolve) => {
    client.handleWith({
      data(connection, part) {
        parts.push(part.slice())
        connection.pause()
        setImmediate(() => resolve(Socket.takeOver(connection)))
      },
    })
  })
  const { fd, readAhead } = socket.detach()
  parts.push(...readAhead)
  const again = fromfd(fd)
  let received = parts.reduce((sum, { length }) => sum + length, 0)
  while (received < data.length) {
    const part = await again.read()
    parts.push(part)
    received += part.length
  }
  assert.equal(Buffer.compare(Buffer.concat(parts), data), 0)
  closeAll(again, server)
})

test('a descriptor that someone else closes meanwhile reaches no other socket', async () => {
  const [one, other] = socketpair()
  const { fd } = one.detach()
  const socket = fromfd(fd)
  closeSync(fd)
  await assert.rejects(socket.send(bytes('x')), { code: 'EBADF' })
  await assert.rejects(socket.recv(new Uint8Array(1)), { code: 'EBADF' })
  socket.close()
  other.close()
})

test('datagram sockets, of both families', async () => {
  const six = new Socket(AF_INET6, SOCK_DGRAM).bind(inet6('::1', 0))
  for (const socket of [boundDatagram(), six]) {
    const again = fromfd(foreign(socket))
    const sender = new Socket(again.family, SOCK_DGRAM)
    const waiting = again.recvFrom(new Uint8Array(8))
    await sender.sendTo(bytes('x'), again.localAddress)
    assert.equal((await waiting).length, 1)
    assert.equal(isBlocking(again.fd), true)
    await again.connect(again.family === AF_INET ? inet('127.0.0.1', 9) : inet6('::1', 9))
    closeAll(again, sender)
  }
})
