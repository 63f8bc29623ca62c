// Workers: each has a reactor of its own, and whatever it held is closed when it ends, however it ends.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { AF_INET, inet, SOCK_STREAM, Socket, statistics } from '../../src/index.ts'
import { bytes } from '../support/connections.ts'
import { moduleOf, startWorker } from '../support/child.ts'
import { openDescriptors, openSockets } from '../support/open-descriptors.ts'
import { closedAfterEach } from '../support/opened.ts'

const opened = closedAfterEach()

/** A worker with listeners, connections, channels, pairs and waits; it tells its port. */
const BUSY = `
  import { parentPort } from 'node:worker_threads'
  import { AF_INET, inet, SOCK_DGRAM, SOCK_STREAM, Socket, socketpair } from ${moduleOf('index')}
  const listener = new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen()
  const echo = { data: (connection, bytes) => { connection.send(bytes); if (bytes.includes(33)) process.exit() } }
  listener.acceptWith(echo)
  const channel = new Socket(AF_INET, SOCK_DGRAM).bind(inet('127.0.0.1', 0)).receiveWith({ datagram() {} })
  for (let i = 0; i < 5; i++) {
    const [one, other] = socketpair()
    one.recv(new Uint8Array(8), { timeout: 60000 }).catch(() => {})
    other.handleWith(echo).send(new Uint8Array(1 << 20))
  }
  const second = new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen()
  second.serve(async (peer) => { while (true) await peer.sendAll(await peer.read()) })
  parentPort.postMessage([listener.localAddress.port, second.localAddress.port])
`

async function connect(port: number): Promise<Socket> {
  const socket = opened(new Socket(AF_INET, SOCK_STREAM))
  await socket.connect(inet('127.0.0.1', port))
  return socket
}

test('workers: one that is ended at any moment leaves no descriptor behind, delivered or not', async () => {
  statistics() // the main thread's engine is there from the beginning
  const before = [...openSockets().values()].sort()
  const all = openDescriptors().size
  for (let round = 0; round < 12; round++) {
    const worker = startWorker(BUSY)
    const exited = once(worker, 'exit')
    const [[handled, served]] = (await once(worker, 'message')) as [[number, number]]
    const clients: Socket[] = []
    try {
      for (let i = 0; i < 40; i++) {
        clients.push(opened(new Socket(AF_INET, SOCK_STREAM)))
        await clients.at(-1)!.connect(inet('127.0.0.1', i % 2 === 0 ? handled : served))
        clients.at(-1)!.trySend(bytes('hello'))
        if (i === round * 3) void worker.terminate()
      }
    } catch (error) {
      // It ends while connections come: those are refused or reset.
      assert.match((error as { code: string }).code, /^(ECONN(REFUSED|RESET)|EPIPE)$/)
    }
    await exited
    for (const client of clients) client.abort()
    assert.deepEqual([...openSockets().values()].sort(), before, `round ${round}`)
  }
  assert.equal(openDescriptors().size, all)
})

test('workers: one that calls process.exit in a handler, with completions behind it, leaves nothing', async () => {
  const before = openSockets().size
  for (let round = 0; round < 5; round++) {
    const worker = startWorker(BUSY)
    const exited = once(worker, 'exit')
    const [[handled]] = (await once(worker, 'message')) as [[number]]
    const clients = await Promise.all(Array.from({ length: 10 }, () => connect(handled)))
    try {
      for (const client of clients) client.trySend(bytes('!'))
    } catch (error) {
      // The first of them may have ended the worker already.
      assert.match((error as { code: string }).code, /^(ECONNRESET|EPIPE)$/)
    }
    await exited
    for (const client of clients) client.abort()
    assert.equal(openSockets().size, before)
  }
})

test('workers: many at once, each with a reactor, statistics and an end of its own', async () => {
  const program = `
    import { parentPort } from 'node:worker_threads'
    import { socketpair, statistics } from ${moduleOf('index')}
    const [one, other] = socketpair()
    const buffer = new Uint8Array(8)
    for (let i = 0; i < 100; i++) {
      const waiting = one.recv(buffer)
      await other.sendAll(Uint8Array.of(i))
      if (await waiting !== 1 || buffer[0] !== i) throw new Error('another byte')
    }
    const { descriptors, sends } = statistics()
    parentPort.postMessage([descriptors, sends])
    one.close()
    other.close()`
  const { sends } = statistics()
  const workers = Array.from({ length: 8 }, () => startWorker(program))
  const answers = await Promise.all(
    workers.map(async (worker) => {
      const exited = once(worker, 'exit')
      const [message] = (await once(worker, 'message')) as [unknown]
      const [code] = (await exited) as [number]
      return [message, code]
    }),
  )
  for (const answer of answers) assert.deepEqual(answer, [[2, 100], 0])
  assert.equal(statistics().sends, sends)
})
