// Accepting in both forms: the limit of open connections, running out of descriptors, and who may accept.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AF_INET,
  BusyError,
  ClosedError,
  type Connection,
  type ConnectionHandler,
  SOCK_STREAM,
  Socket,
} from '../../src/index.ts'
import { moduleOf, runProgram } from '../support/child.ts'
import { bytes, listening, text } from '../support/connections.ts'
import { needs } from '../support/needs.ts'
import { closedAfterEach, condition } from '../support/opened.ts'

const opened = closedAfterEach()

async function connected(listener: Socket): Promise<Socket> {
  const client = opened(new Socket(AF_INET, SOCK_STREAM))
  await client.connect(listener.localAddress)
  return client
}

const soon = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await new Promise(setImmediate)
}

/** How a connection ends, told by the first byte that it receives; and what its client does. */
const ENDS: Readonly<Record<string, { server?: (connection: Connection) => void; client?: (client: Socket) => void }>> =
  {
    'its close': { server: (connection) => connection.close() },
    'its abort': { server: (connection) => connection.abort() },
    'its finish': { server: (connection) => connection.finish(), client: (client) => client.close() },
    'a handler that throws': { server: () => assert.fail('by the handler') },
    'takeOver, which has it counted no longer': { server: (connection) => void opened(Socket.takeOver(connection)) },
    'the end of its peer': { client: (client) => client.close() },
    'the reset of its peer': { client: (client) => client.abort() },
  }

for (const [name, { server, client: act }] of Object.entries(ENDS)) {
  test(`acceptWith with a limit of 1: the next one is accepted after ${name}, and no sooner`, async () => {
    const listener = opened(listening())
    let count = 0
    let came = condition()
    const handler: ConnectionHandler = {
      open(connection) {
        opened(connection)
        count++
        came.fulfil()
      },
      data: (connection) => server?.(connection),
    }
    listener.acceptWith(handler, { maxConnections: 1, onError() {} })
    const clients = [await connected(listener), await connected(listener), await connected(listener)]
    for (const [i, client] of clients.entries()) {
      await came.promise
      await soon()
      assert.equal(count, i + 1)
      came = condition()
      client.trySend(bytes('x'))
      await soon()
      act?.(client)
    }
  })
}

const SERVED: Readonly<Record<string, (peer: Socket) => unknown>> = {
  'a function that returns': async (peer) => void (await peer.read()),
  'a function that throws': async (peer) => assert.fail(`after ${(await peer.read()).length}`),
  'a close by the function': async (peer) => {
    await peer.read()
    peer.close()
  },
  'an abort by the function': async (peer) => {
    await peer.read()
    peer.abort()
  },
}

for (const [name, serve] of Object.entries(SERVED)) {
  test(`serve with a limit of 1: the next one is served after ${name}, and no sooner`, async () => {
    const listener = opened(listening())
    let count = 0
    let came = condition()
    const serving = listener.serve(
      (peer) => {
        count++
        came.fulfil()
        return serve(peer)
      },
      { maxConnections: 1, onError() {} },
    )
    const clients = [await connected(listener), await connected(listener), await connected(listener)]
    for (const [i, client] of clients.entries()) {
      await came.promise
      await soon()
      assert.equal(count, i + 1)
      came = condition()
      client.trySend(bytes('x'))
      await client.recv(new Uint8Array(1)).catch(() => {})
      client.close()
    }
    listener.close()
    await serving
  })
}

test('a limit that is no number of 1 or more is refused, and the listener stays free', async () => {
  const listener = opened(listening())
  for (const [maxConnections, name] of [
    [0, 'RangeError'],
    [Number.NaN, 'RangeError'],
    ['5', 'TypeError'],
  ] as const) {
    const options = { maxConnections: maxConnections as number }
    assert.throws(() => listener.acceptWith({ data() {} }, options), { name, message: /"options.maxConnections"/ })
    await assert.rejects(
      listener.serve(() => {}, options),
      { name, message: /"options.maxConnections"/ },
    )
  }
  await connected(listener)
  opened((await listener.accept()).peer)
})

test('who accepts is alone: any other way is refused meanwhile', async () => {
  const ways: readonly ((listener: Socket, signal: AbortSignal) => Promise<unknown> | undefined)[] = [
    (listener, signal) => listener.accept({ signal }).catch(() => {}),
    (listener, signal) => listener.serve(() => {}, { signal }),
    (listener) => {
      listener.acceptWith({ data() {} })
      return undefined
    },
  ]
  for (const way of ways) {
    const listener = opened(listening())
    const stop = new AbortController()
    const done = way(listener, stop.signal)
    await assert.rejects(listener.accept(), BusyError)
    await assert.rejects(
      listener.serve(() => {}),
      BusyError,
    )
    await assert.rejects(listener.recv(new Uint8Array(1)), BusyError)
    assert.throws(() => listener.tryAccept(), BusyError)
    assert.throws(() => listener.acceptWith({ data() {} }), BusyError)
    stop.abort()
    await done
  }
})

test('a listener that is closed accepts in no form', async () => {
  const listener = listening()
  listener.close()
  assert.throws(() => listener.acceptWith({ data() {} }), ClosedError)
  await assert.rejects(
    listener.serve(() => {}),
    ClosedError,
  )
})

test('when serve has ended, a connection of it that closes later does not make the listener accept again', async () => {
  const listener = opened(listening())
  const stop = new AbortController()
  const came = condition()
  const serving = listener.serve(
    async (peer) => {
      came.fulfil()
      await peer.read()
    },
    { signal: stop.signal, maxConnections: 2 },
  )
  const first = await connected(listener)
  await came.promise
  stop.abort()
  first.close()
  await serving
  const second = await connected(listener)
  await soon()
  const { peer } = await listener.accept({ timeout: 10_000 })
  opened(peer)
  await peer.sendAll(bytes('accepted'))
  assert.equal(text(await second.read()), 'accepted')
})

test('a listener closed in the handler of its first connection closes those that came in the same turn', async () => {
  const listener = opened(listening())
  const clients = [await connected(listener), await connected(listener), await connected(listener)]
  let count = 0
  listener.acceptWith({
    open(connection) {
      opened(connection)
      count++
      listener.close()
      connection.close()
    },
    data() {},
  })
  for (const client of clients) {
    const n = await client.recv(new Uint8Array(1)).catch((error: { code?: string }) => error.code)
    assert.ok(n === 0 || n === 'ECONNRESET', String(n))
  }
  assert.equal(count, 1)
})

const FORMS: Readonly<Record<string, string>> = {
  acceptWith: `listener.acceptWith({ open: accepted, data() {} }, { onError })`,
  serve: `listener.serve((peer) => { accepted(peer) ; return new Promise(() => {}) }, { onError })`,
}

for (const [form, call] of Object.entries(FORMS)) {
  test(
    `${form}: out of descriptors it says so once, does not spin, and goes on when there are some`,
    { skip: needs({ program: 'prlimit' }) },
    () => {
      const { status, stdout, stderr } = runProgram(`
      import { execFileSync } from 'node:child_process'
      import { closeSync, openSync } from 'node:fs'
      import { AF_INET, SOCK_STREAM, Socket, inet, statistics } from ${moduleOf('index')}
      const listener = new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen()
      execFileSync('prlimit', ['--pid', String(process.pid), '--nofile=100:100'])
      const open = []
      const accepted = (connection) => open.push(connection)
      const errors = []
      const onError = (error, subject) => errors.push(error.code + ' ' + error.syscall + ' ' + subject)
      const until = async (isTrue) => { while (!isTrue()) await new Promise(setImmediate) }
      const clients = []
      const connect = async () => {
        const client = new Socket(AF_INET, SOCK_STREAM)
        clients.push(client)
        await client.connect(listener.localAddress)
      }
      for (let i = 0; i < 3; i++) await connect()
      const files = []
      try { for (;;) files.push(openSync('/dev/null')) } catch {}
      ${call}
      const { collects } = statistics()
      const start = performance.now()
      await until(() => statistics().collects >= collects + 4)
      console.log(performance.now() - start > 250 ? 'waits between tries' : 'spins', open.length, errors.join())
      for (const file of files) closeSync(file)
      await until(() => open.length === 3)
      await connect()
      await until(() => open.length === 4)
      console.log(open.length, errors.length)
      process.exit()`)
      assert.deepEqual(
        [status, stdout.trim().split('\n'), stderr],
        [0, ['waits between tries 0 EMFILE accept4 undefined', '4 1'], ''],
      )
    },
  )
}
