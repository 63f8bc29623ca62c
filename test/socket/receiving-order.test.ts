// Whoever receives, in whichever way, and whatever ended a wait before: each byte comes once, and in order.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  BusyError,
  MSG_PEEK,
  SHUT_WR,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  Socket,
  socketpair,
  TimeoutError,
} from '../../src/index.ts'
import { boundDatagram, bytes, listening, pattern, portOf, tcpPair, text } from '../support/connections.ts'
import { closedAfterEach, condition } from '../support/opened.ts'
import { PythonPeer } from '../support/python-peer.ts'

const opened = closedAfterEach()
let python: PythonPeer
before(() => {
  python = new PythonPeer()
})
after(() => python.end())

function pair(type: number = SOCK_STREAM): [Socket, Socket] {
  const [one, other] = socketpair(type)
  return [opened(one), opened(other)]
}

type Waiting = { signal?: AbortSignal; timeout?: number }
const WAITS: Readonly<Record<string, (socket: Socket, waiting?: Waiting) => Promise<unknown>>> = {
  recv: (socket, waiting) => socket.recv(new Uint8Array(8), waiting),
  read: (socket, waiting) => socket.read(8, waiting),
  recvExactly: (socket, waiting) => socket.recvExactly(new Uint8Array(8), waiting),
  recvFrom: (socket, waiting) => socket.recvFrom(new Uint8Array(8), waiting),
  readv: (socket, waiting) => socket.readv([new Uint8Array(8)], waiting),
}

/** A stream whose last receive was short, so that the next one waits without having tried. */
async function drainedPair(): Promise<[Socket, Socket]> {
  const [writer, reader] = pair()
  writer.trySend(bytes('warm'))
  assert.equal((await reader.read()).length, 4)
  return [writer, reader]
}

test('while one receive waits any other is refused, whichever they are, and takes nothing from it', async () => {
  for (const isDrained of [false, true]) {
    for (const [name, wait] of Object.entries(WAITS)) {
      const [writer, reader] = isDrained ? await drainedPair() : pair()
      const waiting = wait(reader)
      for (const second of Object.values(WAITS)) await assert.rejects(second(reader), BusyError)
      await assert.rejects(reader.accept(), BusyError)
      await assert.rejects(reader.finish(), BusyError)
      assert.throws(() => reader.tryRecv(new Uint8Array(8)), BusyError)
      assert.throws(() => reader.tryRecvFrom(new Uint8Array(8)), BusyError)
      assert.throws(() => reader.handleWith({ data() {} }), BusyError)
      writer.trySend(bytes('12345678'))
      await waiting
      assert.equal(reader.tryRecv(new Uint8Array(8)), undefined, name)
    }
  }
})

test('a wait that its signal or its timeout has ended takes nothing: the bytes are the next one’s', async () => {
  for (const isDrained of [false, true]) {
    for (const wait of Object.values(WAITS)) {
      for (const next of Object.values(WAITS)) {
        const [writer, reader] = isDrained ? await drainedPair() : pair()
        await assert.rejects(wait(reader, { timeout: 0 }), TimeoutError)
        const stop = new AbortController()
        const stopped = assert.rejects(wait(reader, { signal: stop.signal }), { name: 'AbortError' })
        writer.trySend(bytes('12345678'))
        stop.abort()
        await stopped
        assert.equal(await reader.recv(new Uint8Array(8), { flags: MSG_PEEK }), 8)
        await next(reader)
        assert.equal(reader.tryRecv(new Uint8Array(8)), undefined)
      }
    }
  }
})

test('a recvExactly that was ended keeps what it has received in the buffer, and the rest is the next one’s', async () => {
  const [writer, reader] = pair()
  const buffer = new Uint8Array(6)
  const stop = new AbortController()
  const stopped = assert.rejects(reader.recvExactly(buffer, { signal: stop.signal }), { name: 'AbortError' })
  writer.trySend(bytes('abc'))
  while (buffer[2] === 0) await new Promise(setImmediate)
  stop.abort()
  await stopped
  assert.equal(text(buffer), 'abc\0\0\0')
  writer.trySend(bytes('def'))
  assert.equal(text(await reader.read()), 'def')
})

const IN_USE: Readonly<Record<string, (socket: Socket, buffer: Uint8Array) => Promise<unknown>>> = {
  recv: (socket, buffer) => socket.recv(buffer),
  'recv with a timeout': (socket, buffer) => socket.recv(buffer, { timeout: 60_000 }),
  recvExactly: (socket, buffer) => socket.recvExactly(buffer),
  recvFrom: (socket, buffer) => socket.recvFrom(buffer),
  readv: (socket, buffer) => socket.readv([new Uint8Array(2), buffer]),
}

for (const [name, wait] of Object.entries(IN_USE)) {
  test(`${name} whose buffer is detached while it waits is rejected, and no byte is lost`, async () => {
    for (const make of [pair, drainedPair, () => pair(SOCK_SEQPACKET)]) {
      const [writer, reader] = await make()
      const buffer = new Uint8Array(8)
      const failed = assert.rejects(wait(reader, buffer), { name: 'TypeError', message: /"buffer".*detached/ })
      structuredClone(buffer.buffer, { transfer: [buffer.buffer] })
      writer.trySend(bytes('not lost'))
      await failed
      assert.equal(text(await reader.read()), 'not lost')
      writer.trySend(bytes('more'))
      assert.equal(text(await reader.read()), 'more')
    }
  })
}

test('what is no buffer is refused at once on a socket that has nothing to receive', async () => {
  const [, reader] = await drainedPair()
  await assert.rejects(reader.recv('buffer' as never), { name: 'TypeError', message: /"buffer"/ })
  await assert.rejects(reader.recv(new ArrayBuffer(8) as never, { timeout: 60_000 }), { name: 'TypeError' })
  await assert.rejects(reader.read(0), { name: 'RangeError', message: /"maxBytes"/ })
  await assert.rejects(reader.read(1.5, { timeout: 60_000 }), { message: /"maxBytes"/ })
})

test('recv and tryRecv by turns, with data that comes at any moment, lose and repeat nothing', async () => {
  const { client, server } = await tcpPair()
  opened(client)
  opened(server)
  const content = pattern(400_000, 9)
  const writing = (async () => {
    for (let at = 0; at < content.length; at += 777) {
      await client.sendAll(content.subarray(at, at + 777))
      if (at % 3 === 0) await new Promise(setImmediate)
    }
    client.shutdown(SHUT_WR)
  })()
  const parts: Uint8Array[] = []
  const buffer = new Uint8Array(1000)
  for (;;) {
    const n = server.tryRecv(buffer) ?? (await server.recv(buffer))
    if (n === 0) break
    parts.push(buffer.slice(0, n))
  }
  await writing
  assert.deepEqual(new Uint8Array(Buffer.concat(parts)), content)
})

/** A socket that has `one`, `two` and `three` read ahead, which came in one turn, and `four` in the kernel. */
async function withReadAhead(): Promise<Socket> {
  const [writer, reader] = pair(SOCK_SEQPACKET)
  const taken = condition()
  let socket: Socket | undefined
  opened(
    reader.handleWith({
      data(connection, content) {
        if (text(content) !== 'zero') return
        socket = opened(Socket.takeOver(connection))
        taken.fulfil()
      },
    }),
  )
  for (const record of ['zero', 'one', 'two', 'three']) writer.trySend(bytes(record))
  await taken.promise
  await new Promise(setImmediate)
  writer.trySend(bytes('four'))
  return socket!
}

test('records that were read ahead come first, in order, whichever method asks', async () => {
  const methods: Readonly<Record<string, (socket: Socket) => Promise<string> | string>> = {
    recv: async (socket) => {
      const buffer = new Uint8Array(16)
      return text(buffer, await socket.recv(buffer))
    },
    read: async (socket) => text(await socket.read()),
    recvFrom: async (socket) => {
      const buffer = new Uint8Array(16)
      const { length, address, truncated } = await socket.recvFrom(buffer)
      assert.deepEqual([String(address), truncated], [String(socket.remoteAddress), false])
      return text(buffer, length)
    },
    readv: async (socket) => {
      const buffer = new Uint8Array(16)
      return text(buffer, await socket.readv([buffer.subarray(0, 2), buffer.subarray(2)]))
    },
    tryRecv: (socket) => {
      const buffer = new Uint8Array(16)
      return text(buffer, socket.tryRecv(buffer))
    },
    tryRecvFrom: (socket) => {
      const buffer = new Uint8Array(16)
      return text(buffer, socket.tryRecvFrom(buffer)?.length)
    },
  }
  for (const [name, receive] of Object.entries(methods)) {
    const socket = await withReadAhead()
    const received: string[] = []
    for (let i = 0; i < 4; i++) received.push(await receive(socket))
    assert.deepEqual(received, ['one', 'two', 'three', 'four'], name)
  }
})

test('of a record that was read ahead MSG_PEEK takes nothing, and a short buffer loses the rest', async () => {
  const socket = await withReadAhead()
  const buffer = new Uint8Array(8)
  const halves = [buffer.subarray(0, 2), buffer.subarray(2)]
  assert.equal(await socket.recv(buffer, { flags: MSG_PEEK }), 3)
  assert.equal((await socket.recvFrom(buffer, { flags: MSG_PEEK })).length, 3)
  assert.equal(await socket.readv(halves, { flags: MSG_PEEK }), 3)
  assert.equal(text(buffer, 3), 'one')
  const { length, truncated } = await socket.recvFrom(buffer.subarray(0, 2))
  assert.deepEqual([length, truncated], [2, true])
  assert.equal(await socket.readv([buffer.subarray(0, 1), buffer.subarray(1, 2)]), 2)
  assert.equal(text(buffer, 2), 'tw')
  assert.equal(text(await socket.read(4)), 'thre')
  assert.equal(text(await socket.read()), 'four')
})

/** Numbers that look random, and are the same for the same seed. */
function chance(seed: number): (below: number) => number {
  let state = seed | 1
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 8) % below
  }
}

const seed = Number(process.env['SEED'] ?? Date.now() % 0x7fff_ffff)

/** Receives once, by a method, a length and an ending that chance picks; undefined when nothing was received. */
async function receiveSomehow(socket: Socket, random: (below: number) => number): Promise<Uint8Array | undefined> {
  const length = [1, 7, 100, 5000, 16_384, 16_385, 70_000][random(7)]!
  const buffer = new Uint8Array(length)
  const waiting = [undefined, { timeout: 60_000 }, { timeout: 0 }][random(3)]
  try {
    switch (random(7)) {
      case 0:
        return buffer.subarray(0, await socket.recv(buffer, waiting))
      case 1:
        return await socket.read(length, waiting)
      case 2:
        return buffer.subarray(0, (await socket.recvFrom(buffer, waiting)).length)
      case 3: {
        const cut = random(length)
        return buffer.subarray(0, await socket.readv([buffer.subarray(0, cut), buffer.subarray(cut)], waiting))
      }
      case 4: {
        const n = socket.tryRecv(buffer)
        return n === undefined ? undefined : buffer.subarray(0, n)
      }
      case 5: {
        const stop = new AbortController()
        const receiving = socket.recv(buffer, { signal: stop.signal })
        if (random(2) === 0) await new Promise(setImmediate)
        stop.abort()
        return buffer.subarray(0, await receiving)
      }
      default: {
        await socket.recv(buffer, { flags: MSG_PEEK, timeout: 0 })
        return undefined
      }
    }
  } catch (error) {
    assert.match((error as Error).name, /^(?:TimeoutError|AbortError)$/)
    return undefined
  }
}

for (let round = 0; round < 8; round++) {
  test(`all bytes come once and in order through any mix of methods, SEED=${seed}, round ${round}`, async () => {
    const random = chance(seed + round)
    const listener = opened(listening())
    await python.ask(`peer = socket.create_connection(('127.0.0.1', ${portOf(listener)}))`)
    const socket = opened((await listener.accept()).peer)
    const content = pattern(500_000, seed + round)
    await python.ask(`data = base64.b64decode('${Buffer.from(content).toString('base64')}')`)
    const lengths = Array.from({ length: 50 }, () => 1 + random([10, 2000, 40_000][random(3)]!))
    const writing = python.ask(`at = 0
peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
while at < len(data):
    for n in ${JSON.stringify(lengths)}:
        peer.sendall(data[at:at + n])
        at += n
peer.close()`)
    const parts: Uint8Array[] = []
    for (let part = await receiveSomehow(socket, random); ; part = await receiveSomehow(socket, random)) {
      if (part === undefined) await new Promise(setImmediate)
      else if (part.length > 0) parts.push(part)
      else break
    }
    await writing
    assert.deepEqual(new Uint8Array(Buffer.concat(parts)), content)
  })
}

test('datagrams come once and in order, by methods in turn', async () => {
  const socket = opened(boundDatagram())
  await python.ask(`peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(60): peer.sendto(b'%d' % i, ('127.0.0.1', ${portOf(socket)}))`)
  const buffer = new Uint8Array(16)
  const received: string[] = []
  for (let i = 0; i < 60; i += 5) {
    received.push(text(buffer, await socket.recv(buffer)))
    received.push(text(await socket.read()))
    received.push(text(buffer, (await socket.recvFrom(buffer)).length))
    received.push(text(buffer, socket.tryRecv(buffer)))
    received.push(text(buffer, await socket.readv([buffer])))
  }
  assert.deepEqual(
    received,
    Array.from({ length: 60 }, (_, i) => `${i}`),
  )
})
