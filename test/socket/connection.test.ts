// The handler form: in which order a connection's handlers are called, what they may do, and what its peer sees.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import {
  AF_INET,
  type Connection,
  type ConnectionHandler,
  type ConnectionOptions,
  SO_SNDBUF,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  Socket,
  socketpair,
} from '../../src/index.ts'
import { bytes, listening, pattern, portOf, tcpPair, text } from '../support/connections.ts'
import { closedAfterEach, condition } from '../support/opened.ts'
import { PythonPeer } from '../support/python-peer.ts'

const opened = closedAfterEach()
const python = new PythonPeer()
after(() => python.end())

/** A connection that Python has as `c`, in the handler form. */
async function accepted<State>(
  handler: Partial<ConnectionHandler<State>>,
  options: ConnectionOptions<State> = {},
): Promise<Connection<State>> {
  const listener = opened(listening())
  // A small buffer, so that a reader who does not read holds it up soon.
  listener.set(SO_SNDBUF, 16_384)
  await python.ask(`c = socket.socket(); c.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)`)
  await python.ask(`c.connect(('127.0.0.1', ${portOf(listener)}))`)
  const { peer } = await listener.accept()
  return opened(peer.handleWith({ data() {}, ...handler }, options))
}

/** Sends until the kernel has no room, and gets none while nobody reads; returns how much that was. */
async function fill(connection: Connection): Promise<number> {
  let sent = 0
  for (let vain = 0; vain < 10; vain++) {
    for (let took = -1; took !== 0; sent += took) {
      took = connection.trySend(new Uint8Array(65_536))
      if (took > 0) vain = 0
    }
    await new Promise(setImmediate)
  }
  return sent
}

test('open, data, end and close, in this order, each with the connection and its state', async () => {
  const events: string[] = []
  const closed = condition()
  const listener = opened(listening())
  listener.acceptWith<string>({
    open(connection) {
      connection.state = 'mine'
      events.push(`open ${String(connection.remoteAddress).split(':')[0]}`)
    },
    data: (connection, content) => void events.push(`data ${connection.state} ${text(content)}`),
    end(connection) {
      events.push(`end ${connection.state}`)
      connection.send(bytes('bye'))
      connection.end()
    },
    close(connection, reason) {
      events.push(`close ${connection.state} ${reason} ${String(connection.remoteAddress).split(':')[0]}`)
      closed.fulfil()
    },
  })
  await python.ask(`c = socket.create_connection(('127.0.0.1', ${portOf(listener)}))`)
  await python.ask(`(c.sendall(b'one'), c.shutdown(socket.SHUT_WR))`)
  assert.equal(text(await python.receive('c', 10)), 'bye')
  await closed.promise
  assert.deepEqual(events, ['open 127.0.0.1', 'data mine one', 'end mine', 'close mine undefined 127.0.0.1'])
  await python.ask('c.close()')
})

test('without an end handler it closes by itself, behind what is queued', async () => {
  const closed = condition()
  const content = pattern(500_000)
  const connection = await accepted({ close: closed.fulfil })
  connection.send(content)
  await python.ask('c.shutdown(socket.SHUT_WR)')
  assert.deepEqual(await python.receive('c', 600_000), content)
  await closed.promise
  await python.ask('c.close()')
})

test('send says what waits; past the limit each policy does its own, and drain tells when there is room', async () => {
  for (const whenQueueFull of ['wait', 'drop', 'close'] as const) {
    const drained = condition()
    const closed = condition()
    let reason: Error | undefined
    const connection = await accepted(
      {
        drain: drained.fulfil,
        close(_connection, why) {
          reason = why
          closed.fulfil()
        },
      },
      { whenQueueFull, queueLimitBytes: 1000 },
    )
    const sent = await fill(connection)
    assert.equal(connection.queuedBytes, 0)
    assert.equal(connection.send(new Uint8Array(600)), 600)
    assert.equal(connection.send(new Uint8Array(400)), 1000)
    assert.equal(connection.send(new Uint8Array(1)), -1)
    if (whenQueueFull === 'close') {
      await closed.promise
      assert.match(String(reason), /QueueFullError.*1000/)
      await assert.rejects(python.ask(`[c.recv(1 << 20) for _ in range(1000)]`), { name: 'ConnectionResetError' })
    } else {
      assert.equal(connection.queuedBytes, 1000)
      assert.equal(connection.trySend(new Uint8Array(1)), 0)
      assert.equal((await python.receive('c', sent + 1000)).length, sent + 1000)
      await drained.promise
      assert.equal(connection.queuedBytes, 0)
      connection.close()
      // What was refused has not been sent.
      assert.equal((await python.receive('c', 1)).length, 0)
      await closed.promise
    }
    await python.ask('c.close()')
  }
})

test('one send that is longer than the limit is taken when nothing waits', async () => {
  const connection = await accepted({}, { queueLimitBytes: 0 })
  const content = pattern(3_000_000)
  assert.ok(connection.send(content) > 0)
  assert.deepEqual(await python.receive('c', content.length), content)
  await python.ask('c.close()')
})

test('pause holds what comes back in the kernel, and the peer with it; resume goes on where it stopped', async () => {
  let received = 0
  const first = condition()
  const all = condition()
  const total = 8_000_000
  const connection = await accepted({
    data(self, content) {
      if (received === 0) {
        self.pause()
        first.fulfil()
      }
      received += content.length
      if (received === total) all.fulfil()
    },
  })
  await python.ask(`writing = threading.Thread(target=lambda: c.sendall(b'x' * ${total})); writing.start()`)
  await first.promise
  assert.equal(connection.isPaused, true)
  connection.pause()
  assert.equal(await python.ask('writing.join(0.05) or writing.is_alive()'), true)
  assert.ok(received < total)
  connection.resume().resume()
  await all.promise
  await python.ask('(writing.join(), c.close())')
})

test('one that is paused in open gets nothing before resume, and then all', async () => {
  const parts: string[] = []
  const ended = condition()
  const listener = opened(listening())
  const came = condition()
  let connection: Connection | undefined
  listener.acceptWith({
    open(self) {
      connection = self.pause()
      came.fulfil()
    },
    data: (_self, content) => void parts.push(text(content)),
    end: ended.fulfil,
  })
  await python.ask(`c = socket.create_connection(('127.0.0.1', ${portOf(listener)}))`)
  await python.ask(`(c.sendall(b'early'), c.close())`)
  await came.promise
  for (let i = 0; i < 3; i++) await new Promise(setImmediate)
  assert.deepEqual(parts, [])
  opened(connection!).resume()
  await ended.promise
  assert.equal(parts.join(''), 'early')
})

const MISUSE = new Error('by the handler')
const THROWING: Readonly<Record<string, Partial<ConnectionHandler>>> = {
  open: { open: () => assert.fail(MISUSE) },
  data: { data: () => assert.fail(MISUSE) },
  'data, asynchronously': { data: () => Promise.reject(MISUSE) },
  end: { end: () => assert.fail(MISUSE) },
  drain: { drain: () => assert.fail(MISUSE) },
}

for (const [which, handler] of Object.entries(THROWING)) {
  test(`what ${which} throws is reported, resets its own connection, and is the reason of its close`, async () => {
    const reported: unknown[] = []
    const closed = condition()
    let reason: Error | undefined
    const connection = await accepted(
      {
        ...handler,
        close(_connection, why) {
          reason = why
          closed.fulfil()
        },
      },
      { onError: (error) => reported.push(error) },
    )
    if (which === 'drain') {
      const sent = await fill(connection)
      connection.send(new Uint8Array(100_000))
      await python.receive('c', sent + 100_000)
    } else if (which === 'end') await python.ask(`(c.sendall(b'x'), c.shutdown(socket.SHUT_WR))`)
    else if (which !== 'open') await python.ask(`c.sendall(b'x')`)
    await closed.promise
    assert.deepEqual(reported, [MISUSE])
    assert.equal(reason, MISUSE)
    await assert.rejects(python.ask(`c.recv(1)`), { name: 'ConnectionResetError' })
    await python.ask('c.close()')
  })
}

test('what close throws is reported too, and a hook that throws hurts nobody', async () => {
  const warned = condition()
  process.once('warning', warned.fulfil)
  const connection = await accepted({ close: () => assert.fail(MISUSE) }, { onError: () => assert.fail('by the hook') })
  connection.close()
  await warned.promise
  await python.ask('c.close()')
})

test('end leaves the other direction open; send after it is refused', async () => {
  const came = condition()
  const connection = await accepted({ data: came.fulfil, end() {} })
  connection.send(bytes('last'))
  connection.end()
  assert.throws(() => connection.send(bytes('x')), { code: 'ERR_SOCKET_CLOSED' })
  assert.throws(() => connection.trySend(bytes('x')), { code: 'ERR_SOCKET_CLOSED' })
  assert.equal(text(await python.receive('c', 10)), 'last')
  await python.ask(`c.sendall(b'still')`)
  await came.promise
  await python.ask('c.close()')
})

test('finish throws away what comes and resets nobody; a peer that stays is reset at the deadline', async () => {
  for (const stays of [false, true]) {
    const closed = condition()
    let reason: Error | undefined
    const connection = await accepted({
      data: () => assert.fail('data after finish'),
      close(_connection, why) {
        reason = why
        closed.fulfil()
      },
    })
    connection.send(bytes('bye'))
    connection.finish(stays ? 20 : 60_000)
    assert.equal(text(await python.receive('c', 10)), 'bye')
    if (!stays) await python.ask(`(c.sendall(b'ignored' * 1000), c.close())`)
    await closed.promise
    if (stays) assert.match(String(reason), /TimeoutError/)
    else assert.equal(reason, undefined)
    if (stays) await python.ask('c.close()')
  }
})

test('abort resets, with its reason; on a connection that is closed every end does nothing', async () => {
  const closed = condition()
  let reason: Error | undefined
  const connection = await accepted({
    close(_connection, why) {
      reason = why
      closed.fulfil()
    },
  })
  connection.abort(new Error('mine'))
  assert.equal(connection.isClosed, true)
  await closed.promise
  assert.equal(reason?.message, 'mine')
  await assert.rejects(python.ask('c.recv(1)'), { name: 'ConnectionResetError' })
  assert.equal(connection.remoteAddress, undefined)
  connection.abort()
  connection.close()
  connection.finish()
  connection.end()
  connection.pause().resume()
  await python.ask('c.close()')
})

test('to promises and back, with bytes between: each is received once and in order', async () => {
  const { client, server } = await tcpPair()
  opened(client)
  const content = pattern(400_000)
  const sending = client.sendAll(content).then(() => client.shutdown(1))
  const parts: Uint8Array[] = []
  let socket = server
  while (Buffer.concat(parts).length < content.length) {
    const paused = condition()
    const connection = opened(
      socket.handleWith({
        data(self, part) {
          parts.push(part.slice())
          self.pause()
          paused.fulfil()
        },
      }),
    )
    await paused.promise
    socket = opened(Socket.takeOver(connection))
    assert.equal(connection.isClosed, true)
    const buffer = new Uint8Array(5000)
    if (Buffer.concat(parts).length < content.length) parts.push(buffer.slice(0, await socket.recv(buffer)))
  }
  await sending
  assert.deepEqual(Buffer.concat(parts), Buffer.from(content))
  assert.equal(await socket.recv(new Uint8Array(1)), 0)
})

test('a socket in use, or not fit for it, does not change its form', async () => {
  const [one, other] = socketpair()
  opened(one)
  opened(other)
  const reading = one.recv(new Uint8Array(1))
  assert.throws(() => one.handleWith({ data() {} }), { code: 'ERR_SOCKET_BUSY' })
  await other.send(bytes('x'))
  await reading
  for (const [handler, name] of [
    [undefined, 'handler'],
    [{}, 'handler.data'],
    [{ data() {}, close: 1 }, 'handler.close'],
  ] as const) {
    // @ts-expect-error not a handler
    assert.throws(() => one.handleWith(handler), { code: 'ERR_INVALID_ARG_TYPE', message: new RegExp(name) })
  }
  const connection = opened(one.handleWith({ data() {} }))
  assert.throws(() => one.handleWith({ data() {} }), { code: 'ERR_SOCKET_CLOSED' })
  connection.end()
  assert.throws(() => Socket.takeOver(connection), { code: 'ERR_SOCKET_CLOSED' })
})

test('a peer that is gone before the form changes is an end, or a reason', async () => {
  const unconnected = opened(new Socket(AF_INET, SOCK_STREAM))
  const closed = condition()
  opened(unconnected.handleWith({ data() {}, close: closed.fulfil }))
  await closed.promise
})

test('an empty record is refused by send and trySend, since the peer would take it for the end', () => {
  const [one, other] = socketpair(SOCK_SEQPACKET)
  opened(other)
  const connection = opened(one.handleWith({ data() {} }))
  for (const send of [() => connection.send(new Uint8Array(0)), () => connection.trySend(new Uint8Array(0))]) {
    assert.throws(send, { code: 'ERR_OUT_OF_RANGE', message: /empty record/ })
  }
})
