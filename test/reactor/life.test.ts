// Life: what keeps a process alive, what is closed though nobody closed it, and in which context handlers run.
import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { test } from 'node:test'
import { AF_INET, SOCK_STREAM, Socket, socketpair, statistics } from '../../src/index.ts'
import { boundDatagram, bytes, listening, tcpPair } from '../support/connections.ts'
import { moduleOf, runProgram } from '../support/child.ts'
import { closedAfterEach, condition } from '../support/opened.ts'

const opened = closedAfterEach()

const PRELUDE = `
  import { AF_INET, inet, SOCK_DGRAM, SOCK_STREAM, Socket, socketpair, statistics } from ${moduleOf('index')}
  const bound = (type) => new Socket(AF_INET, type).bind(inet('127.0.0.1', 0))
  const listening = () => bound(SOCK_STREAM).listen()
  const handler = { data() {}, datagram() {} }
  const say = (text) => process.stdout.write(text)
  // A socket of which nobody speaks any more once it has a way to be ended from outside.
  const later = (call) => setTimeout(call, 20)
`

/** Programs that end by themselves though a socket is open: nothing that keeps a process alive waits. */
const ENDS: Record<string, string> = {
  'a listener that nobody accepts on': `globalThis.kept = listening()`,
  'a connected pair that nobody reads from': `globalThis.kept = socketpair()`,
  'an unrefed listener': `listening().unref().acceptWith(handler)`,
  'an unrefed server': `listening().unref().serve(() => {})`,
  'a listener that is unrefed after it was armed': `const l = listening(); l.acceptWith(handler); l.unref()`,
  'a recv on an unrefed socket': `const [a] = globalThis.kept = socketpair(); a.unref().recv(new Uint8Array(1))`,
  'a recv with a timeout on an unrefed socket': `
     const [a] = globalThis.kept = socketpair(); a.unref().recv(new Uint8Array(1), { timeout: 60000 })`,
  'an unrefed connection': `const [a, b] = socketpair(); globalThis.kept = b; a.handleWith(handler).unref()`,
  'a connection of an unrefed socket': `const [a, b] = socketpair(); globalThis.kept = b; a.unref().handleWith(handler)`,
  'an unrefed channel': `bound(SOCK_DGRAM).unref().receiveWith(handler)`,
  'a paused connection': `const [a, b] = socketpair(); globalThis.kept = b; a.handleWith(handler).pause()`,
  'a recv that was aborted': `
    const [a] = globalThis.kept = socketpair()
    const stop = new AbortController()
    a.recv(new Uint8Array(1), { signal: stop.signal }).catch(() => say('aborted'))
    later(() => stop.abort())`,
  'a server whose signal was given': `
    const stop = new AbortController()
    globalThis.kept = listening()
    kept.serve(() => {}, { signal: stop.signal }).then(() => say('served'))
    later(() => stop.abort())`,
  'a socket that was closed while it waited': `
    const [a] = globalThis.kept = socketpair()
    a.recv(new Uint8Array(1)).catch((error) => say(error.name))
    later(() => a.close())`,
  'one that was refed and unrefed many times': `
    const l = listening()
    l.acceptWith(handler)
    for (let i = 0; i < 5; i++) l.ref().unref().unref().ref().ref()
    l.unref()`,
}

for (const [what, program] of Object.entries(ENDS)) {
  test(`life: ${what} does not keep the process alive`, () => {
    const { status, signal, stderr } = runProgram(`${PRELUDE}${program}\nprocess.on('exit', () => say('end'))`)
    assert.equal(`${status} ${signal}`, '0 null', stderr)
  })
}

/** Programs that live until what waits is over, and say so. */
const LIVES: Record<string, string> = {
  'a recv that waits': `
    const [a, b] = socketpair()
    later(() => b.trySend(Uint8Array.of(1))).unref()
    setImmediate(() => {})
    a.recv(new Uint8Array(1)).then(() => say('done'))`,
  'a recv that waits with a timeout': `
    const [a] = globalThis.kept = socketpair()
    a.recv(new Uint8Array(1), { timeout: 20 }).catch((error) => say(error.name === 'TimeoutError' ? 'done' : error.name))`,
  'a connection in the handler form': `
    const [a, b] = socketpair()
    a.handleWith({ data(connection) { say('done'); connection.close() } })
    later(() => b.trySend(Uint8Array.of(1))).unref()`,
  'a listener in the handler form': `
    const l = listening()
    l.acceptWith({ open(c) { say('done'); c.close(); l.close() }, data() {} })
    const client = new Socket(AF_INET, SOCK_STREAM)
    later(() => client.connect(l.localAddress)).unref()`,
  'a listener that is unrefed and refed': `
    const l = listening().unref()
    l.acceptWith({ open(c) { say('done'); c.close(); l.close() }, data() {} })
    l.ref()
    const client = new Socket(AF_INET, SOCK_STREAM)
    later(() => client.connect(l.localAddress)).unref()`,
  'a channel': `
    const s = bound(SOCK_DGRAM)
    const to = s.localAddress
    s.receiveWith({ datagram(channel) { say('done'); channel.close() } })
    later(() => { const c = new Socket(AF_INET, SOCK_DGRAM); c.trySendTo(Uint8Array.of(1), to); c.close() }).unref()`,
  'what was sent, until a slow reader has it': `
    const [a, b] = socketpair()
    b.unref()
    const connection = a.handleWith({ data() {}, drain() { say('done'); connection.abort() } })
    connection.send(new Uint8Array(1 << 20))
    const buffer = new Uint8Array(1 << 18)
    later(function read() { b.tryRecv(buffer); if (!connection.isClosed) later(read).unref() }).unref()`,
}

for (const [what, program] of Object.entries(LIVES)) {
  test(`life: ${what} keeps the process alive until it is over`, () => {
    const { status, signal, stdout, stderr } = runProgram(PRELUDE + program)
    assert.equal(`${status} ${signal} ${stdout}`, '0 null done', stderr)
  })
}

test('life: a socket that is dropped unclosed is closed, with a warning that names its descriptor', () => {
  const program = `${PRELUDE}
    import { readdirSync } from 'node:fs'
    let warnings = 0
    let fds = []
    process.on('warning', (warning) => {
      const fd = Number(/descriptor (\\d+)/.exec(warning.message)?.[1])
      if (warning.name === 'SocketLostWarning' && fds.includes(fd)) warnings++
    })
    statistics()
    const before = readdirSync('/proc/self/fd').length
    ;(() => {
      for (let i = 0; i < 10; i++) fds.push(...socketpair().map((socket) => socket.fd))
      const used = socketpair()
      used[0].recv(new Uint8Array(4)).then(() => {})
      used[1].trySend(Uint8Array.of(1))
      fds.push(...used.map((socket) => socket.fd))
      fds.push(...socketpair().map((socket) => Socket.takeOver(socket.handleWith(handler)).fd))
      // Closed and taken over ones are not lost.
      socketpair().forEach((socket) => socket.close())
      socketpair().forEach((socket) => Socket.takeOver(socket.handleWith(handler)).close())
    })()
    for (let i = 0; i < 1000 && warnings < fds.length; i++) {
      await new Promise(setImmediate)
      gc()
    }
    say([warnings, readdirSync('/proc/self/fd').length - before, statistics().descriptors].join())`
  const { stdout, stderr } = runProgram(program, [], ['--expose-gc', '--no-warnings'])
  assert.equal(stdout, '24,0,0', stderr)
})

test('life: a socket that waits is not dropped, though nobody holds it', () => {
  const program = `${PRELUDE}
    process.on('warning', (warning) => say(warning.name))
    let peers = []
    const waiting = (() => {
      const [a, b] = socketpair()
      const [c, d] = socketpair()
      const l = listening()
      const address = l.localAddress
      c.handleWith({ data(connection) { say('data '); connection.close() } })
      l.acceptWith({ open(connection) { say('open '); connection.close(); l.close() }, data() {} })
      peers = [b, d]
      return [address, a.recv(new Uint8Array(1))]
    })()
    for (let i = 0; i < 50; i++) { gc(); await new Promise(setImmediate) }
    for (const peer of peers) peer.trySend(Uint8Array.of(1))
    const client = new Socket(AF_INET, SOCK_STREAM)
    await client.connect(waiting[0])
    say(String(await waiting[1]))
    client.close()
    for (const peer of peers) peer.close()
    for (let i = 0; i < 5; i++) await new Promise(setImmediate)
    process.exit()`
  const { stdout, stderr } = runProgram(program, [], ['--expose-gc'])
  assert.deepEqual(stdout.split(' ').sort(), ['1', 'data', 'open'], stderr)
})

const storage = new AsyncLocalStorage<string>()

test('life: promises keep the asynchronous context of whoever awaits', async () => {
  const pairs = Array.from({ length: 3 }, () => socketpair().map((socket) => opened(socket)))
  const seen: string[] = []
  const readers = pairs.map(([, reader], i) =>
    storage.run(`context ${i}`, async () => {
      const buffer = new Uint8Array(4)
      for (let round = 0; round < 3; round++) {
        await reader!.recv(buffer, round === 1 ? { timeout: 60_000 } : undefined)
        seen.push(`${storage.getStore()} ${round}`)
      }
    }),
  )
  for (let round = 0; round < 3; round++) {
    for (const [writer] of pairs) storage.run('of the writer', () => writer!.trySend(bytes('x')))
    while (seen.length < pairs.length * (round + 1)) await new Promise(setImmediate)
  }
  await Promise.all(readers)
  assert.deepEqual(seen.sort(), [0, 1, 2].flatMap((i) => [0, 1, 2].map((round) => `context ${i} ${round}`)).sort())
})

test('life: handlers run in the context of the call that attached them, whoever causes them', async () => {
  const seen = new Set<string>()
  const note = (name: string): void => void seen.add(`${name}: ${storage.getStore()}`)
  const done = condition()
  const { client, server } = await tcpPair()
  opened(client)
  const listener = opened(listening())
  const socket = opened(boundDatagram())
  const to = socket.localAddress
  storage.run('server', () =>
    listener.acceptWith({
      open: (connection) => {
        note('open')
        opened(connection)
      },
      data: (connection) => {
        note('accepted data')
        connection.close()
      },
      close: () => note('accepted close'),
    }),
  )
  const connection = storage.run('connection', () =>
    opened(
      server.handleWith({
        data(self, content) {
          note('data')
          self.send(content)
          if (content.length > 1000) self.pause()
        },
        drain: () => note('drain'),
        end: (self) => {
          note('end')
          self.abort(new Error('of the test'))
        },
        close: () => {
          note('close')
          done.fulfil()
        },
      }),
    ),
  )
  storage.run('channel', () => opened(socket.receiveWith({ datagram: () => note('datagram') })))
  await storage.run('caller', async () => {
    const other = opened(listening()) // something between
    other.close()
    const guest = opened(boundDatagram())
    guest.trySendTo(bytes('x'), to)
    await client.sendAll(bytes('x'))
    await client.recv(new Uint8Array(4))
    connection.send(new Uint8Array(8 << 20))
    const buffer = new Uint8Array(8 << 20)
    await client.recvExactly(buffer)
    connection.pause()
    await client.sendAll(bytes('y'))
    await new Promise(setImmediate)
    connection.resume()
    await client.recv(new Uint8Array(4))
    const { client: second, server: unused } = await tcpPair()
    unused.close()
    opened(second).close()
    const third = opened(await connect(listener))
    await third.sendAll(bytes('x'))
    assert.equal(await third.recv(new Uint8Array(4)), 0)
    client.close()
    await done.promise
  })
  const expected = ['open: server', 'accepted data: server', 'accepted close: server', 'datagram: channel']
  for (const name of ['data', 'drain', 'end', 'close']) expected.push(`${name}: connection`)
  assert.deepEqual([...seen].sort(), expected.sort())
})

async function connect(listener: Socket): Promise<Socket> {
  const client = new Socket(AF_INET, SOCK_STREAM)
  await client.connect(listener.localAddress)
  return client
}

test('life: statistics count what the reactor did', async () => {
  const [writer, reader] = socketpair().map((socket) => opened(socket))
  const before = statistics()
  const waiting = reader!.recv(new Uint8Array(4), { timeout: 60_000 })
  const during = statistics()
  assert.deepEqual(
    [during.waiting - before.waiting, during.deadlines - before.deadlines, during.descriptors, during.waker],
    [1, 1, 2, process.env['BERKELEY_WAKER'] ?? 'libuv'],
  )
  await writer!.sendAll(bytes('abc'))
  await waiting
  const read = reader!.recv(new Uint8Array(4))
  await writer!.sendAll(bytes('de'))
  await read
  const after = statistics()
  assert.deepEqual([after.waiting, after.deadlines], [before.waiting, before.deadlines])
  assert.deepEqual(
    [after.sends - before.sends, after.sentBytes - before.sentBytes, after.flushes - before.flushes],
    [2, 5, 2],
  )
  assert.deepEqual([after.receives - before.receives, after.receivedBytes - before.receivedBytes], [1, 2])
  const [first, second] = socketpair()
  const done = condition()
  first.handleWith(
    {
      data() {
        throw new Error('of the handler')
      },
      close: done.fulfil,
    },
    { onError() {} },
  )
  second.trySend(bytes('x'))
  await done.promise
  second.close()
  assert.equal(statistics().handlerErrors - before.handlerErrors, 1)
  assert.equal(statistics().descriptors, 2)
})
