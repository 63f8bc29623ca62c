// Connections, under every runtime.
import assert from 'node:assert/strict'
import {
  abstract,
  AF_INET,
  AF_UNIX,
  type Connection,
  inet,
  SO_RCVBUF,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  Socket,
  SocketError,
  socketpair,
  statistics,
  TCP_NODELAY,
  TimeoutError,
} from '../../src/index.ts'
import { bytes, type Check, connected, listening, receive } from './check.ts'

/** A server that answers what it receives, by promises; returns how to stop it. */
function serveEcho(listener: Socket): () => Promise<void> {
  const stop = new AbortController()
  const served = listener.serve(
    async (peer) => {
      const buffer = new Uint8Array(65_536)
      for (let n = await peer.recv(buffer); n > 0; n = await peer.recv(buffer))
        await peer.sendAll(buffer.subarray(0, n))
    },
    { signal: stop.signal },
  )
  return async () => {
    stop.abort()
    await served.catch(() => {})
    listener.close()
  }
}

export const streamChecks: readonly Check[] = [
  {
    name: 'TCP by promises: a megabyte there and back',
    async run() {
      const listener = listening()
      const stop = serveEcho(listener)
      const client = await connected(listener)
      const sent = new Uint8Array(1_000_000).map((_, i) => i * 7)
      const received = new Uint8Array(sent.length)
      await Promise.all([client.sendAll(sent), client.recvExactly(received)])
      assert.deepEqual(received, sent)
      client.close()
      await stop()
    },
  },
  {
    name: 'TCP by handlers: fifty connections, several messages under way on each',
    async run() {
      const listener = listening()
      listener.acceptWith({ data: (connection, lent) => void connection.send(lent) })
      const clients = await Promise.all(Array.from({ length: 50 }, () => connected(listener)))
      await Promise.all(
        clients.map(async (client, i) => {
          const expected = Array.from({ length: 20 }, (_, j) => `${i}:${j};`).join('')
          for (const part of expected.split(/(?<=;)/)) client.trySend(bytes(part))
          const buffer = new Uint8Array(expected.length)
          await client.recvExactly(buffer)
          assert.deepEqual(buffer, bytes(expected))
          client.close()
        }),
      )
      listener.close()
    },
  },
  {
    name: 'what code behind an await answers is in the flush of its turn',
    async run() {
      const pairs = Array.from({ length: 4 }, () => socketpair())
      const echoes = pairs.map(async ([server]) => {
        const buffer = new Uint8Array(16)
        for (let n = await server.recv(buffer); n > 0; n = await server.recv(buffer)) {
          await Promise.resolve()
          await server.sendAll(buffer.subarray(0, n))
        }
        server.close()
      })
      const ask = async (): Promise<void> => {
        for (const [, client] of pairs) client.trySend(bytes('x'))
        for (const [, client] of pairs) assert.equal(await receive(client, 16), 'x')
      }
      await ask()
      const { flushes, sends } = statistics()
      await ask()
      const after = statistics()
      assert.deepEqual([after.flushes - flushes, after.sends - sends], [1, 4])
      for (const [, client] of pairs) client.close()
      await Promise.all(echoes)
    },
  },
  {
    name: 'a slow reader: what is held back is bounded, and drain tells when there is room',
    async run() {
      const [one, reader] = socketpair()
      let drained = (): void => {}
      const drain = new Promise<void>((resolve) => (drained = resolve))
      const connection: Connection = one.handleWith({ data() {}, drain: () => drained() }, { whenQueueFull: 'wait' })
      const part = new Uint8Array(64 * 1024).fill(1)
      let sent = 0
      while (connection.send(part) !== -1) sent += part.length
      let received = 0
      const buffer = new Uint8Array(1 << 20)
      while (received < sent) received += await reader.recv(buffer)
      await drain
      connection.close()
      reader.close()
    },
  },
  {
    name: 'pause and resume',
    async run() {
      const [one, other] = socketpair()
      const seen: string[] = []
      let told = (): void => {}
      const connection = one.handleWith({
        data(_self, lent) {
          seen.push(String(lent.length))
          told()
        },
      })
      connection.pause()
      other.trySend(bytes('later'))
      await new Promise((resolve) => setTimeout(resolve, 20))
      assert.deepEqual(seen, [])
      await new Promise<void>((resolve) => {
        told = resolve
        connection.resume()
      })
      assert.deepEqual(seen, ['5'])
      connection.close()
      other.close()
    },
  },
  {
    name: 'each direction ends by itself, and finish loses nothing',
    async run() {
      const listener = listening()
      const client = await connected(listener)
      const { peer } = await listener.accept()
      await client.sendAll(new Uint8Array(300_000))
      const finished = client.finish()
      let total = 0
      const buffer = new Uint8Array(65_536)
      for (let n = await peer.recv(buffer); n > 0; n = await peer.recv(buffer)) total += n
      assert.equal(total, 300_000)
      peer.close()
      await finished
      listener.close()
    },
  },
  {
    name: 'Unix sockets: a stream by an abstract name, and records',
    async run() {
      const listener = new Socket(AF_UNIX, SOCK_STREAM).bind(abstract(`berkeley smoke ${process.pid}`)).listen()
      const client = new Socket(AF_UNIX, SOCK_STREAM)
      await client.connect(listener.localAddress)
      const { peer } = await listener.accept()
      await peer.sendAll(bytes('hello'))
      assert.equal(await receive(client), 'hello')
      for (const socket of [listener, client, peer]) socket.close()
      const [one, other] = socketpair(SOCK_SEQPACKET)
      await one.sendAll(bytes('first'))
      await one.sendAll(bytes('second'))
      assert.equal(await receive(other), 'first')
      assert.equal(await receive(other), 'second')
      one.close()
      other.close()
    },
  },
  {
    name: 'errors have their code, number, call and status; options are typed',
    async run() {
      const socket = new Socket(AF_INET, SOCK_STREAM)
      const taken = listening()
      const port = taken.localAddress
      taken.close()
      await assert.rejects(socket.connect(port), (error) => {
        assert.ok(error instanceof SocketError)
        assert.deepEqual([error.code, error.syscall, error.status], ['ECONNREFUSED', 'connect', 'connectionRefused'])
        return error.errno === -111
      })
      socket.close()
      const options = new Socket(AF_INET, SOCK_STREAM)
      options.set(TCP_NODELAY, true)
      options.set(SO_RCVBUF, 100_000)
      assert.deepEqual([options.get(TCP_NODELAY), options.get(SO_RCVBUF)], [true, 200_000])
      assert.throws(() => options.bind(inet('192.0.2.1', 1)), { code: 'EADDRNOTAVAIL' })
      options.close()
      assert.throws(() => options.get(TCP_NODELAY), { code: 'ERR_SOCKET_CLOSED' })
    },
  },
  {
    name: 'a timeout, a signal, and nothing that comes late',
    async run() {
      const [one, other] = socketpair()
      const buffer = new Uint8Array(16)
      await assert.rejects(one.recv(buffer, { timeout: 5 }), TimeoutError)
      const stop = new AbortController()
      const waiting = one.recv(buffer, { signal: stop.signal })
      stop.abort(new Error('enough'))
      await assert.rejects(waiting, /enough/)
      await other.sendAll(bytes('kept'))
      assert.equal(await receive(one), 'kept')
      one.close()
      other.close()
    },
  },
]
