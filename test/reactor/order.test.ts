// Order: completions, handlers, ticks and microtasks, then one flush.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { SOCK_STREAM, type Socket, socketpair, statistics } from '../../src/index.ts'
import { boundDatagram, bytes, closeAll, listening, portOf, receiveAll, tcpPair, text } from '../support/connections.ts'
import { countCalls, moduleOf, runProgram, startWorker } from '../support/child.ts'
import { needs } from '../support/needs.ts'
import { closedAfterEach, condition } from '../support/opened.ts'

const opened = closedAfterEach()

function pair(type: number = SOCK_STREAM): [Socket, Socket] {
  const [one, other] = socketpair(type)
  return [opened(one), opened(other)]
}

test('order: all handlers of a turn, then ticks and microtasks, then one flush with one call for each socket', async () => {
  const pairs = Array.from({ length: 5 }, () => pair())
  const events: string[] = []
  const done = condition()
  const { flushes, sends, collects } = statistics()
  const note = (what: string): void => void events.push(`${what} ${statistics().flushes - flushes}`)
  for (const [i, [, reader]] of pairs.entries()) {
    opened(
      reader.handleWith({
        data(connection) {
          note('handler')
          connection.send(bytes('a'))
          void Promise.resolve()
            .then(() => note('microtask'))
            .then(() => connection.send(bytes('b')))
            .then(() => {
              process.nextTick(() => {
                note('tick')
                connection.send(bytes('c'))
                queueMicrotask(() => {
                  connection.send(bytes('d'))
                  if (i === pairs.length - 1) setImmediate(done.fulfil)
                })
              })
              return undefined
            })
        },
      }),
    )
  }
  for (const [writer] of pairs) writer.trySend(bytes('x'))
  await done.promise
  const expected = ['handler 0', 'microtask 0', 'tick 0'].flatMap((what) => Array<string>(pairs.length).fill(what))
  assert.deepEqual(events, expected)
  const after = statistics()
  assert.deepEqual(
    [after.collects - collects, after.flushes - flushes, after.sends - sends],
    [1, 1, pairs.length],
    'one collect, one flush, one send for each',
  )
  for (const [writer] of pairs) {
    const buffer = new Uint8Array(8)
    assert.equal(text(buffer, writer.tryRecv(buffer)), 'abcd')
  }
})

test('order: what code behind an await answers is in the flush of its turn', async () => {
  const pairs = Array.from({ length: 4 }, () => pair())
  const echo = async (socket: Socket): Promise<void> => {
    const buffer = new Uint8Array(16)
    for (let n = await socket.recv(buffer); n > 0; n = await socket.recv(buffer)) {
      await Promise.resolve()
      await socket.sendAll(buffer.subarray(0, n))
    }
  }
  const echoes = pairs.map(([, server]) => echo(server))
  const ask = async (what: string): Promise<void> => {
    for (const [client] of pairs) client.trySend(bytes(what))
    for (const [client] of pairs) {
      const buffer = new Uint8Array(16)
      assert.equal(text(buffer, await client.recv(buffer)), what)
    }
  }
  await ask('warm')
  const { flushes, sends } = statistics()
  await ask('again')
  const after = statistics()
  assert.deepEqual([after.flushes - flushes, after.sends - sends], [1, pairs.length])
  for (const [client] of pairs) client.close()
  await Promise.all(echoes)
})

test('order: sends outside of a turn leave in one flush, behind the microtasks and ticks that are due', async () => {
  const [writer, reader] = pair()
  const connection = opened(writer.handleWith({ data() {} }))
  await new Promise(setImmediate)
  const { flushes, sends } = statistics()
  process.nextTick(() => connection.send(bytes('3')))
  connection.send(bytes('1'))
  await Promise.resolve()
  connection.send(bytes('2'))
  const during = statistics().flushes - flushes
  await new Promise(setImmediate)
  const after = statistics()
  assert.equal(during, 0)
  assert.deepEqual([after.flushes - flushes, after.sends - sends], [1, 1])
  const buffer = new Uint8Array(8)
  assert.equal(text(buffer, reader.tryRecv(buffer)), '123')
})

test('order: datagrams of one socket leave many in a call', async () => {
  const receiver = opened(boundDatagram())
  const channel = opened(opened(boundDatagram()).receiveWith({ datagram() {} }))
  const { sends } = statistics()
  for (let i = 0; i < 32; i++) channel.send(Uint8Array.of(i), receiver.localAddress)
  await new Promise(setImmediate)
  assert.equal(statistics().sends - sends, 1)
  const buffer = new Uint8Array(2)
  for (let i = 0; i < 32; i++) {
    assert.equal(receiver.tryRecvFrom(buffer)?.length, 1)
    assert.equal(buffer[0], i)
  }
})

test('order: send, end and close of several sockets are performed in the order of the calls', async () => {
  const closed: string[] = []
  const both = condition()
  const connect = async (name: string): Promise<{ peer: Socket; connection: ReturnType<Socket['handleWith']> }> => {
    const { client, server } = await tcpPair()
    const connection = server.handleWith({
      data() {},
      close: (_self, reason) => {
        closed.push(`${name} ${reason?.message ?? 'in order'}`)
        if (closed.length === 2) both.fulfil()
      },
    })
    return { peer: opened(client), connection: opened(connection) }
  }
  const a = await connect('a')
  const b = await connect('b')
  b.connection.send(bytes('b1'))
  a.connection.send(bytes('a1'))
  b.connection.send(bytes('b2'))
  b.connection.close()
  a.connection.send(bytes('a2'))
  a.connection.end()
  a.connection.close()
  await both.promise
  assert.deepEqual(closed, ['b in order', 'a in order'])
  assert.equal(text(await receiveAll(a.peer)), 'a1a2')
  assert.equal(text(await receiveAll(b.peer)), 'b1b2')
})

test('order: trySend never overtakes what is queued, in the kernel or before it', async () => {
  const [writer, reader] = pair()
  const connection = opened(writer.handleWith({ data() {} }))
  connection.send(bytes('a'))
  assert.equal(connection.trySend(bytes('b')), 1)
  connection.send(bytes('c'))
  const content = new Uint8Array(1 << 20).fill(0x64)
  connection.send(content)
  connection.send(bytes('e'))
  assert.ok(connection.queuedBytes > 0, 'the kernel took all of it')
  assert.equal(connection.trySend(bytes('!')), 0)
  const buffer = new Uint8Array(3 + content.length + 1)
  await reader.recvExactly(buffer)
  assert.equal(text(buffer.subarray(0, 3)), 'abc')
  assert.equal(
    buffer.subarray(3, -1).findIndex((byte) => byte !== 0x64),
    -1,
  )
  assert.equal(text(buffer.subarray(-1)), 'e')
})

const LAST_WORDS: Record<string, string> = {
  'a connection that sends and exits': `
    socket.handleWith({ data() {} }).send(content)
    process.exit()`,
  'a socket that sends and exits': `
    socket.sendAll(content)
    process.exit()`,
  'a handler that sends and exits': `
    socket.handleWith({ data(connection) { connection.send(content); process.exit() } })
    socket = undefined`,
  'a handler that sends and throws past its guards': `
    socket.handleWith({ data(connection) { connection.send(content); process.nextTick(() => { throw new Error('last') }) } })`,
  'a reader that sends and exits': `
    await socket.recv(new Uint8Array(8))
    socket.sendAll(content)
    process.exit()`,
  'one that closes and exits': `
    const connection = socket.handleWith({ data() {} })
    connection.send(content)
    connection.end()
    process.exit()`,
  'one that sends in its exit handler': `
    const connection = socket.handleWith({ data() {} })
    process.prependListener('exit', () => connection.send(content))
    process.exit()`,
  'one that ends by itself': `
    socket.unref()
    socket.handleWith({ data() {} }).send(content)`,
}

for (const [who, last] of Object.entries(LAST_WORDS)) {
  test(`order: a last flush at the exit: ${who} loses nothing`, async () => {
    const listener = opened(listening())
    const program = `
      import { AF_INET, inet, SOCK_STREAM, Socket } from ${moduleOf('index')}
      let socket = new Socket(AF_INET, SOCK_STREAM)
      await socket.connect(inet('127.0.0.1', Number(process.argv[1])))
      const content = new Uint8Array(16000).fill(0x78)
      ${last}`
    const args = ['--input-type=module', '--eval', program, '--', String(portOf(listener))]
    const child = spawn(process.execPath, args, { stdio: 'ignore' })
    const exited = new Promise((resolve) => child.on('exit', resolve))
    const { peer } = await listener.accept()
    opened(peer)
    peer.trySend(bytes('x'))
    const buffer = new Uint8Array(16_000)
    await peer.recvExactly(buffer)
    assert.equal(
      buffer.findIndex((byte) => byte !== 0x78),
      -1,
    )
    await exited
  })
}

test('order: a worker that sends and exits loses nothing', async () => {
  const listener = opened(listening())
  const program = `
    import { workerData } from 'node:worker_threads'
    import { AF_INET, inet, SOCK_STREAM, Socket } from ${moduleOf('index')}
    const socket = new Socket(AF_INET, SOCK_STREAM)
    await socket.connect(inet('127.0.0.1', workerData))
    socket.sendAll(new Uint8Array(1000).fill(0x79))
    process.exit()`
  const exited = once(startWorker(program, portOf(listener)), 'exit')
  const peer = opened((await listener.accept()).peer)
  assert.equal(text(await receiveAll(peer)), 'y'.repeat(1000))
  await exited
})

test(
  'order: the kernel sees one call for all that one socket sends in a turn, and no epoll_ctl for a wait',
  { skip: needs({ program: 'strace' }) },
  () => {
    const program = `
      import { socketpair } from ${moduleOf('index')}
      const [one, other] = socketpair()
      one.handleWith({ data(connection, bytes) { for (let i = 0; i < 10; i++) connection.send(bytes) } })
      const buffer = new Uint8Array(64)
      for (let i = 0; i < 100; i++) {
        other.trySend(Uint8Array.of(i))
        if (await other.recv(buffer) !== 10 || buffer[9] !== i) throw new Error('not the ten')
      }
      process.exit()`
    const { ended, counts } = countCalls(program, ['sendto', 'sendmsg', 'writev', 'epoll_ctl'])
    assert.equal(ended.status, 0, ended.stderr.slice(-2000))
    assert.equal(counts.get('sendto'), 200) // trySend, and the ten in one
    assert.equal(counts.get('sendmsg'), 0)
    // Node's own at its start, and one for each socket: none for a wait.
    assert.ok(counts.get('epoll_ctl')! < 40, `${counts.get('epoll_ctl')}`)
  },
)

test('order: a flush from within a handler performs what others queued, and the rest of the turn goes on', async () => {
  const pairs = Array.from({ length: 3 }, () => pair())
  const done = condition()
  let count = 0
  for (const [, reader] of pairs) {
    opened(
      reader.handleWith({
        data(connection, content) {
          connection.send(bytes('a'))
          connection.trySend(content) // flushes
          connection.send(bytes('z'))
          if (++count === pairs.length) setImmediate(done.fulfil)
        },
      }),
    )
  }
  for (const [writer] of pairs) writer.trySend(bytes('-'))
  await done.promise
  for (const [writer] of pairs) {
    const buffer = new Uint8Array(8)
    assert.equal(text(buffer, writer.tryRecv(buffer)), 'a-z')
  }
  closeAll(...pairs.flat())
})

test('order: what a turn holds for others is handed out though one of its completions fails inside the library', () => {
  const { status, stdout, stderr } = runProgram(`
    import { Socket, socketpair } from ${moduleOf('index')}
    const pairs = (globalThis.kept = [socketpair(), socketpair(), socketpair()])
    process.on('uncaughtException', (error) => process.stdout.write('[' + error.message + ']'))
    let left = 2
    const [, failing] = pairs.map(([, reader], i) =>
      reader.handleWith({
        data(connection) {
          process.stdout.write(String(i))
          if (--left === 0) process.nextTick(() => process.exit())
        },
      }),
    )
    failing.complete = () => { throw new Error('inside') }
    for (const [writer] of pairs) writer.trySend(Uint8Array.of(1))
  `)
  assert.equal(status, 0, stderr)
  assert.equal(stdout.replace('[inside]', ''), '02')
  assert.match(stdout, /\[inside\]/)
})
