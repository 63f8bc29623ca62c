// B8: every waiting operation takes a timeout and a signal; signals of the system do not end it.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { AF_INET, AF_UNIX, abstract, inet, SOCK_DGRAM, SOCK_STREAM, Socket } from '../../src/index.ts'
import { boundDatagram, bytes, listening, pattern, tcpPair, text } from '../support/connections.ts'
import { moduleOf, startProgram } from '../support/child.ts'

type Operation = (socket: Socket, waiting: { timeout?: number; signal?: AbortSignal }) => Promise<unknown>

const RECEIVING: Readonly<Record<string, Operation>> = {
  recv: (socket, waiting) => socket.recv(new Uint8Array(8), waiting),
  read: (socket, waiting) => socket.read(8, waiting),
  recvExactly: (socket, waiting) => socket.recvExactly(new Uint8Array(8), waiting),
  recvFrom: (socket, waiting) => socket.recvFrom(new Uint8Array(8), waiting),
  readv: (socket, waiting) => socket.readv([new Uint8Array(8)], waiting),
}
const SENDING: Readonly<Record<string, Operation>> = {
  send: (socket, waiting) => socket.send(pattern(100_000), waiting),
  sendAll: (socket, waiting) => socket.sendAll(pattern(100_000), waiting),
  writev: (socket, waiting) => socket.writev([pattern(100_000)], waiting),
}

async function timesOutAndAborts(name: string, operation: Operation, socket: Socket): Promise<void> {
  await assert.rejects(operation(socket, { timeout: 5 }), { code: 'ERR_SOCKET_TIMEOUT', operation: name })
  const controller = new AbortController()
  const reason = new Error('enough')
  const waiting = operation(socket, { signal: controller.signal })
  controller.abort(reason)
  await assert.rejects(waiting, reason)
  await assert.rejects(operation(socket, { signal: AbortSignal.abort(reason) }), reason)
}

for (const [name, operation] of Object.entries(RECEIVING)) {
  test(`B8: ${name} ends by its timeout and its signal, and takes nothing later`, async () => {
    const { client, server } = await tcpPair()
    await timesOutAndAborts(name, operation, server)
    await client.sendAll(bytes('all of it'))
    const buffer = new Uint8Array(9)
    await server.recvExactly(buffer)
    assert.equal(text(buffer), 'all of it')
    client.close()
    server.close()
  })
}

/** Sends until the kernel has no room, and gets none (its buffers grow with what they move) while nobody reads. */
async function fill(socket: Socket): Promise<void> {
  for (let vain = 0; vain < 10; vain++) {
    while (socket.trySend(pattern(100_000)) !== undefined) vain = 0
    await new Promise(setImmediate)
  }
}

for (const [name, operation] of Object.entries(SENDING)) {
  test(`B8: ${name} ends by its timeout and its signal`, async () => {
    const { client, server } = await tcpPair()
    await fill(client)
    await timesOutAndAborts(name, operation, client)
    client.abort()
    server.close()
  })
}

test('B8: accept and connect end by their timeout and their signal', async () => {
  const listener = listening()
  await timesOutAndAborts('accept', (socket, waiting) => socket.accept(waiting), listener)
  listener.close()
  // A Unix listener whose backlog is full makes a connect wait.
  const full = new Socket(AF_UNIX, SOCK_STREAM).bind(abstract(`berkeley-b8-${process.pid}`)).listen(0)
  const first = new Socket(AF_UNIX, SOCK_STREAM)
  await first.connect(full.localAddress)
  const second = new Socket(AF_UNIX, SOCK_STREAM)
  await timesOutAndAborts('connect', (socket, waiting) => socket.connect(full.localAddress, waiting), second)
  for (const socket of [full, first, second]) socket.close()
})

test('B8: a timeout that is no number, or below 0, is an argument error', async () => {
  const socket = boundDatagram()
  await assert.rejects(socket.recv(new Uint8Array(1), { timeout: '5' as never }), { name: 'TypeError' })
  await assert.rejects(socket.recv(new Uint8Array(1), { timeout: -1 }), { name: 'RangeError' })
  await assert.rejects(socket.recv(new Uint8Array(1), { timeout: Number.NaN }), { name: 'RangeError' })
  socket.close()
})

test('B8: one deadline holds over all of recvExactly', async () => {
  const { client, server } = await tcpPair()
  const receiving = server.recvExactly(new Uint8Array(2), { timeout: 50 })
  await client.sendAll(Uint8Array.of(1))
  await assert.rejects(receiving, { code: 'ERR_SOCKET_TIMEOUT' })
  client.close()
  server.close()
})

test('B8: system signals do not end a receive', async () => {
  const program = `
    import { AF_INET, SOCK_DGRAM, Socket, inet } from ${moduleOf('index')}
    let signals = 0
    process.on('SIGUSR2', () => { if (++signals % 10 === 0) console.log(signals) })
    const socket = new Socket(AF_INET, SOCK_DGRAM).bind(inet('127.0.0.1', 0))
    console.log(socket.localAddress.port)
    const { length } = await socket.recvFrom(new Uint8Array(9))
    console.log('received ' + length)
    socket.close()`
  const child = startProgram(program)
  const lines: string[] = []
  let told = (): void => {}
  child.stdout.on('data', (chunk) => {
    lines.push(...String(chunk).trimEnd().split('\n'))
    told()
  })
  const until = async (isThere: () => boolean): Promise<void> => {
    while (!isThere()) {
      await new Promise<void>((resolve) => {
        told = resolve
      })
    }
  }
  await until(() => lines.length > 0)
  const port = Number(lines[0])
  // Signals that come while one is pending are one signal: so each ten are waited for.
  for (let sent = 0; !lines.includes('20'); sent++) {
    child.kill('SIGUSR2')
    await new Promise((resolve) => setImmediate(resolve))
    assert.ok(sent < 1_000_000)
  }
  const sender = new Socket(AF_INET, SOCK_DGRAM)
  await sender.sendTo(bytes('four'), inet('127.0.0.1', port))
  await until(() => lines.includes('received 4'))
  sender.close()
  if (child.exitCode === null) await once(child, 'close')
})
