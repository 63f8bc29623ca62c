// What a datagram channel does with what the kernel has no room for: a Unix peer, Python, that it is connected to and
// that does not read.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  abstract,
  AF_UNIX,
  type DatagramChannel,
  type DatagramHandler,
  type DatagramOptions,
  SOCK_DGRAM,
  Socket,
  statistics,
} from '../../src/index.ts'
import { bytes } from '../support/connections.ts'
import { closedAfterEach, condition } from '../support/opened.ts'
import { PythonPeer } from '../support/python-peer.ts'

const opened = closedAfterEach()
let python: PythonPeer
before(() => {
  python = new PythonPeer()
})
after(() => python.end())

let count = 0

/** A channel whose peer, `r` in Python, has no room; and how many datagrams wait there. */
async function full(
  options: DatagramOptions,
  handler: Partial<DatagramHandler> = {},
): Promise<{ channel: DatagramChannel; there: number }> {
  const name = `berkeley-${process.pid}-queue-${++count}`
  await python.ask(`r = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); r.bind('\\0${name}')`)
  const socket = opened(new Socket(AF_UNIX, SOCK_DGRAM))
  await socket.connect(abstract(name))
  let there = 0
  while (socket.trySend(bytes('first')) !== undefined) there++
  return { channel: opened(socket.receiveWith({ datagram() {}, ...handler }, options)), there }
}

/** What Python receives of so many datagrams, without those that filled its queue. */
async function received(there: number, expected: number): Promise<string[]> {
  const all = await python.ask<string[]>(`[r.recv(100).decode() for _ in range(${there + expected})]`)
  assert.ok(all.slice(0, there).every((content) => content === 'first'))
  return all.slice(there)
}

const soon = (): Promise<unknown> => new Promise(setImmediate)

test('what is held back is counted, goes out in order when there is room, and then drain is called', async () => {
  const drained = condition()
  const { channel, there } = await full({}, { drain: drained.fulfil })
  channel.send(bytes('1'))
  channel.send(bytes('22'))
  assert.equal(channel.queuedBytes, 3)
  await soon()
  await soon()
  assert.equal(channel.queuedBytes, 3)
  assert.equal(channel.send(bytes('333')), 6)
  assert.deepEqual(await received(there, 3), ['1', '22', '333'])
  await drained.promise
  assert.equal(channel.queuedBytes, 0)
  assert.equal(channel.droppedMessages, 0)
})

for (const whenQueueFull of [undefined, 'drop', 'wait', 'close'] as const) {
  test(`past the limit, with ${whenQueueFull ?? 'no policy given'}`, async () => {
    const drained = condition()
    const closed = condition()
    const options: DatagramOptions = { queueLimitBytes: 10, ...(whenQueueFull && { whenQueueFull }) }
    const { channel, there } = await full(options, { drain: drained.fulfil, close: closed.fulfil })
    const { droppedMessages } = statistics()
    channel.send(bytes('12345'))
    await soon()
    await soon()
    assert.equal(channel.send(bytes('67890')), 10)
    assert.equal(channel.send(bytes('x')), -1)
    const dropped = whenQueueFull === 'wait' ? 0 : 1
    assert.equal(channel.droppedMessages, dropped)
    assert.equal(statistics().droppedMessages - droppedMessages, dropped)
    assert.equal(channel.isClosed, whenQueueFull === 'close')
    if (whenQueueFull === 'close') {
      await closed.promise
      assert.equal(channel.queuedBytes, 0)
      assert.deepEqual(await received(there, 0), [])
      assert.equal(await python.ask(`select.select([r], [], [], 0)[0] == []`), true)
    } else {
      assert.deepEqual(await received(there, 2), ['12345', '67890'])
      await drained.promise
      channel.send(bytes('again'))
      assert.deepEqual(await received(0, 1), ['again'])
    }
  })
}

test('close loses what is held back, and tells so nobody twice', async () => {
  let closes = 0
  const { channel, there } = await full({}, { drain: () => assert.fail('drain'), close: () => void closes++ })
  channel.send(bytes('lost'))
  await soon()
  await soon()
  channel.close()
  channel.close()
  assert.equal(channel.queuedBytes, 0)
  await soon()
  assert.equal(closes, 1)
  assert.deepEqual(await received(there, 0), [])
  assert.equal(await python.ask(`select.select([r], [], [], 0)[0] == []`), true)
})

test('a peer that is gone is told to error for each that was held back, and the channel goes on', async () => {
  const errors: (string | undefined)[] = []
  const drained = condition()
  const { channel } = await full(
    {},
    { error: (_self, error) => void errors.push((error as { code?: string }).code), drain: drained.fulfil },
  )
  channel.send(bytes('1'))
  await soon()
  await soon()
  channel.send(bytes('2'))
  await python.ask('r.close()')
  await drained.promise
  assert.deepEqual(errors, ['ECONNREFUSED', 'ENOTCONN'])
  assert.equal(channel.isClosed, false)
})
