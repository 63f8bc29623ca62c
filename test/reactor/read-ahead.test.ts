// Read-ahead: what the engine has received when a reader goes, pauses or changes its form is for the next reader.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Connection,
  MSG_PEEK,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  Socket,
  type SocketError,
  socketpair,
} from '../../src/index.ts'
import { boundDatagram, bytes, pattern, tcpPair, text } from '../support/connections.ts'
import { closedAfterEach, condition } from '../support/opened.ts'

const opened = closedAfterEach()

function pair(type: number = SOCK_STREAM): [Socket, Socket] {
  const [one, other] = socketpair(type)
  return [opened(one), opened(other)]
}

const soon = (): Promise<unknown> => new Promise(setImmediate)

test('read-ahead: a connection that pauses in the middle of a turn has the rest, and the end, after resume', async () => {
  const [writer, reader] = pair(SOCK_SEQPACKET)
  const events: string[] = []
  const done = condition()
  const connection = opened(
    reader.handleWith({
      data(self, content) {
        events.push(text(content))
        self.pause()
      },
      end(self) {
        events.push('end')
        self.close()
      },
      close: done.fulfil,
    }),
  )
  for (const record of ['one', 'two', 'three']) writer.trySend(bytes(record))
  writer.close()
  for (const expected of [['one'], ['one', 'two'], ['one', 'two', 'three'], ['one', 'two', 'three', 'end']]) {
    await soon()
    await soon()
    assert.deepEqual(events, expected)
    connection.resume()
  }
  await done.promise
})

/** A TCP connection whose peer sent so much that it comes in several pieces, and then reset it. */
async function resetBehind(content: Uint8Array): Promise<Socket> {
  const { client, server } = await tcpPair()
  opened(server)
  await client.sendAll(content)
  const pending = (): number => server.tryRecv(new Uint8Array(content.length), MSG_PEEK) ?? 0
  while (pending() < content.length) await soon()
  client.abort()
  return server
}

test('read-ahead: a connection that is reset while it is paused has all that came before, and then the reset', async () => {
  const content = pattern(100_000)
  const server = await resetBehind(content)
  const parts: Uint8Array[] = []
  let reason: Error | undefined
  const done = condition()
  const connection = server.handleWith({
    data(self, part) {
      parts.push(part.slice())
      self.pause()
    },
    close(_self, why) {
      reason = why
      done.fulfil()
    },
  })
  while (!connection.isClosed) {
    connection.resume()
    await soon()
  }
  await done.promise
  assert.ok(parts.length > 1)
  assert.deepEqual(Buffer.concat(parts), Buffer.from(content))
  assert.equal((reason as SocketError).code, 'ECONNRESET')
})

test('read-ahead: a reset goes along when a connection changes its form', async () => {
  const content = pattern(100_000)
  const server = await resetBehind(content)
  const taken = condition()
  let received = 0
  const connection = server.handleWith({
    data(self, part) {
      received += part.length
      self.pause()
      taken.fulfil()
    },
  })
  await taken.promise
  await soon()
  const socket = opened(Socket.takeOver(connection))
  const buffer = new Uint8Array(content.length)
  while (received < content.length) received += await socket.recv(buffer)
  await assert.rejects(socket.recv(buffer), { code: 'ECONNRESET' })
})

test('read-ahead: takeOver in the middle of a turn gives recv the rest, in order, and the end', async () => {
  const { client, server } = await tcpPair()
  opened(client)
  const content = pattern(200_000)
  await client.sendAll(content)
  client.close()
  const taken = condition()
  let socket: Socket | undefined
  const parts: Uint8Array[] = []
  opened(
    server.handleWith({
      data(connection, part) {
        parts.push(part.slice())
        socket = opened(Socket.takeOver(connection))
        taken.fulfil()
      },
    }),
  )
  await taken.promise
  const buffer = new Uint8Array(10_000)
  for (let n = await socket!.recv(buffer); n > 0; n = await socket!.recv(buffer)) parts.push(buffer.slice(0, n))
  assert.deepEqual(new Uint8Array(Buffer.concat(parts)), content)
})

test('read-ahead: takeOver in the middle of a turn that ends with a reset tells the next recv of it', async () => {
  const { client, server } = await tcpPair()
  await client.sendAll(bytes('before the reset'))
  await soon()
  const taken = condition()
  let socket: Socket | undefined
  // The bytes and the reset are there when the engine receives for the first time.
  client.abort()
  opened(
    server.handleWith({
      data(connection) {
        socket = opened(Socket.takeOver(connection))
        taken.fulfil()
      },
    }),
  )
  await taken.promise
  await assert.rejects(socket!.recv(new Uint8Array(8)), { code: 'ECONNRESET' })
  assert.equal(await socket!.recv(new Uint8Array(8)), 0)
})

test('read-ahead: a recv that begins in the very handler that takes over has the rest of the turn', async () => {
  for (const isAborted of [false, true]) {
    const [writer, reader] = pair(SOCK_SEQPACKET)
    const buffer = new Uint8Array(8)
    const taken = condition()
    const stop = new AbortController()
    let first: Promise<number | string> | undefined
    let socket: Socket | undefined
    opened(
      reader.handleWith({
        data(connection) {
          socket = opened(Socket.takeOver(connection))
          first = socket.recv(buffer, { signal: stop.signal }).catch((error: Error) => error.name)
          if (isAborted) stop.abort()
          taken.fulfil()
        },
      }),
    )
    for (const record of ['one', 'two', 'three']) writer.trySend(bytes(record))
    await taken.promise
    assert.equal(await first, isAborted ? 'AbortError' : 3)
    const rest = isAborted ? ['two', 'three'] : ['three']
    for (const record of rest) assert.equal(text(buffer, await socket!.recv(buffer)), record)
  }
})

test('read-ahead: a channel that pauses in the middle of a turn has the rest after resume, with its senders', async () => {
  const receiver = opened(boundDatagram())
  const sender = opened(boundDatagram())
  const received: string[] = []
  const done = condition()
  const to = receiver.localAddress
  const channel = opened(
    receiver.receiveWith({
      datagram(self, content, source) {
        received.push(`${text(content)} from ${source.toString()}`)
        self.send(content, source)
        if (received.length < 4) self.pause()
        else done.fulfil()
      },
    }),
  )
  for (const name of ['a', 'b', 'c']) sender.trySendTo(bytes(name), to)
  for (let i = 1; i <= 3; i++) {
    await soon()
    await soon()
    assert.equal(received.length, i)
    if (i === 3) sender.trySendTo(bytes('d'), to)
    channel.resume()
  }
  await done.promise
  const from = sender.localAddress.toString()
  assert.deepEqual(
    received,
    ['a', 'b', 'c', 'd'].map((name) => `${name} from ${from}`),
  )
  const buffer = new Uint8Array(4)
  for (const name of ['a', 'b', 'c', 'd']) {
    const { length } = await sender.recvFrom(buffer)
    assert.equal(text(buffer, length), name)
  }
})

test('read-ahead: handleWith delivers first what recv has left behind', async () => {
  const [writer, reader] = pair(SOCK_SEQPACKET)
  const taken = condition()
  let socket: Socket | undefined
  opened(
    reader.handleWith({
      data(connection) {
        socket = opened(Socket.takeOver(connection))
        taken.fulfil()
      },
    }),
  )
  for (const record of ['one', 'two', 'three']) writer.trySend(bytes(record))
  await taken.promise
  await soon()
  const received: string[] = []
  const done = condition()
  opened(
    socket!.handleWith({
      data(_connection, content) {
        received.push(text(content))
        if (received.length === 3) done.fulfil()
      },
    }),
  )
  writer.trySend(bytes('four'))
  await done.promise
  assert.deepEqual(received, ['two', 'three', 'four'])
})

test('read-ahead: a recv that is aborted in the very turn in which its bytes came loses nothing', async () => {
  const [writerA, readerA] = pair()
  const [writerB, readerB] = pair()
  let stop = new AbortController()
  opened(readerA.handleWith({ data: () => stop.abort() }))
  for (let round = 0; round < 20; round++) {
    stop = new AbortController()
    const buffer = new Uint8Array(16)
    const aborted = assert.rejects(readerB.recv(buffer, { signal: stop.signal }), { name: 'AbortError' })
    // A's come first in the turn, so that B's completion is there and not handed out when its recv is aborted.
    writerA.trySend(bytes('a'))
    writerB.trySend(bytes(`round ${round}`))
    await aborted
    assert.equal(text(buffer), '\0'.repeat(16))
    const next = new Uint8Array(16)
    assert.equal(text(next, await readerB.recv(next)), `round ${round}`)
  }
})

test('read-ahead: bytes that the engine received for a recv whose socket is closed in the turn are dropped with it', async () => {
  const [writerA, readerA] = pair()
  const [writerB, readerB] = pair()
  const warm = readerB.recv(new Uint8Array(8))
  writerB.trySend(bytes('warm'))
  await warm
  const waiting = assert.rejects(readerB.recv(new Uint8Array(8)), { name: 'ClosedError' })
  const done = condition()
  opened(
    readerA.handleWith({
      data() {
        readerB.close()
        done.fulfil()
      },
    }),
  )
  writerA.trySend(bytes('a'))
  writerB.trySend(bytes('late'))
  await done.promise
  await waiting
})

test('read-ahead: a paused connection that is finished throws away what waited, and closes in order', async () => {
  const { client, server } = await tcpPair()
  opened(client)
  const reasons: (Error | undefined)[] = []
  const closed = condition()
  const connection: Connection = opened(
    server.handleWith({
      data: (self) => void self.pause(),
      close(_self, reason) {
        reasons.push(reason)
        closed.fulfil()
      },
    }),
  )
  client.trySend(bytes('one'))
  await soon()
  await soon()
  client.trySend(bytes('two'))
  connection.finish()
  assert.equal(await client.recv(new Uint8Array(8)), 0)
  client.close()
  await closed.promise
  assert.deepEqual(reasons, [undefined])
})
