// Workers made and ended many times: descriptors and memory are back where they began.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { statistics } from '../../src/index.ts'
import { moduleOf, startWorker } from '../support/child.ts'
import { openDescriptors } from '../support/open-descriptors.ts'

const MIB = 1 << 20
const ROUNDS = 60
/** An engine's memory that was never given back would be some hundred KiB each, and its mapping 9 MiB. */
const RSS_SLACK_BYTES = 30 * MIB

const PROGRAM = `
  import { parentPort } from 'node:worker_threads'
  import { AF_INET, inet, SOCK_STREAM, Socket, socketpair } from ${moduleOf('index')}
  const listener = new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen()
  listener.acceptWith({ data: (connection, bytes) => void connection.send(bytes) })
  const client = new Socket(AF_INET, SOCK_STREAM)
  await client.connect(listener.localAddress)
  await client.sendAll(new Uint8Array(60000))
  await client.recvExactly(new Uint8Array(60000))
  const [one, other] = socketpair()
  one.handleWith({ data() {} }).send(new Uint8Array(1 << 20))
  parentPort.postMessage('open')
`

async function endOne(how: 'terminate' | 'by itself'): Promise<void> {
  const worker = startWorker(how === 'terminate' ? PROGRAM : `${PROGRAM}\nprocess.exit()`)
  const exited = once(worker, 'exit')
  await once(worker, 'message')
  if (how === 'terminate') await worker.terminate()
  await exited
}

test(`endurance: ${ROUNDS} workers leave nothing behind`, async () => {
  statistics()
  for (let i = 0; i < 20; i++) await endOne(i % 2 === 0 ? 'terminate' : 'by itself')
  const before = { descriptors: openDescriptors().size, rss: process.memoryUsage.rss() }
  for (let i = 0; i < ROUNDS; i++) await endOne(i % 2 === 0 ? 'terminate' : 'by itself')
  const after = { descriptors: openDescriptors().size, rss: process.memoryUsage.rss() }
  assert.equal(after.descriptors, before.descriptors)
  assert.ok(after.rss - before.rss < RSS_SLACK_BYTES, `the process grew by ${after.rss - before.rss} bytes`)
})
