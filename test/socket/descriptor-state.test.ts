// Raw options, flags and queues of sockets in every form, against the kernel and Python.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import {
  AF_INET,
  AF_UNIX,
  inet,
  IP_ADD_SOURCE_MEMBERSHIP,
  IP_MSFILTER,
  IPPROTO_IP,
  IPPROTO_TCP,
  MSG_OOB,
  SIOCGIFMTU,
  SO_RCVBUF,
  SOCK_DGRAM,
  SOCK_STREAM,
  Socket,
  socketpair,
  SOL_SOCKET,
  TCP_NODELAY,
} from '../../src/index.ts'
import { tcpPair } from '../support/connections.ts'
import { closedAfterEach } from '../support/opened.ts'

const opened = closedAfterEach()

test('raw options agree with the typed ones, in numbers and in bytes', () => {
  const socket = opened(new Socket(AF_INET, SOCK_STREAM))
  socket.setsockopt(IPPROTO_TCP, TCP_NODELAY.number, 1)
  assert.equal(socket.get(TCP_NODELAY), true)
  socket.setsockopt(IPPROTO_TCP, TCP_NODELAY.number, new Uint8Array(4))
  assert.equal(socket.get(TCP_NODELAY), false)
  socket.setsockopt(SOL_SOCKET, SO_RCVBUF.number, Uint8Array.of(0, 0, 1, 0))
  assert.equal(socket.get(SO_RCVBUF), 131_072)
  assert.deepEqual([...socket.getsockopt(SOL_SOCKET, SO_RCVBUF.number, 64)], [0, 0, 2, 0])
  assert.deepEqual([...socket.getsockopt(SOL_SOCKET, SO_RCVBUF.number, 2)], [0, 0])
  assert.deepEqual([...socket.getsockopt(SOL_SOCKET, SO_RCVBUF.number, 0)], [])
})

test('raw options: a wrong size is the kernel’s to refuse', () => {
  const socket = opened(new Socket(AF_INET, SOCK_STREAM))
  for (const length of [0, 1, 3]) {
    assert.throws(() => socket.setsockopt(SOL_SOCKET, SO_RCVBUF.number, new Uint8Array(length)), {
      code: 'EINVAL',
      syscall: 'setsockopt',
    })
  }
  assert.throws(() => socket.getsockopt(SOL_SOCKET, 30_000, 4), { code: 'ENOPROTOOPT', status: 'optionNotSupported' })
  assert.throws(() => socket.setsockopt(IPPROTO_TCP, 30_000, 1), { code: 'ENOPROTOOPT', status: 'optionNotSupported' })
})

test('raw options: what the kernel reads before it answers is given as bytes', () => {
  const socket = opened(new Socket(AF_INET, SOCK_DGRAM))
  // struct ip_msfilter with room for one source: which group, and on which interface, is asked in it.
  const asked = new Uint8Array(20)
  asked.set([232, 9, 9, 9, 127, 0, 0, 1])
  new DataView(asked.buffer).setUint32(12, 1, true)
  assert.throws(() => socket.getsockopt(IPPROTO_IP, IP_MSFILTER.number, asked), { code: 'EADDRNOTAVAIL' })
  const [group, address, source] = ['232.9.9.9', '127.0.0.1', '192.0.2.7']
  socket.set(IP_ADD_SOURCE_MEMBERSHIP, { group, address, source })
  const answer = socket.getsockopt(IPPROTO_IP, IP_MSFILTER.number, asked)
  assert.deepEqual([...answer.subarray(8)], [1, 0, 0, 0, 1, 0, 0, 0, 192, 0, 2, 7])
  assert.equal(asked[19], 0)
})

test('raw options: arguments at fault are named', () => {
  const socket = opened(new Socket(AF_INET, SOCK_STREAM))
  for (const [attempt, message] of [
    [() => socket.getsockopt('1' as never, 2, 4), /"level"/],
    [() => socket.getsockopt(1, 2.5, 4), /"number"/],
    [() => socket.getsockopt(1, 2, -1), /"room"/],
    [() => socket.getsockopt(1, 2, 2 ** 21), /"room"/],
    [() => socket.getsockopt(1, 2, '4' as never), /"room"/],
    [() => socket.setsockopt(1, 2, 'x' as never), /"value"/],
    [() => socket.setsockopt(1, 2, 1.5), /"value"/],
    [() => socket.setsockopt(1, 2, 2 ** 32), /"value"/],
    [() => socket.ioctl(-1, new Uint8Array(4)), /"request"/],
    [() => socket.ioctl(1, [] as never), /"structure"/],
    [() => socket.ioctl(1, new Uint8Array(20_000)), /"structure.length"/],
    [() => socket.setOwner(1.5), /"process"/],
    [() => socket.setCloseOnExec(1 as never), /"isOn"/],
  ] as const) {
    assert.throws(attempt, (error: Error) => {
      assert.ok(error instanceof TypeError || error instanceof RangeError)
      assert.match(error.message, message)
      return true
    })
  }
})

test('queues: what is there to read, what is not acknowledged, what was not sent', async () => {
  const [one, other] = socketpair().map(opened) as [Socket, Socket]
  assert.deepEqual([one.bytesReadable(), one.bytesUnsent()], [0, 0])
  await one.sendAll(new Uint8Array(100))
  await new Promise(setImmediate)
  assert.equal(other.bytesReadable(), 100)
  assert.ok(one.bytesUnsent() >= 100)
  await other.recvExactly(new Uint8Array(100))
  assert.deepEqual([other.bytesReadable(), one.bytesUnsent()], [0, 0])
  assert.throws(() => one.bytesNotSent(), { name: 'SocketError', syscall: 'ioctl SIOCOUTQNSD' })
})

test('queues of TCP: a peer that does not read leaves bytes that were never sent', async () => {
  const { client, server } = await tcpPair()
  opened(client)
  opened(server)
  const chunk = new Uint8Array(1 << 20)
  while ((client.trySend(chunk) ?? 0) > 0) await new Promise(setImmediate)
  const { port } = client.localAddress as { port: number }
  const line = readFileSync('/proc/self/net/tcp', 'utf8')
    .split('\n')
    .find((each) => each.includes(`:${port.toString(16).toUpperCase().padStart(4, '0')} 0100007F`))!
  const queued = Number.parseInt(line.trim().split(/\s+/)[4]!.split(':')[0]!, 16)
  assert.equal(client.bytesUnsent(), queued)
  assert.ok(client.bytesNotSent() > 0)
  assert.ok(client.bytesNotSent() <= client.bytesUnsent())
  assert.ok(server.bytesReadable() > 0)
})

test('datagrams: the length of the first', async () => {
  const receiver = opened(new Socket(AF_INET, SOCK_DGRAM)).bind(inet('127.0.0.1', 0))
  const sender = opened(new Socket(AF_INET, SOCK_DGRAM))
  await sender.sendTo(new Uint8Array(7), receiver.localAddress)
  await sender.sendTo(new Uint8Array(9), receiver.localAddress)
  assert.equal(receiver.bytesReadable(), 7)
  await receiver.read()
  assert.equal(receiver.bytesReadable(), 9)
  await receiver.read()
  assert.equal(receiver.bytesReadable(), 0)
})

test('the urgent mark', async () => {
  const { client, server } = await tcpPair()
  opened(client)
  opened(server)
  await client.send(Uint8Array.of(1))
  await client.send(Uint8Array.of(2), { flags: MSG_OOB })
  await client.send(Uint8Array.of(3))
  // recv stops at the mark (tcp(7)).
  assert.deepEqual([...(await server.read())], [1])
  assert.equal(server.isAtMark(), true)
  assert.deepEqual([...(await server.read())], [3])
  assert.equal(server.isAtMark(), false)
})

test('ioctl: a structure goes in and comes back', () => {
  const socket = opened(new Socket(AF_INET, SOCK_DGRAM))
  const asked = new Uint8Array(40) // struct ifreq
  asked.set(new TextEncoder().encode('lo'))
  const answer = socket.ioctl(SIOCGIFMTU, asked)
  const mtu = Number(readFileSync('/sys/class/net/lo/mtu', 'utf8'))
  assert.equal(new DataView(answer.buffer).getInt32(16, true), mtu)
  assert.equal(asked[16], 0)
  // A structure that is too short is completed with zeros, and nothing is written past its end.
  assert.equal(socket.ioctl(SIOCGIFMTU, asked.subarray(0, 3)).length, 3)
  assert.throws(() => socket.ioctl(0x7777, new Uint8Array(0)), { name: 'SocketError', syscall: 'ioctl' })
})

test('flags of own sockets, and on closed ones', () => {
  const socket = opened(new Socket(AF_UNIX, SOCK_DGRAM))
  assert.deepEqual([socket.isNonBlocking(), socket.isCloseOnExec(), socket.owner()], [true, true, 0])
  assert.match(readFileSync(`/proc/self/fdinfo/${socket.fd}`, 'utf8'), /^flags:\s+02004002$/m)
  socket.setCloseOnExec(false)
  assert.match(readFileSync(`/proc/self/fdinfo/${socket.fd}`, 'utf8'), /^flags:\s+04002$/m)
  assert.equal(socket.setCloseOnExec(true).setOwner(process.pid).owner(), process.pid)
  socket.close()
  for (const attempt of [
    () => socket.getsockopt(1, 2, 4),
    () => socket.setsockopt(1, 2, 1),
    () => socket.ioctl(1, new Uint8Array(4)),
    () => socket.bytesReadable(),
    () => socket.bytesUnsent(),
    () => socket.bytesNotSent(),
    () => socket.isAtMark(),
    () => socket.isNonBlocking(),
    () => socket.isCloseOnExec(),
    () => socket.setCloseOnExec(true),
    () => socket.owner(),
    () => socket.setOwner(1),
  ]) {
    assert.throws(attempt, { name: 'ClosedError', code: 'ERR_SOCKET_CLOSED' })
  }
})

test('the handler forms have them too', async () => {
  const { client, server } = await tcpPair()
  const connection = opened(client.handleWith({ data() {} }))
  assert.equal(connection.setsockopt(IPPROTO_TCP, TCP_NODELAY.number, 1).get(TCP_NODELAY), true)
  assert.equal(connection.getsockopt(IPPROTO_TCP, TCP_NODELAY.number, 4)[0], 1)
  assert.equal(connection.isCloseOnExec(), true)
  server.close()
  const channel = opened(new Socket(AF_INET, SOCK_DGRAM).receiveWith({ datagram() {} }))
  assert.equal(channel.setsockopt(SOL_SOCKET, SO_RCVBUF.number, 50_000).get(SO_RCVBUF), 100_000)
  assert.equal(channel.bytesReadable(), 0)
})
