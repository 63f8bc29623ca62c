// 100,000 connections opened and closed: descriptors, memory, slots and handles are back where they began.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { AF_INET, inet, SOCK_STREAM, Socket, socketpair, statistics } from '../../src/index.ts'
import { bytes } from '../support/connections.ts'
import { openDescriptors } from '../support/open-descriptors.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const MIB = 1 << 20
const AT_ONCE = 64
const ADDRESSES = 20
/** Slack for what V8 and the allocator keep; a descriptor's object alone, leaked 50,000 times, would be 20 MiB. */
const HEAP_SLACK_BYTES = 6 * MIB
const RSS_SLACK_BYTES = 40 * MIB

interface State {
  readonly descriptors: number
  readonly slots: number
  readonly waiting: number
  readonly deadlines: number
  readonly resources: string
  readonly heapBytes: number
  readonly rssBytes: number
}

async function stateNow(): Promise<State> {
  for (let i = 0; i < 4; i++) {
    await new Promise(setImmediate)
    collectGarbage()
  }
  const { descriptors, waiting, deadlines } = statistics()
  const { heapUsed, rss, external } = process.memoryUsage()
  return {
    descriptors: openDescriptors().size,
    slots: descriptors,
    waiting,
    deadlines,
    resources: process.getActiveResourcesInfo().sort().join(),
    heapBytes: heapUsed + external,
    rssBytes: rss,
  }
}

/** Everything is as it was, after a part of the rounds has filled what is filled once. */
async function isBackAfter(rounds: number, round: (i: number) => Promise<unknown>): Promise<void> {
  const warmUp = Math.ceil(rounds / 10)
  let next = 0
  const lane = async (end: number): Promise<void> => {
    while (next < end) await round(next++)
  }
  const run = (end: number): Promise<unknown> => Promise.all(Array.from({ length: AT_ONCE }, () => lane(end)))
  await run(warmUp)
  const before = await stateNow()
  await run(rounds)
  const after = await stateNow()
  const { heapBytes, rssBytes, ...exact } = before
  const { heapBytes: heapAfter, rssBytes: rssAfter, ...exactAfter } = after
  assert.deepEqual(exactAfter, exact)
  assert.ok(heapAfter - heapBytes < HEAP_SLACK_BYTES, `the heap grew by ${heapAfter - heapBytes} bytes`)
  assert.ok(rssAfter - rssBytes < RSS_SLACK_BYTES, `the process grew by ${rssAfter - rssBytes} bytes`)
}

/** Listeners on several addresses of the loopback. The clients reset, so that no port stays in TIME_WAIT. */
function listeners(): Socket[] {
  return Array.from({ length: ADDRESSES }, (_, i) => {
    return new Socket(AF_INET, SOCK_STREAM).bind(inet(`127.0.0.${i + 1}`, 0)).listen()
  })
}

async function visit(address: Socket['localAddress'], i: number, buffer: Uint8Array): Promise<void> {
  const client = new Socket(AF_INET, SOCK_STREAM)
  try {
    await client.connect(address)
    const content = bytes(`${i}`)
    await client.sendAll(content)
    await client.recvExactly(buffer.subarray(0, content.length))
    assert.deepEqual(buffer.subarray(0, content.length), content)
  } finally {
    client.abort()
  }
}

test('endurance: 50,000 connections in the handler form leave nothing behind', async () => {
  const servers = listeners()
  let open = 0
  let closed = 0
  for (const server of servers) {
    server.acceptWith({
      open: () => void open++,
      data: (connection, content) => void connection.send(content),
      close: () => void closed++,
    })
  }
  const addresses = servers.map((server) => server.localAddress)
  await isBackAfter(50_000, (i) => visit(addresses[i % ADDRESSES]!, i, new Uint8Array(8)))
  for (const server of servers) server.close()
  assert.deepEqual([open, closed], [50_000, 50_000])
})

test('endurance: 50,000 connections in the promise form leave nothing behind', async () => {
  const servers = listeners()
  const addresses = servers.map((server) => server.localAddress)
  let served = 0
  const done = servers.map((server) =>
    server.serve(
      async (peer) => {
        served++
        for (let content = await peer.read(); content.length > 0; content = await peer.read()) {
          await peer.sendAll(content)
        }
      },
      // A client resets when it has its answer.
      { onError: (error) => assert.equal((error as { code: string }).code, 'ECONNRESET') },
    ),
  )
  await isBackAfter(50_000, (i) => visit(addresses[i % ADDRESSES]!, i, new Uint8Array(8)))
  for (const server of servers) server.close()
  await Promise.all(done)
  assert.equal(served, 50_000)
})

test('endurance: 20,000 pairs, waits that are aborted and time out, and lost sends leave nothing behind', async () => {
  await isBackAfter(20_000, async (i) => {
    const [one, other] = socketpair()
    const buffer = new Uint8Array(16)
    const stop = new AbortController()
    const aborted = assert.rejects(one.recv(buffer, { signal: stop.signal, timeout: 60_000 }))
    stop.abort()
    await aborted
    const closed = assert.rejects(other.recv(buffer, { timeout: 60_000 + i }))
    await one.sendAll(bytes('not read by anybody'))
    const connection = one.handleWith({ data() {} })
    connection.send(new Uint8Array(100))
    if (i % 2 === 0) connection.abort()
    else connection.close()
    other.close()
    await closed
  })
})
