// close of a socket while the kernel had no room for all that sendAll has taken: the rest goes out as the peer reads.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { ClosedError, SHUT_WR, type Socket, statistics } from '../../src/index.ts'
import { moduleOf, startProgram } from '../support/child.ts'
import { pattern } from '../support/connections.ts'
import { openSockets } from '../support/open-descriptors.ts'
import { PythonPeer } from '../support/python-peer.ts'
import { SlowReader } from '../support/slow-reader.ts'

let python: PythonPeer
before(() => {
  python = new PythonPeer()
})
after(() => python.end())

const CHUNK_BYTES = 16_000
const content = pattern(60 * CHUNK_BYTES, 13)

/** Sends all of `content` in short parts: the outbox has room for them, though the kernel has none for most. */
async function sendContent(socket: Socket): Promise<void> {
  for (let at = 0; at < content.length; at += CHUNK_BYTES) await socket.sendAll(content.subarray(at, at + CHUNK_BYTES))
  // Any call that comes after them hands them over.
  assert.equal(socket.trySend(Uint8Array.of(0)), undefined)
  assert.ok(socket.queuedBytes > 0)
}

/** The kernel's name of the socket, which tells whether its descriptor is open when the object knows it no longer. */
function kernelName({ fd }: Socket): string {
  return openSockets().get(fd)!
}

const isOpen = (name: string): boolean => [...openSockets().values()].includes(name)

async function untilClosed(name: string): Promise<void> {
  while (isOpen(name)) await new Promise(setImmediate)
}

for (const isShutDown of [false, true]) {
  test(`a slow reader gets all of it and then the end${isShutDown ? ', also after shutdown' : ''}`, async () => {
    const reader = await SlowReader.connect(python)
    const { socket } = reader
    await sendContent(socket)
    const name = kernelName(socket)
    if (isShutDown) socket.shutdown(SHUT_WR)
    socket.close()
    assert.ok(isOpen(name))
    assert.deepEqual(await reader.digest(), SlowReader.digestOf(content))
    await untilClosed(name)
  })
}

test('the object is closed at once: it refuses everything, and what waited is rejected', async () => {
  const reader = await SlowReader.connect(python)
  const { socket } = reader
  await sendContent(socket)
  const receiving = assert.rejects(socket.recv(new Uint8Array(1)), ClosedError)
  const sending = assert.rejects(socket.sendAll(new Uint8Array(100_000)), ClosedError)
  socket.close()
  socket.close()
  socket.abort()
  await receiving
  await sending
  assert.equal(socket.isClosed, true)
  assert.equal(socket.queuedBytes, 0)
  assert.throws(() => socket.fd, ClosedError)
  assert.throws(() => socket.trySend(Uint8Array.of(1)), ClosedError)
  await assert.rejects(socket.finish(), ClosedError)
  assert.deepEqual(await reader.digest(), SlowReader.digestOf(content))
})

test('a peer that resets it, or is gone, has the descriptor closed, and no deadline is left', async () => {
  for (const end of ['reset', 'close'] as const) {
    const { descriptors, deadlines, waiting } = statistics()
    const reader = await SlowReader.connect(python)
    await sendContent(reader.socket)
    const name = kernelName(reader.socket)
    reader.socket.close()
    await reader[end]()
    await untilClosed(name)
    const now = statistics()
    assert.deepEqual([now.descriptors, now.deadlines, now.waiting], [descriptors, deadlines, waiting])
  }
})

test('abort waits for nobody: the peer is reset, and the descriptor closed at once', async () => {
  const reader = await SlowReader.connect(python)
  await sendContent(reader.socket)
  const name = kernelName(reader.socket)
  reader.socket.abort()
  assert.equal(isOpen(name), false)
  assert.equal((await reader.digest()).error, 'ConnectionResetError')
})

test('many that are closed at once each deliver their own', async () => {
  const readers: SlowReader[] = []
  for (let i = 0; i < 5; i++) readers.push(await SlowReader.connect(python))
  for (const { socket } of readers) await sendContent(socket)
  for (const { socket } of readers) socket.close()
  for (const reader of readers) assert.deepEqual(await reader.digest(), SlowReader.digestOf(content))
})

for (const isReferenced of [true, false]) {
  test(`a process that has closed it ${isReferenced ? 'lives until the peer has read all' : 'and unrefed it ends'}`, async () => {
    await python.ask(`l = socket.socket(); l.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
l.bind(('127.0.0.1', 0)); l.listen()`)
    const port = await python.ask<number>('l.getsockname()[1]')
    const child = startProgram(`
      import { AF_INET, inet, SO_SNDBUF, SOCK_STREAM, Socket } from ${moduleOf('index')}
      const socket = new Socket(AF_INET, SOCK_STREAM).set(SO_SNDBUF, 16384)
      await socket.connect(inet('127.0.0.1', ${port}))
      for (let i = 0; i < 60; i++) await socket.sendAll(new Uint8Array(16000).fill(97))
      ${isReferenced ? '' : 'socket.unref()'}
      socket.close()
      console.log('closed')`)
    const ended = once(child, 'close')
    await once(child.stdout, 'data')
    if (!isReferenced) assert.deepEqual(await ended, [0, null])
    await python.ask(`c, _ = l.accept(); total = 0
while data := c.recv(5000): total += len(data)
c.close(); l.close()`)
    const total = await python.ask<number>('total')
    if (isReferenced) assert.equal(total, 960_000)
    else assert.ok(total < 960_000, `${total}`)
    if (isReferenced) assert.deepEqual(await ended, [0, null])
  })
}
