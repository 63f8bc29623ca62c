// Accepting: a storm of connections takes few turns, a limit leaves the others in the backlog, no descriptor is lost.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AF_INET, SOCK_STREAM, Socket, statistics } from '../../src/index.ts'
import { bytes, listening, text } from '../support/connections.ts'
import { openSockets } from '../support/open-descriptors.ts'
import { closedAfterEach, condition } from '../support/opened.ts'

const opened = closedAfterEach()

async function connected(listener: Socket, count: number): Promise<Socket[]> {
  const clients = Array.from({ length: count }, () => opened(new Socket(AF_INET, SOCK_STREAM)))
  await Promise.all(clients.map((client) => client.connect(listener.localAddress)))
  return clients
}

for (const form of ['handler', 'promise'] as const) {
  test(`accepting: connections past the limit wait in the backlog, and none is lost, in the ${form} form`, async () => {
    const listener = opened(listening())
    const count = 100
    const limit = 10
    const clients = await connected(listener, count)
    let open = 0
    let peak = 0
    const begin = (): void => {
      peak = Math.max(peak, ++open)
    }
    if (form === 'handler') {
      const handler = {
        open: begin,
        data: (connection: { send(bytes: Uint8Array): number; close(): void }, content: Uint8Array): void => {
          connection.send(content)
          connection.close()
        },
        close: () => void open--,
      }
      listener.acceptWith(handler, { maxConnections: limit })
    } else {
      const served = listener.serve(
        async (peer) => {
          begin()
          await peer.sendAll(await peer.read())
          peer.close()
          open--
        },
        { maxConnections: limit },
      )
      served.catch(assert.ifError)
    }
    const answers = clients.map(async (client, i) => {
      // Nobody speaks before all that may be are open.
      if (i >= limit) await Promise.resolve()
      const buffer = new Uint8Array(8)
      await client.sendAll(bytes(`${i}`))
      return text(buffer, await client.recv(buffer))
    })
    assert.deepEqual(
      await Promise.all(answers),
      clients.map((_, i) => `${i}`),
    )
    assert.equal(peak, limit)
  })
}

test('accepting: silent connections up to the limit are open, and the others are still connected', async () => {
  const before = openSockets().size
  const listener = opened(listening())
  const clients = await connected(listener, 60)
  const { accepts } = statistics()
  let open = 0
  listener.acceptWith({ open: () => void open++, data() {} }, { maxConnections: 7 })
  for (let i = 0; i < 50; i++) await new Promise(setImmediate)
  assert.equal(open, 7)
  assert.equal(statistics().accepts - accepts, 7)
  assert.equal(openSockets().size - before, 1 + clients.length + 7)
  for (const client of clients) assert.equal(client.tryRecv(new Uint8Array(1)), undefined)
})

test('accepting: a storm takes few turns', async () => {
  const listener = opened(listening())
  const count = 500
  await connected(listener, count)
  const { collects } = statistics()
  const all = condition()
  let open = 0
  listener.acceptWith({
    open(connection) {
      opened(connection)
      if (++open === count) all.fulfil()
    },
    data() {},
  })
  await all.promise
  const turns = statistics().collects - collects
  // 1, 2, 4, ... 64, 64, ...
  assert.ok(turns <= 16, `${turns} turns`)
})
