// select: what ends a wait, what its lists hold, and what it refuses.
import assert from 'node:assert/strict'
import { closeSync, writeSync } from 'node:fs'
import { test } from 'node:test'
import {
  AF_INET,
  EVENT_WRITE,
  inet,
  MSG_OOB,
  pollNow,
  POLLOUT,
  select,
  Selector,
  SOCK_STREAM,
  Socket,
  socketpair,
  statistics,
  type PollTarget,
} from '../../src/index.ts'
import { boundDatagram, bytes, closeAll, closedPort, listening, pattern, tcpPair } from '../support/connections.ts'
import { needs } from '../support/needs.ts'
import { pipe } from '../support/readiness-oracle.ts'

test('a waiting select is woken by what comes, and tells only what is ready', async () => {
  const [first, second] = [await tcpPair(), await tcpPair()]
  const waiting = select([first.server, second.server], [], [])
  await second.client.send(bytes('x'))
  assert.deepEqual(await waiting, [[second.server], [], []])
  // Unread, it is ready again.
  assert.deepEqual(await select([first.server, second.server]), [[second.server], [], []])
  await second.server.recv(new Uint8Array(1))
  assert.deepEqual(await select([first.server, second.server], [], [], { timeout: 0 }), [[], [], []])
  closeAll(first.client, first.server, second.client, second.server)
})

test('a descriptor in several lists, and twice in one, is in each as often', async () => {
  const { client, server } = await tcpPair()
  await client.send(bytes('x'))
  await server.whenReadable()
  assert.deepEqual(await select([server, server], [server], [server]), [[server, server], [server], []])
  const number = server.fd
  assert.deepEqual(await select<PollTarget, never, never>([number, server, { fd: number }]), [
    [number, server, { fd: number }],
    [],
    [],
  ])
  const copy = server.dup()
  assert.deepEqual(await select([server, copy]), [[server, copy], [], []])
  closeAll(client, server, copy)
})

test('empty lists wait for the time alone', async () => {
  assert.deepEqual(await select([], [], [], { timeout: 5 }), [[], [], []])
  assert.deepEqual(await select([], [], [], { timeout: 0 }), [[], [], []])
  const controller = new AbortController()
  const waiting = select([], [], [], { signal: controller.signal })
  controller.abort(new Error('enough'))
  await assert.rejects(waiting, { message: 'enough' })
  await assert.rejects(select([], [], [], { signal: controller.signal }), { message: 'enough' })
})

test('the end of the time gives empty lists, and takes nothing', async () => {
  const { client, server } = await tcpPair()
  assert.deepEqual(await select([server], [], [server], { timeout: 5 }), [[], [], []])
  await client.send(bytes('x'))
  assert.deepEqual(await select([server]), [[server], [], []])
  closeAll(client, server)
})

test('a listener can be read when a connection waits', async () => {
  const listener = listening()
  const waiting = select([listener])
  const client = new Socket(AF_INET, SOCK_STREAM)
  await client.connect(listener.localAddress)
  assert.deepEqual(await waiting, [[listener], [], []])
  const accepted = listener.tryAccept()
  assert.ok(accepted)
  closeAll(listener, client, accepted.peer)
})

test('a connect under way can be written when it is done, and read and written when it has failed', async () => {
  const listener = listening()
  const client = new Socket(AF_INET, SOCK_STREAM)
  const [done, ready] = await Promise.all([client.connect(listener.localAddress), select([], [client])])
  assert.deepEqual([done, ready], [undefined, [[], [client], []]])
  const refused = new Socket(AF_INET, SOCK_STREAM)
  const connecting = assert.rejects(refused.connect(inet('127.0.0.1', closedPort())), { code: 'ECONNREFUSED' })
  const [readable, writable] = await select([refused], [refused])
  assert.deepEqual([readable, writable], [[refused], [refused]])
  await connecting
  closeAll(listener, client, refused)
})

test('urgent data makes a waiting socket exceptional', async () => {
  const { client, server } = await tcpPair()
  const waiting = select([], [], [server])
  await client.send(bytes('!'), { flags: MSG_OOB })
  assert.deepEqual(await waiting, [[], [], [server]])
  closeAll(client, server)
})

test('a hang-up wakes who waits to read, and not who waits for urgent data alone', async () => {
  const [one, other] = socketpair()
  const exceptional = select([], [], [one], { timeout: 20 })
  const reading = select([one])
  other.close()
  assert.deepEqual(await reading, [[one], [], []])
  assert.deepEqual(await exceptional, [[], [], []])
  one.close()
})

test('a full connection can be written again when its peer has read', async () => {
  const { client, server } = await tcpPair()
  await fill(client)
  assert.deepEqual(await select([], [client], [], { timeout: 0 }), [[], [], []])
  const waiting = select([], [client])
  const reading = (async () => {
    for (;;) if ((await server.read()).length === 0) return
  })()
  assert.deepEqual(await waiting, [[], [client], []])
  client.close()
  await reading
  server.close()
})

test('what sendAll has taken and the kernel has not counts: a socket behind it cannot be written', async () => {
  const { client, server } = await tcpPair()
  let sent = await fill(client)
  await client.sendAll(pattern(10_000))
  sent += 10_000
  assert.deepEqual(await select([], [client], [], { timeout: 0 }), [[], [], []])
  assert.equal(client.queuedBytes, 10_000)
  const waiting = select([], [client])
  for (let received = 0; received < sent;) received += (await server.read()).length
  assert.deepEqual(await waiting, [[], [client], []])
  assert.equal(client.queuedBytes, 0)
  closeAll(client, server)
})

test('room in the kernel is not the socket’s while something is before: bytes held back', async () => {
  const [one, other] = socketpair()
  while (one.trySend(pattern(50_000)) !== undefined);
  await one.sendAll(bytes('held back'))
  assert.deepEqual(await select([], [one], [], { timeout: 0 }), [[], [], []])
  while (other.tryRecv(new Uint8Array(100_000)) !== undefined);
  // The kernel has room, and the turn in which the socket hears of it is still to come.
  assert.equal(one.queuedBytes, 9)
  assert.deepEqual(pollNow([{ target: one.fd, events: POLLOUT }]).length, 1)
  assert.deepEqual(pollNow([{ target: one, events: POLLOUT }]), [])
  const selector = new Selector()
  const key = selector.register(one, EVENT_WRITE)
  const waiting = [selector.select(), select([], [one])]
  assert.equal(one.queuedBytes, 9)
  assert.deepEqual(await Promise.all(waiting), [[[key, EVENT_WRITE]], [[], [one], []]])
  assert.equal(one.queuedBytes, 0)
  selector.close()
  closeAll(one, other)
})

/** Sends until the kernel has no room, and gets none while nobody reads; returns how many bytes went. */
async function fill(socket: Socket): Promise<number> {
  let sent = 0
  for (let vain = 0; vain < 10; vain++) {
    for (let n = socket.trySend(pattern(100_000)); n !== undefined; n = socket.trySend(pattern(100_000))) {
      sent += n
      vain = 0
    }
    await new Promise(setImmediate)
  }
  return sent
}

test('a socket that is closed meanwhile, or before, is a ClosedError; one that is handed on too', async () => {
  const { client, server } = await tcpPair()
  const closed = assert.rejects(select([client, server]), { code: 'ERR_SOCKET_CLOSED' })
  server.close()
  await closed
  await assert.rejects(select([client, server]), { code: 'ERR_SOCKET_CLOSED', message: /^select: / })
  const [one, other] = socketpair()
  const spent = assert.rejects(select([one]), { code: 'ERR_SOCKET_CLOSED' })
  const connection = one.handleWith({ data() {} })
  await spent
  connection.abort()
  closeAll(client, other)
})

test('pipes and files', { skip: needs({ program: 'mkfifo' }) }, async () => {
  const { reader, writer } = pipe()
  assert.deepEqual(await select([reader], [writer]), [[], [writer], []])
  const waiting = select([reader])
  writeSync(writer, 'x')
  assert.deepEqual(await waiting, [[reader], [], []])
  closeSync(writer)
  closeSync(reader)
  await assert.rejects(select([reader]), { code: 'EBADF', syscall: 'select' })
})

test('wrong arguments are told before anything is asked', async () => {
  const type = { code: 'ERR_INVALID_ARG_TYPE' }
  const range = { code: 'ERR_OUT_OF_RANGE' }
  const loose = select as (...values: unknown[]) => Promise<unknown>
  await assert.rejects(loose(undefined), { ...type, message: /"readers" must be an array/ })
  await assert.rejects(loose([], [], new Set()), { ...type, message: /"exceptional"/ })
  await assert.rejects(loose([], ['x']), { ...type, message: /"writers\[0\]" must be a socket/ })
  for (const wrong of [null, {}, { fd: 'x' }, true, () => 1]) await assert.rejects(loose([wrong]), type)
  for (const wrong of [-1, 0.5, Number.NaN, 2 ** 31, { fd: -1 }]) await assert.rejects(loose([wrong]), range)
  await assert.rejects(loose([], [], [], { timeout: -1 }), range)
  await assert.rejects(loose([], [], [], { signal: 5 }), type)
  await assert.rejects(loose({ length: 1 }), type)
})

test('a wait leaves nothing behind', async () => {
  const socket = boundDatagram()
  const before = statistics().descriptors
  for (let i = 0; i < 20; i++) await select([socket], [], [], { timeout: i % 2 })
  const controller = new AbortController()
  const waiting = assert.rejects(select([socket], [], [], { signal: controller.signal }))
  controller.abort()
  await waiting
  assert.equal(statistics().descriptors, before)
  socket.close()
})
