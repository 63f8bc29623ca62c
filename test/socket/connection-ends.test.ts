// The ends of a connection in the handler form: what the peer, Python, sees of each, and what the handlers are told.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import {
  AF_INET,
  abstract,
  AF_UNIX,
  type Connection,
  type ConnectionHandler,
  type ConnectionOptions,
  SO_SNDBUF,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  Socket,
  socketpair,
} from '../../src/index.ts'
import { moduleOf, runProgram } from '../support/child.ts'
import { bytes, listening, portOf, tcpPair, text } from '../support/connections.ts'
import { closedAfterEach, condition } from '../support/opened.ts'
import { PythonPeer } from '../support/python-peer.ts'

const opened = closedAfterEach()
const python = new PythonPeer()
after(() => python.end())

interface Accepted {
  readonly connection: Connection
  /** Fulfilled when the `close` handler has run, with its reason. */
  readonly closed: Promise<Error | undefined>
}

/** Accepts, by `acceptWith`, a connection that Python has as `c`. */
async function accepted(handler: Partial<ConnectionHandler>, options: ConnectionOptions = {}): Promise<Accepted> {
  const listener = opened(listening())
  listener.set(SO_SNDBUF, 16_384)
  const there = condition()
  const gone = condition()
  let connection: Connection | undefined
  let reason: Error | undefined
  listener.acceptWith(
    {
      data() {},
      ...handler,
      open(self) {
        connection = opened(self)
        there.fulfil()
        return handler.open?.(self)
      },
      close(self, why) {
        reason = why
        gone.fulfil()
        return handler.close?.(self, why)
      },
    },
    options,
  )
  await python.ask(`c = socket.socket(); c.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
c.connect(('127.0.0.1', ${portOf(listener)}))`)
  await there.promise
  return { connection: connection!, closed: gone.promise.then(() => reason) }
}

/** What Python reads until the end, and how that was. */
async function readToEnd(): Promise<string> {
  await python.ask(`seen = b''
try:
    while data := c.recv(65536): seen += data
    seen += b' FIN'
except ConnectionResetError: seen += b' RST'
c.close()`)
  return text(await python.ask<Uint8Array>('seen'))
}

/** Waits until something that Python sent has come, and is unread. */
async function inputUnread(connection: Connection): Promise<void> {
  connection.pause()
  await python.ask("c.sendall(b'unread')")
}

const ENDS: Readonly<Record<string, { call: (connection: Connection) => void; idle: string; unread: string }>> = {
  end: { call: (connection) => connection.end(), idle: 'last FIN', unread: 'last FIN' },
  finish: { call: (connection) => connection.finish(), idle: 'last FIN', unread: 'last FIN' },
  close: { call: (connection) => connection.close(), idle: 'last FIN', unread: 'RST' },
  abort: { call: (connection) => connection.abort(), idle: 'RST', unread: 'RST' },
}

for (const [name, { call, idle, unread }] of Object.entries(ENDS)) {
  test(`${name}: the peer reads ${idle}, and ${unread} when its own bytes were unread`, async () => {
    for (const [isUnread, expected] of [
      [false, idle],
      [true, unread],
    ] as const) {
      const { connection, closed } = await accepted({})
      if (isUnread) await inputUnread(connection)
      connection.send(bytes('last'))
      call(connection)
      const seen = await readToEnd()
      if (expected === 'RST') assert.match(seen, / RST$/)
      else assert.equal(seen, expected)
      if (name === 'end' && isUnread) connection.abort()
      assert.equal(await closed, undefined)
    }
  })
}

test('what is held back is sent before the end, by end, finish and close', async () => {
  for (const name of ['end', 'finish', 'close'] as const) {
    const { connection, closed } = await accepted({})
    connection.send(new Uint8Array(3_000_000).fill(0x61))
    assert.ok(connection.queuedBytes > 0)
    connection[name]()
    assert.equal(connection.isClosed, false)
    assert.equal(await readToEnd(), `${'a'.repeat(3_000_000)} FIN`)
    assert.equal(await closed, undefined)
  }
})

test('a peer that reads nothing of what is held back is reset at the deadline of close or finish', async () => {
  for (const name of ['close', 'finish'] as const) {
    // Longer ones go to the kernel at once, short ones with the flush behind the call.
    for (const [total, length] of [
      [3_000_000, 3_000_000],
      [900_000, 10_000],
    ] as const) {
      const { connection, closed } = await accepted({})
      for (let sent = 0; sent < total; sent += length) connection.send(new Uint8Array(length))
      connection[name](20)
      const reason = await closed
      assert.equal((reason as { code?: string } | undefined)?.code, 'ERR_SOCKET_TIMEOUT', `${name} ${length}`)
      assert.match(String(reason), /within 20 ms/)
      assert.match(await readToEnd(), / RST$/)
    }
  }
})

test('close in good order is told once, without a reason, after which nothing else is', async () => {
  const events: string[] = []
  const { connection, closed } = await accepted({
    data: (_self, content) => void events.push(text(content)),
    drain: () => void events.push('drain'),
    end: () => void events.push('end'),
    close: () => void events.push('close'),
  })
  connection.close()
  connection.close()
  connection.finish()
  connection.end()
  connection.abort(new Error('too late'))
  await closed
  await new Promise(setImmediate)
  assert.deepEqual(events, ['close'])
  assert.throws(() => connection.send(bytes('x')), { code: 'ERR_SOCKET_CLOSED' })
  await python.ask('c.close()')
})

test('a reset of the peer is the reason of close; what came before it was delivered', async () => {
  const came = condition()
  const { closed } = await accepted({
    data(_self, content) {
      assert.equal(text(content), 'before')
      came.fulfil()
    },
  })
  await python.ask("c.sendall(b'before')")
  await came.promise
  await python.ask("c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0)); c.close()")
  assert.equal(((await closed) as { code?: string } | undefined)?.code, 'ECONNRESET')
})

const PAUSES: Readonly<Record<string, Partial<ConnectionHandler>>> = {
  open: { open: (self) => void self.pause() },
  data: { data: (self) => void self.pause() },
}

for (const [name, handler] of Object.entries(PAUSES)) {
  test(`the end that comes while it is paused in ${name} is told after resume, behind the bytes`, async () => {
    const events: string[] = []
    const ended = condition()
    const { connection } = await accepted({
      ...handler,
      data(self, content) {
        events.push(text(content))
        handler.data?.(self, content)
      },
      end() {
        events.push('end')
        ended.fulfil()
      },
    })
    await python.ask("c.sendall(b'one')")
    if (name === 'data') while (events.length === 0) await new Promise(setImmediate)
    await python.ask("c.sendall(b'two'); c.close()")
    for (let i = 0; i < 3; i++) await new Promise(setImmediate)
    assert.deepEqual(events, name === 'data' ? ['one'] : [])
    while (!events.includes('end')) {
      connection.resume()
      await new Promise(setImmediate)
    }
    await ended.promise
    assert.equal(events.join(' '), name === 'data' ? 'one two end' : 'onetwo end')
  })
}

test('the address of the peer is there in close, however it ends and began, and no longer after it', async () => {
  const ways: Readonly<Record<string, (connection: Connection, peer: Socket) => void>> = {
    'our close': (connection) => connection.close(),
    'our abort': (connection) => connection.abort(),
    'our finish': (connection, peer) => {
      connection.finish()
      peer.close()
    },
    "the peer's close": (_, peer) => peer.close(),
    "the peer's abort": (_, peer) => peer.abort(),
  }
  for (const form of ['handleWith', 'acceptWith'] as const) {
    for (const [name, end] of Object.entries(ways)) {
      const listener = opened(listening())
      const peer = opened(new Socket(AF_INET, SOCK_STREAM))
      const there = condition()
      const gone = condition()
      let connection: Connection | undefined
      let address: string | undefined
      const handler: ConnectionHandler = {
        open(self) {
          connection = opened(self)
          there.fulfil()
        },
        data() {},
        close(self) {
          address = String(self.remoteAddress)
          gone.fulfil()
        },
      }
      if (form === 'acceptWith') listener.acceptWith(handler)
      await peer.connect(listener.localAddress)
      if (form === 'handleWith') (await listener.accept()).peer.handleWith(handler)
      await there.promise
      const expected = String(peer.localAddress)
      end(connection!, peer)
      await gone.promise
      assert.equal(address, expected, `${form}: ${name}`)
      await new Promise(setImmediate)
      assert.equal(connection!.remoteAddress, undefined)
    }
  }
})

test('what a promise of any handler is rejected with is reported, and is the reason of close', async () => {
  const fault = new Error('later')
  const reject = async (): Promise<void> => {
    await new Promise(setImmediate)
    throw fault
  }
  for (const name of ['open', 'data', 'drain', 'end', 'close'] as const) {
    const reported: unknown[] = []
    const told = condition()
    const { connection, closed } = await accepted(
      { [name]: reject },
      {
        onError(error, subject) {
          reported.push(error, subject)
          told.fulfil()
        },
      },
    )
    if (name === 'data') await python.ask("c.sendall(b'x')")
    else if (name === 'drain') {
      connection.send(new Uint8Array(3_000_000))
      await python.receive('c', 3_000_000)
    } else if (name !== 'open') await python.ask('c.shutdown(socket.SHUT_WR)')
    await told.promise
    assert.deepEqual([reported.length, reported[0] === fault, reported[1] === connection], [2, true, true], name)
    assert.equal(await closed, name === 'close' ? undefined : fault, name)
    await python.ask('c.close()')
  }
})

test('without onError it is a warning of the process, which goes on; a reset is not worth one', () => {
  const { status, stderr, stdout } = runProgram(`
    import { AF_INET, SOCK_STREAM, Socket, inet } from ${moduleOf('index')}
    process.on('warning', ({ name }) => console.log(name))
    const listener = new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen()
    let closed = 0
    listener.acceptWith({
      data(connection, bytes) { if (bytes[0] === 1) throw new Error('by the handler') },
      close() { if (++closed === 3) listener.close() },
    })
    for (const end of [
      async (client) => { await client.sendAll(Uint8Array.of(1)); await client.recv(new Uint8Array(1)).catch(() => {}) },
      async (client) => { await client.sendAll(Uint8Array.of(2)); client.abort() },
      async (client) => client.close(),
    ]) {
      const client = new Socket(AF_INET, SOCK_STREAM)
      await client.connect(listener.localAddress)
      await end(client)
      client.close()
    }`)
  assert.deepEqual([status, stdout], [0, 'SocketHandlerWarning\n'])
  assert.match(stderr, /by the handler/)
})

test('trySend takes nothing while anything is held back, and what it takes comes in its place', async () => {
  const drained = condition()
  const { connection, closed } = await accepted({ drain: drained.fulfil })
  connection.send(bytes('1'))
  assert.equal(connection.queuedBytes, 1)
  assert.equal(connection.trySend(bytes('2')), 1)
  assert.equal(connection.queuedBytes, 0)
  connection.send(new Uint8Array(3_000_000).fill(0x33))
  assert.equal(connection.trySend(bytes('never')), 0)
  assert.equal(connection.send(bytes('4')), connection.queuedBytes)
  const first = await python.receive('c', 3_000_003)
  assert.equal(text(first), `12${'3'.repeat(3_000_000)}4`)
  await drained.promise
  assert.equal(connection.trySend(bytes('5')), 1)
  connection.close()
  assert.equal(await readToEnd(), '5 FIN')
  await closed
})

test('on a seqpacket socket each send is a record and each record is a data, and an empty one is refused', async () => {
  const name = `berkeley-${process.pid}-records`
  const listener = opened(new Socket(AF_UNIX, SOCK_SEQPACKET).bind(abstract(name)).listen())
  const received: string[] = []
  const closed = condition()
  listener.acceptWith({
    open(self) {
      opened(self)
      for (const record of ['a', 'bc', 'def']) self.send(bytes(record))
      assert.throws(() => self.send(new Uint8Array(0)), { name: 'RangeError', message: /"bytes".*empty record/ })
    },
    data: (_self, content) => void received.push(text(content)),
    close: closed.fulfil,
  })
  await python.ask(`r = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET); r.connect('\\0${name}')`)
  assert.deepEqual(await python.ask(`[r.recv(100).decode() for _ in range(3)]`), ['a', 'bc', 'def'])
  await python.ask(`[r.send(b'x' * n) for n in (1, 3, 2)]; r.close()`)
  await closed.promise
  assert.deepEqual(received, ['x', 'xxx', 'xx'])
})

test('an empty send on a stream is nothing, and an empty trySend too', async () => {
  const [one, other] = socketpair()
  const connection = opened(one.handleWith({ data() {} }))
  opened(other)
  assert.equal(connection.send(new Uint8Array(0)), 0)
  assert.equal(connection.trySend(new Uint8Array(0)), 0)
  assert.equal(other.tryRecv(new Uint8Array(1)), undefined)
})

test('a connection that is taken over in open never was in the handler form: nothing is lost, and close is not told', async () => {
  const { client, server } = await tcpPair()
  opened(client)
  client.trySend(bytes('early'))
  let taken: Socket | undefined
  server.handleWith({
    open: (self) => void (taken = opened(Socket.takeOver(self))),
    data: () => assert.fail('data'),
    close: () => assert.fail('close'),
  })
  assert.equal(text(await taken!.read()), 'early')
  client.close()
  assert.equal((await taken!.read()).length, 0)
})
