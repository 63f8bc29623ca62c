import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  abstract,
  AF_INET,
  AF_UNIX,
  BusyError,
  ClosedError,
  COPY_LIMIT_BYTES,
  SHUT_WR,
  SO_SNDBUF,
  SOCK_DGRAM,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  Socket,
  SocketError,
  socketpair,
  TimeoutError,
} from '../../src/index.ts'
import { boundDatagram, bytes, closeAll, pattern, portOf, tcpPair, text } from '../support/connections.ts'
import { PythonPeer } from '../support/python-peer.ts'
import { SlowReader } from '../support/slow-reader.ts'

let python: PythonPeer
before(() => {
  python = new PythonPeer()
})
after(() => python.end())

/** Sends until the kernel takes no more; returns how much that was. */
function fill(socket: Socket): number {
  const chunk = new Uint8Array(65_536)
  let total = 0
  for (let n = socket.trySend(chunk); n !== undefined; n = socket.trySend(chunk)) total += n
  return total
}

test('send hands over what the kernel takes now, and says how much', async () => {
  const reader = await SlowReader.connect(python)
  const { socket } = reader
  const content = pattern(8 << 20)
  const n = await socket.send(content)
  assert.ok(n > 0 && n < content.length, `${n}`)
  const rest = fill(socket)
  assert.equal(socket.trySend(content), undefined)
  const more = socket.send(bytes('room at last'))
  assert.deepEqual((await reader.read(n + rest)).subarray(0, n), content.subarray(0, n))
  assert.equal(await more, 12)
  assert.equal(text(await reader.read(12)), 'room at last')
  socket.close()
})

test('sendAll to a slow reader with a small buffer waits, and all of it arrives in order', async () => {
  const reader = await SlowReader.connect(python)
  const content = pattern(3_000_001, 7)
  const done = reader.socket.sendAll(content)
  const digest = reader.digest()
  await done
  await reader.socket.finish()
  assert.deepEqual(await digest, SlowReader.digestOf(content))
})

test('short and long sends, vectors and tries of one socket arrive in the order of the calls', async () => {
  const reader = await SlowReader.connect(python)
  const { socket } = reader
  const digest = reader.digest()
  const content = pattern(4_000_000, 11)
  let at = 0
  for (let i = 0; at < content.length; i++) {
    const length = [1, 100, COPY_LIMIT_BYTES, COPY_LIMIT_BYTES + 1, 70_000, 3][i % 6]!
    const part = content.subarray(at, at + length)
    if (i % 5 === 0) at += await socket.send(part)
    else if (i % 5 === 1) at += await socket.writev([part.subarray(0, 7), part.subarray(7)])
    else if (i % 5 === 2) at += socket.trySend(part) ?? 0
    else {
      await socket.sendAll(part)
      at += part.length
    }
  }
  await socket.finish()
  assert.deepEqual(await digest, SlowReader.digestOf(content))
})

test('a short sendAll has copied its bytes: the caller may write over them at once', async () => {
  const { client, server } = await tcpPair()
  const scratch = bytes('before')
  const done = client.sendAll(scratch)
  scratch.fill(0x21)
  await done
  const buffer = new Uint8Array(16)
  assert.equal(await server.recv(buffer), 6)
  assert.equal(text(buffer, 6), 'before')
  closeAll(client, server)
})

test('short sends of one turn go out gathered, in order with the calls around them', async () => {
  const { client, server } = await tcpPair()
  for (let i = 0; i < 100; i++) await client.sendAll(bytes(String.fromCharCode(97 + (i % 26))))
  assert.equal(client.queuedBytes, 100)
  assert.equal(client.trySend(bytes('!')), 1)
  assert.equal(client.queuedBytes, 0)
  const buffer = new Uint8Array(101)
  await server.recvExactly(buffer)
  assert.equal(text(buffer), `${'abcdefghijklmnopqrstuvwxyz'.repeat(4).slice(0, 100)}!`)
  closeAll(client, server)
})

test('a second writer is refused while one waits, whichever calls they are', async () => {
  const { client, server } = await tcpPair()
  fill(client)
  for (const wait of [
    (signal: AbortSignal) => client.send(bytes('a'), { signal }),
    (signal: AbortSignal) => client.sendAll(new Uint8Array(COPY_LIMIT_BYTES + 1), { signal }),
    (signal: AbortSignal) => client.writev([bytes('a')], { signal }),
  ]) {
    const stop = new AbortController()
    const stopped = assert.rejects(wait(stop.signal), { name: 'AbortError' })
    for (const second of [
      () => client.send(bytes('b')),
      () => client.sendAll(bytes('b')),
      () => client.sendAll(new Uint8Array(100_000)),
      () => client.sendTo(bytes('b'), server.localAddress),
      () => client.writev([bytes('b')]),
      () => client.connect(server.localAddress),
    ]) {
      await assert.rejects(second(), BusyError)
    }
    assert.throws(() => client.trySend(bytes('b')), BusyError)
    assert.throws(() => client.trySendTo(bytes('b'), server.localAddress), BusyError)
    assert.throws(() => client.handleWith({ data() {} }), BusyError)
    stop.abort()
    await stopped
  }
  client.abort()
  server.close()
})

test('close and abort end a send that waits with ClosedError', async () => {
  for (const wait of [
    (socket: Socket) => socket.send(bytes('x')),
    (socket: Socket) => socket.sendAll(new Uint8Array(100_000)),
    (socket: Socket) => socket.writev([bytes('x')], { timeout: 60_000 }),
  ]) {
    for (const end of ['close', 'abort'] as const) {
      const { client, server } = await tcpPair()
      fill(client)
      const closed = assert.rejects(wait(client), ClosedError)
      client[end]()
      await closed
      server.close()
    }
  }
})

test('a send that was stopped never happens later', async () => {
  const reader = await SlowReader.connect(python)
  const { socket } = reader
  const taken = fill(socket)
  await assert.rejects(socket.send(bytes('never'), { timeout: 1 }), TimeoutError)
  await assert.rejects(socket.send(bytes('never'), { timeout: 0 }), TimeoutError)
  await assert.rejects(socket.send(bytes('never'), { signal: AbortSignal.timeout(1) }), { name: 'TimeoutError' })
  socket.shutdown(SHUT_WR)
  assert.equal((await reader.digest()).length, taken)
  socket.close()
})

test('sending to a peer that has reset the connection fails, with EPIPE and no signal from the second time on', async () => {
  const reader = await SlowReader.connect(python)
  const { socket } = reader
  await reader.reset()
  await assert.rejects(socket.recv(new Uint8Array(1)), { code: 'ECONNRESET' })
  await assert.rejects(socket.send(bytes('x')), (error) => {
    assert.ok(error instanceof SocketError)
    assert.deepEqual([error.code, error.syscall, error.status], ['EPIPE', 'send', 'brokenPipe'])
    return true
  })
  await assert.rejects(socket.sendAll(new Uint8Array(100_000)), { code: 'EPIPE' })
  socket.close()
})

test('a short sendAll whose bytes could not go out tells the next send, and only that one', async () => {
  for (const next of [
    (socket: Socket) => socket.send(bytes('told')),
    (socket: Socket) => socket.sendAll(new Uint8Array(100_000)),
    (socket: Socket) => socket.finish(),
  ]) {
    const reader = await SlowReader.connect(python)
    const { socket } = reader
    await reader.reset()
    await socket.sendAll(bytes('taken'))
    // The kernel tells of a reset once, and then says EPIPE.
    await assert.rejects(next(socket), { code: 'ECONNRESET', syscall: 'send' })
    if (!socket.isClosed) await assert.rejects(socket.send(bytes('x')), { code: 'EPIPE' })
    socket.close()
  }
})

test('send on a socket that is not connected says so', async () => {
  const stream = new Socket(AF_INET, SOCK_STREAM)
  await assert.rejects(stream.send(bytes('x')), { code: 'EPIPE' })
  const datagram = new Socket(AF_INET, SOCK_DGRAM)
  await assert.rejects(datagram.send(bytes('x')), { code: 'EDESTADDRREQ', status: 'destinationRequired' })
  closeAll(stream, datagram)
})

test('writev sends several parts as one, and says how many bytes it took', async () => {
  const { client, server } = await tcpPair()
  const parts = Array.from({ length: 1000 }, (_, i) => bytes(String(i)))
  const expected = parts.map((part) => text(part)).join('')
  assert.equal(await client.writev(parts), expected.length)
  const buffer = new Uint8Array(expected.length)
  await server.recvExactly(buffer)
  assert.equal(text(buffer), expected)
  assert.equal(await client.writev([]), 0)
  closeAll(client, server)
})

test('a vector of more parts than the kernel takes at once is refused by name', async () => {
  const { client, server } = await tcpPair()
  const parts = Array.from({ length: 1025 }, () => bytes('x'))
  await assert.rejects(client.writev(parts), { name: 'RangeError', message: /"parts.length".*1024.*1025/ })
  await assert.rejects(server.readv(parts), { name: 'RangeError', message: /"buffers.length".*1024.*1025/ })
  closeAll(client, server)
})

test('writev to a datagram socket is one datagram', async () => {
  const receiver = boundDatagram()
  const sender = new Socket(AF_INET, SOCK_DGRAM)
  await sender.connect(receiver.localAddress)
  assert.equal(await sender.writev([bytes('head'), bytes('body')]), 8)
  const buffer = new Uint8Array(16)
  assert.equal(await receiver.recv(buffer), 8)
  assert.equal(text(buffer, 8), 'headbody')
  closeAll(receiver, sender)
})

test('each send on a seqpacket socket is a record, sendAll too', async () => {
  const [one, other] = socketpair(SOCK_SEQPACKET)
  await one.sendAll(bytes('one'))
  await one.sendAll(bytes('two'))
  assert.equal(await one.writev([bytes('th'), bytes('ree')]), 5)
  const buffer = new Uint8Array(16)
  const records: string[] = []
  for (let i = 0; i < 3; i++) records.push(text(buffer, await other.recv(buffer)))
  assert.deepEqual(records, ['one', 'two', 'three'])
  closeAll(one, other)
})

test('sendTo sends an empty datagram, a short one, and refuses one that is too long', async () => {
  const receiver = boundDatagram()
  const sender = new Socket(AF_INET, SOCK_DGRAM)
  const to = receiver.localAddress
  assert.equal(await sender.sendTo(new Uint8Array(0), to), 0)
  assert.equal(sender.trySendTo(bytes('short'), to), 5)
  await assert.rejects(sender.sendTo(new Uint8Array(65_508), to), (error) => {
    assert.ok(error instanceof SocketError)
    assert.deepEqual([error.code, error.syscall, error.address], ['EMSGSIZE', 'sendto', '127.0.0.1'])
    assert.equal(error.port, portOf(to))
    return true
  })
  const buffer = new Uint8Array(16)
  assert.equal((await receiver.recvFrom(buffer)).length, 0)
  assert.equal((await receiver.recvFrom(buffer)).length, 5)
  closeAll(receiver, sender)
})

test('a send to a full Unix datagram socket waits until its owner reads', async () => {
  const name = `berkeley-${process.pid}-full`
  await python.ask(`full = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); full.bind('\\0${name}')`)
  const sender = new Socket(AF_UNIX, SOCK_DGRAM)
  await sender.connect(abstract(name))
  let count = 0
  while (sender.trySend(bytes(`${count}`)) !== undefined) count++
  await assert.rejects(sender.send(bytes('late'), { timeout: 1 }), TimeoutError)
  const waiting = sender.send(bytes('last'))
  const received = await python.ask<string[]>(`[full.recv(16).decode() for _ in range(${count})]`)
  assert.equal(await waiting, 4)
  assert.deepEqual(
    received,
    Array.from({ length: count }, (_, i) => `${i}`),
  )
  assert.equal(text(await python.ask('full.recv(16)')), 'last')
  sender.close()
})

test('shutdown after sendAll ends the write side behind bytes that the kernel had no room for', async () => {
  const reader = await SlowReader.connect(python)
  const { socket } = reader
  const content = pattern(960_000, 3)
  for (let at = 0; at < content.length; at += 16_000) await socket.sendAll(content.subarray(at, at + 16_000))
  socket.shutdown(SHUT_WR)
  assert.ok(socket.queuedBytes > 0, 'nothing was held back')
  const waiting = assert.rejects(socket.sendAll(bytes('too late')), { code: 'EPIPE' })
  assert.deepEqual(await reader.digest(), SlowReader.digestOf(content))
  await waiting
  assert.equal(socket.queuedBytes, 0)
  socket.close()
})

test('an option is set after what was sent before it', async () => {
  const { client, server } = await tcpPair()
  await client.sendAll(bytes('first'))
  client.set(SO_SNDBUF, 8192)
  assert.equal(client.queuedBytes, 0)
  assert.equal(server.tryRecv(new Uint8Array(8)), 5)
  closeAll(client, server)
})
