// `serve`: one call of a function for each connection, and how it ends, for the connection, the function and the server.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type AnyAddress, type Socket, statistics } from '../../src/index.ts'
import { runProgram, moduleOf } from '../support/child.ts'
import { bytes, listening, portOf, receiveAll, text } from '../support/connections.ts'
import { closedAfterEach, condition } from '../support/opened.ts'
import { PythonPeer } from '../support/python-peer.ts'

const opened = closedAfterEach()
const python = new PythonPeer()
after(() => python.end())

/** Python connects under a name. */
async function connect(name: string, listener: Socket): Promise<void> {
  await python.ask(`${name} = socket.create_connection(('127.0.0.1', ${portOf(listener)}))`)
}

test('the function has the peer and its address; when it is done the peer reads the end and no reset', async () => {
  const listener = opened(listening())
  const stop = new AbortController()
  let address: AnyAddress | undefined
  const served = listener.serve(
    async (peer, from) => {
      address = from
      await peer.recvExactly(new Uint8Array(1))
      await peer.sendAll(bytes('bye'))
    },
    { signal: stop.signal },
  )
  await connect('c', listener)
  // More than the function reads: closing at once would reset, and lose the answer.
  await python.ask(`c.sendall(b'x' * 10000)`)
  assert.equal(text(await python.receive('c', 100)), 'bye')
  assert.equal(String(address), `127.0.0.1:${await python.ask<number>('c.getsockname()[1]')}`)
  await python.ask('c.close()')
  stop.abort()
  await served
  assert.equal(listener.isClosed, false)
})

test('a function may be synchronous, and may close the peer itself', async () => {
  const listener = opened(listening())
  const stop = new AbortController()
  const served = listener.serve((peer) => peer.close(), { signal: stop.signal })
  await connect('c', listener)
  assert.equal((await python.receive('c', 1)).length, 0)
  stop.abort()
  await served
})

test('one that throws, or whose promise is rejected, is reported with its peer and reset; the others go on', async () => {
  const listener = opened(listening())
  const stop = new AbortController()
  const reported: [unknown, Socket | undefined][] = []
  const before = statistics().handlerErrors
  let calls = 0
  const served = listener.serve(
    (peer): Promise<void> => {
      calls++
      if (calls === 1) throw new Error('at once')
      if (calls === 2) return Promise.reject(new Error('later'))
      return peer.sendAll(bytes('fine'))
    },
    { signal: stop.signal, onError: (error, peer) => reported.push([error, peer]) },
  )
  for (const name of ['one', 'two']) {
    await connect(name, listener)
    await assert.rejects(python.receive(name, 1), { name: 'ConnectionResetError' })
  }
  await connect('three', listener)
  assert.equal(text(await python.receive('three', 4)), 'fine')
  await python.ask('three.close()')
  stop.abort()
  await served
  assert.deepEqual(
    reported.map(([error]) => (error as Error).message),
    ['at once', 'later'],
  )
  assert.ok(reported.every(([, peer]) => peer?.isClosed === true))
  assert.equal(statistics().handlerErrors - before, 2)
})

test('without onError it is a warning of the process, which goes on; so it is when onError throws', () => {
  for (const [options, count] of [
    ['{ signal: stop.signal }', 1],
    ['{ signal: stop.signal, onError() { throw new Error("in the hook") } }', 2],
  ] as const) {
    const { status, stdout, stderr } = runProgram(`
      import { AF_INET, inet, SOCK_STREAM, Socket } from ${moduleOf('index')}
      const stop = new AbortController()
      const warnings = []
      process.on('warning', ({ name }) => warnings.push(name))
      const listener = new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen()
      const served = listener.serve(async () => { throw new Error('in the function') }, ${options})
      const client = new Socket(AF_INET, SOCK_STREAM)
      await client.connect(listener.localAddress)
      await client.recv(new Uint8Array(1)).catch((error) => process.stdout.write(error.code))
      client.close()
      stop.abort()
      await served
      listener.close()
      setImmediate(() => process.stdout.write(' ' + warnings.join()))
    `)
    assert.equal(status, 0, stderr)
    assert.equal(stdout, `ECONNRESET ${Array(count).fill('SocketHandlerWarning').join()}`)
    assert.match(stderr, /in the function/)
  }
})

test('it is done when accepting has ended and the last connection is served, whichever comes last', async () => {
  for (const end of ['signal', 'close'] as const) {
    const listener = opened(listening())
    const stop = new AbortController()
    const begun = condition()
    const events: string[] = []
    const served = listener.serve(
      async (peer) => {
        begun.fulfil()
        assert.equal((await receiveAll(peer)).length, 3)
        await peer.sendAll(bytes('done'))
        events.push('answered')
      },
      { signal: stop.signal },
    )
    const isServed = served.finally(() => events.push('served'))
    await connect('c', listener)
    await begun.promise
    if (end === 'signal') stop.abort()
    else listener.close()
    await python.ask(`c.sendall(b'abc')`)
    assert.deepEqual(events, [])
    await python.ask(`c.shutdown(socket.SHUT_WR)`)
    assert.equal(text(await python.receive('c', 100)), 'done')
    await python.ask('c.close()')
    await isServed
    assert.deepEqual(events, ['answered', 'served'])
    assert.equal(listener.isClosed, end === 'close')
  }
})

test('a listener is served once at a time; after the signal it accepts in other ways again', async () => {
  const listener = opened(listening())
  const stop = new AbortController()
  const served = listener.serve(() => {}, { signal: stop.signal })
  for (const second of [() => listener.serve(() => {}), () => listener.accept()]) {
    await assert.rejects(second, { code: 'ERR_SOCKET_BUSY' })
  }
  assert.throws(() => listener.tryAccept(), { code: 'ERR_SOCKET_BUSY' })
  assert.throws(() => listener.acceptWith({ data() {} }), { code: 'ERR_SOCKET_BUSY' })
  stop.abort()
  await served
  await connect('c', listener)
  const { peer } = await listener.accept()
  peer.close()
  await python.ask('c.close()')
})

test('a signal that was given before, and arguments at fault', async () => {
  const listener = opened(listening())
  await listener.serve(() => assert.fail('called'), { signal: AbortSignal.abort() })
  // @ts-expect-error no function
  await assert.rejects(listener.serve(undefined), { code: 'ERR_INVALID_ARG_TYPE', message: /serve/ })
  // @ts-expect-error no number
  const wrong = listener.serve(() => {}, { maxConnections: 'many' })
  await assert.rejects(wrong, { code: 'ERR_INVALID_ARG_TYPE', message: /options\.maxConnections/ })
  await assert.rejects(
    listener.serve(() => {}, { maxConnections: 0 }),
    { code: 'ERR_OUT_OF_RANGE', message: /options\.maxConnections/ },
  )
  // None of them has left the listener in use.
  assert.equal(listener.tryAccept(), undefined)
})

test('closing the listener from within the function serves who is there to the end', async () => {
  const listener = opened(listening())
  const served = listener.serve(async (peer) => {
    listener.close()
    await peer.sendAll(bytes('last'))
  })
  await connect('c', listener)
  assert.equal(text(await python.receive('c', 100)), 'last')
  await python.ask('c.close()')
  await served
})
