// whenReadable and whenWritable: any system call made to wait, on sockets, pipes and others' descriptors.
import assert from 'node:assert/strict'
import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { test } from 'node:test'
import {
  AF_INET,
  select,
  SOCK_STREAM,
  Socket,
  socketpair,
  whenReadable,
  whenWritable,
  type PollTarget,
} from '../../src/index.ts'
import { addon } from '../../src/sys/addon.ts'
import { EAGAIN } from '../../src/sys/constants.ts'
import { bytes, closeAll, listening, pattern, tcpPair } from '../support/connections.ts'
import { needs } from '../support/needs.ts'
import { pipe } from '../support/readiness-oracle.ts'

const calls = addon()

test('a call of one’s own waits like recv: tried at once, and again when the socket can be read', async () => {
  const { client, server } = await tcpPair()
  const buffer = new Uint8Array(16)
  let tries = 0
  let received = 0
  const waiting = server.whenReadable((fd) => {
    tries++
    assert.equal(fd, server.fd)
    received = calls.recv(fd, buffer, 0, 16, 0)
    return received !== -EAGAIN
  })
  assert.equal(tries, 1)
  await client.send(bytes('hello'))
  await waiting
  assert.deepEqual([tries, received], [2, 5])
  // What the call left is the next reader's, by whatever way it reads.
  await client.send(bytes('abcdef'))
  await server.whenReadable((fd) => calls.recv(fd, buffer, 0, 2, 0) === 2)
  assert.equal(await server.recv(buffer), 4)
  closeAll(client, server)
})

test('a part left in the kernel is there for recv, after any history of calls', async () => {
  const { client, server } = await tcpPair()
  const buffer = new Uint8Array(16)
  for (let round = 0; round < 50; round++) {
    const waiting = server.recv(buffer) // the engine's way, which knows the socket as drained
    await client.send(bytes('x'))
    assert.equal(await waiting, 1)
    await client.send(bytes('abc'))
    if (round % 2 === 0) await new Promise(setImmediate)
    await server.whenReadable((fd) => calls.recv(fd, buffer, 0, 1, 0) === 1)
    assert.equal(await server.recv(buffer), 2)
  }
  closeAll(client, server)
})

test('what a call saw and left, and was given up behind, is there for recv', async () => {
  const { client, server } = await tcpPair()
  const buffer = new Uint8Array(16)
  for (let round = 0; round < 5; round++) {
    const waiting = server.recv(buffer)
    await client.send(bytes('x'))
    assert.equal(await waiting, 1)
    await client.send(bytes('abc'))
    await select([server.fd])
    // The socket has heard of it, while nobody waited.
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
    await assert.rejects(
      server.whenReadable(() => false, { timeout: 2 }),
      { code: 'ERR_SOCKET_TIMEOUT' },
    )
    assert.equal(await server.recv(buffer), 3)
  }
  closeAll(client, server)
})

test('without a function it waits only', async () => {
  const { client, server } = await tcpPair()
  const waiting = server.whenReadable()
  await client.send(bytes('x'))
  await waiting
  await server.whenReadable()
  assert.equal(await server.recv(new Uint8Array(2)), 1)
  await server.whenWritable()
  const ended = server.whenReadable()
  client.close()
  await ended
  assert.equal(await server.recv(new Uint8Array(2)), 0)
  server.close()
})

test('a listener can be read when a connection waits', async () => {
  const listener = listening()
  const waiting = listener.whenReadable()
  const client = new Socket(AF_INET, SOCK_STREAM)
  await client.connect(listener.localAddress)
  await waiting
  listener.tryAccept()?.peer.close()
  closeAll(listener, client)
})

test('whenWritable waits for room, behind what sendAll has taken', async () => {
  const { client, server } = await tcpPair()
  for (let vain = 0; vain < 10; vain++) {
    while (client.trySend(pattern(100_000)) !== undefined) vain = 0
    await new Promise(setImmediate)
  }
  await client.sendAll(bytes('taken'))
  let sent = 0
  const waiting = client.whenWritable((fd) => {
    assert.equal(client.queuedBytes, 0)
    sent = calls.send(fd, bytes('!'), 0, 1, 0)
    return sent === 1
  })
  assert.equal(sent, 0)
  let last = ''
  const reading = (async () => {
    for (;;) {
      const part = await server.read()
      if (part.length === 0) return
      last = (last + Buffer.from(part.subarray(-6)).toString('latin1')).slice(-6)
    }
  })()
  await waiting
  await client.whenWritable()
  client.close()
  await reading
  assert.equal(last, 'taken!')
  server.close()
})

test('its time, its signal, a close and a second reader end it as they end recv', async () => {
  const { client, server } = await tcpPair()
  const never = (): boolean => false
  await assert.rejects(server.whenReadable(never, { timeout: 2 }), { operation: 'whenReadable', timeoutMs: 2 })
  await assert.rejects(server.whenReadable(undefined, { timeout: 2 }), { code: 'ERR_SOCKET_TIMEOUT' })
  const controller = new AbortController()
  const aborted = assert.rejects(server.whenReadable(never, { signal: controller.signal }), { message: 'enough' })
  await assert.rejects(server.recv(new Uint8Array(1)), { code: 'ERR_SOCKET_BUSY' })
  controller.abort(new Error('enough'))
  await aborted
  const closed = assert.rejects(server.whenReadable(never), { code: 'ERR_SOCKET_CLOSED' })
  server.close()
  await closed
  await assert.rejects(server.whenReadable(never), { code: 'ERR_SOCKET_CLOSED' })
  await assert.rejects(server.whenWritable(never), { code: 'ERR_SOCKET_CLOSED' })
  client.close()
})

test('what the function throws, or returns amiss, ends it', async () => {
  const [one, other] = socketpair()
  const fail = (): never => {
    throw new Error('mine')
  }
  await assert.rejects(one.whenReadable(fail), { message: 'mine' })
  let tries = 0
  const later = assert.rejects(
    one.whenReadable(() => (tries++ === 0 ? false : fail())),
    { message: 'mine' },
  )
  await other.send(bytes('x'))
  await later
  const amiss = (async () => true) as unknown as () => boolean
  await assert.rejects(one.whenReadable(amiss), { code: 'ERR_INVALID_RETURN_VALUE', message: /true or false/ })
  await assert.rejects(one.whenReadable(5 as never), { code: 'ERR_INVALID_ARG_TYPE' })
  await assert.rejects(one.whenWritable('x' as never), { code: 'ERR_INVALID_ARG_TYPE' })
  await assert.rejects(one.whenReadable(undefined, 5 as never), { code: 'ERR_INVALID_ARG_TYPE' })
  closeAll(one, other)
})

test('what was received already comes first: a call of one’s own is refused until it is taken', async () => {
  const { client, server } = await tcpPair()
  await server.send(pattern(150_000))
  let first = 0
  const socket = await new Promise<Socket>((resolve) => {
    client.handleWith({
      data(connection, { length }) {
        first = length
        connection.pause()
        setImmediate(() => resolve(Socket.takeOver(connection)))
      },
    })
  })
  await socket.whenReadable()
  await assert.rejects(
    socket.whenReadable(() => true),
    { name: 'ReadAheadError', code: 'ERR_READ_AHEAD' },
  )
  const rest = new Uint8Array(150_000 - first)
  await socket.recvExactly(rest)
  await socket.whenReadable(() => true)
  closeAll(socket, server)
})

test('pipes, by their number', { skip: needs({ program: 'mkfifo' }) }, async () => {
  const { reader, writer } = pipe()
  const buffer = new Uint8Array(65_536)
  let length = 0
  const read = (fd: number): boolean => {
    try {
      length = readSync(fd, buffer)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false
      throw error
    }
  }
  const waiting = whenReadable(reader, read)
  writeSync(writer, 'through the pipe')
  await waiting
  assert.equal(length, 16)
  await whenWritable(writer)
  const written = (): boolean => {
    try {
      writeSync(writer, buffer)
      return false
    } catch {
      return true
    }
  }
  while (!written());
  const room = whenWritable(writer)
  await whenReadable({ fd: reader }, read)
  assert.equal(length, 65_536)
  await room
  await assert.rejects(
    whenReadable(reader, () => false, { timeout: 2 }),
    { code: 'ERR_SOCKET_TIMEOUT' },
  )
  closeSync(writer)
  await whenReadable(reader)
  closeSync(reader)
  await assert.rejects(whenReadable(reader), { code: 'EBADF' })
  await assert.rejects(
    whenReadable(reader, () => false),
    { code: 'EBADF' },
  )
})

test('a file is ready, and nothing waits for it', async () => {
  const file = openSync(import.meta.filename, 'r')
  await whenReadable(file)
  await whenReadable(file, () => true)
  await assert.rejects(
    whenReadable(file, () => false),
    { code: 'EPERM', message: /always ready/ },
  )
  closeSync(file)
})

test('the functions take sockets of the library as the methods do', async () => {
  const [one, other] = socketpair()
  const waiting = whenReadable(one)
  await assert.rejects(whenReadable(one), { code: 'ERR_SOCKET_BUSY' })
  await other.send(bytes('x'))
  await waiting
  await whenWritable(one)
  // A connection in the handler form is another's descriptor to them: its end ends the wait.
  const connection = one.handleWith({ data() {} })
  const watching = assert.rejects(
    whenReadable(connection, () => false),
    { code: 'ERR_SOCKET_CLOSED' },
  )
  connection.abort()
  await watching
  other.close()
  const wrong: unknown[] = [undefined, 'x', {}, { fd: 'x' }]
  for (const target of wrong) {
    await assert.rejects(whenReadable(target as PollTarget), { code: 'ERR_INVALID_ARG_TYPE' })
  }
  await assert.rejects(whenWritable(-1), { code: 'ERR_OUT_OF_RANGE' })
})
