// A cancellation between threads: who closes first, or is terminated, writes to no one's descriptor.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Worker } from 'node:worker_threads'
import { AF_INET, inet, SOCK_STREAM } from '../../../src/index.ts'
import { Cancellation, Socket, socketpair } from '../../../src/socket/sync/index.ts'
import { moduleOf, startWorker } from '../../support/child.ts'
import { openDescriptors } from '../../support/open-descriptors.ts'

const PRELUDE = `
  import { readlinkSync } from 'node:fs'
  import { parentPort, workerData } from 'node:worker_threads'
  import { AF_INET, inet, SOCK_STREAM } from ${moduleOf('index')}
  import { Cancellation, Socket, socketpair } from ${moduleOf('socket/sync/index')}
`

function eventfds(): number {
  return [...openDescriptors().values()].filter((target) => target === 'anon_inode:[eventfd]').length
}

/** Until a thread sleeps, and goes on sleeping: then it is in poll(2), where it has no time to wake up by itself. */
async function untilAsleep(thread: string): Promise<void> {
  for (let asleep = 0; asleep < 50;) {
    await new Promise(setImmediate)
    asleep = readFileSync(`/proc/${thread}/status`, 'utf8').includes('State:\tS') ? asleep + 1 : 0
  }
}

/** The messages of a worker, in their order. */
function messagesOf(worker: Worker): () => Promise<unknown> {
  const queue: unknown[] = []
  let wake = (): void => {}
  worker.on('message', (message) => {
    queue.push(message)
    wake()
  })
  return async () => {
    while (queue.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    return queue.shift()
  }
}

test('it ends the calls that block, and those that begin, until it is reset', async () => {
  const cancellation = new Cancellation()
  const worker = startWorker(
    `${PRELUDE}
    const cancellation = new Cancellation(workerData)
    const listener = new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen()
    const codeOf = (call) => { try { call(); return 'done' } catch (error) { return error.code + ' ' + error.operation } }
    parentPort.postMessage(listener.localAddress.port)
    parentPort.postMessage([1, 2].map(() => codeOf(() => listener.accept({ cancellation }))))
    cancellation.reset()
    parentPort.postMessage('reset')
    const { peer } = listener.accept({ cancellation })
    parentPort.postMessage(peer.read(9, { cancellation }).length)
    peer.close()
    listener.close()
    cancellation.close()`,
    cancellation.id,
  )
  const exited = once(worker, 'exit')
  const next = messagesOf(worker)
  const port = (await next()) as number
  assert.equal(cancellation.isCanceled, false)
  cancellation.cancel()
  cancellation.cancel()
  assert.deepEqual(await next(), ['ERR_SOCKET_CANCELED accept', 'ERR_SOCKET_CANCELED accept'])
  assert.equal(await next(), 'reset')
  assert.equal(cancellation.isCanceled, false)
  const client = new Socket(AF_INET, SOCK_STREAM)
  client.connect(inet('127.0.0.1', port))
  client.sendAll(Uint8Array.of(1, 2, 3))
  assert.equal(await next(), 3)
  client.close()
  cancellation.close()
  await exited
})

test('one that is set ends a call before it takes anything', () => {
  const cancellation = new Cancellation()
  const [one, other] = socketpair()
  other.sendAll(Uint8Array.of(9))
  cancellation.cancel()
  assert.throws(() => one.recv(new Uint8Array(1), { cancellation }), { code: 'ERR_SOCKET_CANCELED', operation: 'recv' })
  assert.throws(() => one.finish({ cancellation }), { code: 'ERR_SOCKET_CANCELED' })
  cancellation.reset()
  cancellation.reset()
  assert.equal(one.recv(new Uint8Array(1), { cancellation }), 1)
  cancellation.close()
  for (const socket of [one, other]) socket.close()
})

test('closed, it is of no more use, and says so', () => {
  const before = eventfds()
  const cancellation = new Cancellation()
  const { id } = cancellation
  const again = new Cancellation(id)
  assert.equal(eventfds(), before + 1)
  cancellation.close()
  cancellation.close()
  assert.ok(cancellation.isClosed && !again.isClosed)
  const [one, other] = socketpair()
  const closed = { code: 'ERR_SOCKET_CLOSED', message: /the cancellation is closed/ }
  assert.throws(() => cancellation.cancel(), closed)
  assert.throws(() => cancellation.reset(), closed)
  assert.throws(() => cancellation.isCanceled, closed)
  assert.throws(() => cancellation.id, closed)
  assert.throws(() => one.read(1, { cancellation }), closed)
  again.cancel()
  again[Symbol.dispose]()
  assert.equal(eventfds(), before)
  assert.throws(() => new Cancellation(id), closed)
  const next = new Cancellation()
  assert.notEqual(next.id, id)
  next.close()
  for (const socket of [one, other]) socket.close()
})

test('what a worker made outlives it as long as another thread has it, and ends with the last', async () => {
  const before = eventfds()
  const worker = startWorker(`${PRELUDE}
    globalThis.cancellation = new Cancellation()
    globalThis.own = new Cancellation()
    parentPort.postMessage(cancellation.id)
    setInterval(() => {}, 1000)`)
  const [id] = (await once(worker, 'message')) as [number]
  const joined = new Cancellation(id)
  // The thread's own event loop has one as well, so they are counted when it has ended.
  await worker.terminate()
  assert.equal(eventfds(), before + 1)
  joined.cancel()
  assert.equal(joined.isCanceled, true)
  joined.close()
  assert.equal(eventfds(), before)
  assert.throws(() => new Cancellation(id), { code: 'ERR_SOCKET_CLOSED' })
})

test('its owner may close it while others wait on it: they go on', async () => {
  const cancellation = new Cancellation()
  const worker = startWorker(
    `${PRELUDE}
    const cancellation = new Cancellation(workerData)
    const [one, other] = socketpair()
    parentPort.postMessage('joined')
    try { one.read(1, { cancellation, timeout: 300 }) } catch (error) { parentPort.postMessage(error.code) }
    cancellation.cancel()
    parentPort.postMessage(cancellation.isCanceled)
    for (const closable of [one, other, cancellation]) closable.close()`,
    cancellation.id,
  )
  const exited = once(worker, 'exit')
  const next = messagesOf(worker)
  assert.equal(await next(), 'joined')
  cancellation.close()
  assert.equal(await next(), 'ERR_SOCKET_TIMEOUT')
  assert.equal(await next(), true)
  await exited
})

test('a worker that blocks for ever can be terminated, and leaves nothing open', async () => {
  const before = openDescriptors().size
  for (const call of ['listener.accept()', 'one.read()', 'one.sendAll(new Uint8Array(1 << 26))']) {
    const worker = startWorker(`${PRELUDE}
      const listener = new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen()
      const [one, other] = socketpair()
      parentPort.postMessage(readlinkSync('/proc/thread-self'))
      ${call}`)
    const exited = once(worker, 'exit')
    const [thread] = (await once(worker, 'message')) as [string]
    await untilAsleep(thread)
    await worker.terminate()
    assert.deepEqual(await exited, [1])
  }
  assert.equal(openDescriptors().size, before)
})
