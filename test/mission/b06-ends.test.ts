// B6: ends of connections: zero bytes, each direction by itself, nothing lost that was accepted for sending.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, test } from 'node:test'
import { type Connection, SHUT_WR, Socket } from '../../src/index.ts'
import { bytes, listening, pattern, portOf, receiveAll, tcpPair, text } from '../support/connections.ts'
import { closedAfterEach, condition } from '../support/opened.ts'
import { PythonPeer } from '../support/python-peer.ts'

const opened = closedAfterEach()
const python = new PythonPeer()
after(() => python.end())

test('B6: recv gives 0 when the peer has closed, and again', async () => {
  const { client, server } = await tcpPair()
  client.close()
  assert.equal(await server.recv(new Uint8Array(8)), 0)
  assert.equal(await server.recv(new Uint8Array(8)), 0)
  server.close()
})

test('B6: after shutdown of one direction the other still carries data', async () => {
  const listener = listening()
  await python.ask(`c = socket.create_connection(('127.0.0.1', ${portOf(listener)}))`)
  const { peer } = await listener.accept()
  await peer.sendAll(bytes('question'))
  peer.shutdown(SHUT_WR)
  assert.equal(text(await python.ask<Uint8Array>(`c.recv(100, socket.MSG_WAITALL)`)), 'question')
  await python.ask(`c.sendall(b'a late answer'); c.close()`)
  assert.equal(text(await receiveAll(peer)), 'a late answer')
  await assert.rejects(async () => await peer.send(bytes('x')), { code: 'EPIPE' })
  peer.close()
  listener.close()
})

test('B6: close, right after sendAll, loses nothing to a reader that starts late', async () => {
  const listener = listening()
  await python.ask(`c = socket.socket(); c.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)`)
  await python.ask(`c.connect(('127.0.0.1', ${portOf(listener)}))`)
  const { peer } = await listener.accept()
  const sent = pattern(1_500_000)
  const sending = peer.sendAll(sent)
  const reading = python.ask<string>(
    `(lambda h: [h.update(d) for d in iter(lambda: c.recv(65536), b'')] and h.hexdigest())(hashlib.sha256())`,
  )
  await sending
  peer.close()
  assert.equal(await reading, createHash('sha256').update(sent).digest('hex'))
  await python.ask('c.close()')
  listener.close()
})

test('B6: finish, with input unread, does not reset what the peer has still to read', async () => {
  const { client, server } = await tcpPair()
  await client.sendAll(bytes('never read'))
  await server.sendAll(bytes('an answer'))
  const finishing = server.finish()
  assert.equal(text(await receiveAll(client)), 'an answer')
  client.close()
  await finishing
})

test('B6: in the handler form end() leaves the other direction open, and close comes last', async () => {
  const { client, server } = await tcpPair()
  const events: string[] = []
  const closed = new Promise<void>((resolve) => {
    server.handleWith({
      open(connection: Connection) {
        connection.send(bytes('bye'))
        connection.end()
      },
      data: (_, received) => void events.push(text(received)),
      end(connection) {
        events.push('end')
        connection.close()
      },
      close(_, reason) {
        events.push(`close ${String(reason)}`)
        resolve()
      },
    })
  })
  assert.equal(text(await receiveAll(client)), 'bye')
  await client.sendAll(bytes('still here'))
  await client.finish()
  await closed
  assert.deepEqual(events, ['still here', 'end', 'close undefined'])
})

test('B6: abort resets: the peer gets ECONNRESET', async () => {
  const { client, server } = await tcpPair()
  server.abort()
  await assert.rejects(client.recv(new Uint8Array(8)), { code: 'ECONNRESET', syscall: 'recv' })
  client.close()
})

test('B6: Socket is disposable, in good order', async () => {
  const { client, server } = await tcpPair()
  await Promise.all([client[Symbol.asyncDispose](), server[Symbol.asyncDispose]()])
  assert.ok(client.isClosed && server.isClosed && client instanceof Socket)
})

test('B6: in the handler form a connection that both sides have ended closes, whoever ends first', async () => {
  for (const isFirst of [true, false]) {
    const listener = opened(listening())
    const closed = condition()
    let reason: unknown = 'none yet'
    listener.acceptWith({
      open(connection) {
        if (isFirst) connection.end()
      },
      data() {},
      end(connection) {
        if (!isFirst) connection.end()
      },
      close(_connection, why) {
        reason = why
        closed.fulfil()
      },
    })
    await python.ask(`c = socket.create_connection(('127.0.0.1', ${portOf(listener)}))`)
    if (isFirst) assert.equal(await python.ask('len(c.recv(1))'), 0)
    await python.ask('c.shutdown(socket.SHUT_WR)')
    await closed.promise
    assert.equal(reason, undefined)
    if (!isFirst) assert.equal(await python.ask('len(c.recv(1))'), 0)
    await python.ask('c.close()')
    listener.close()
  }
})
