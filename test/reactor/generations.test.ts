// Slots and generations: what comes late never reaches whoever has been given the same slot or number since.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AF_INET, type Connection, inet, SOCK_STREAM, Socket, socketpair, statistics } from '../../src/index.ts'
import { bytes, listening, portOf, text } from '../support/connections.ts'
import { openSockets } from '../support/open-descriptors.ts'
import { closedAfterEach, condition } from '../support/opened.ts'

const opened = closedAfterEach()

function pair(type: number = SOCK_STREAM): [Socket, Socket] {
  const [one, other] = socketpair(type)
  return [opened(one), opened(other)]
}

const soon = (): Promise<unknown> => new Promise(setImmediate)

test('generations: completions of a socket that was closed in the turn never reach the one in its slot', async () => {
  const [writerA, readerA] = pair()
  const [writerB, readerB] = pair()
  const wrong: string[] = []
  const done = condition()
  let successor: Connection | undefined
  opened(
    readerA.handleWith({
      data() {
        const { slot, number, generation } = late
        late.abort()
        const [writer, reader] = pair()
        opened(writer)
        const next = reader.slot === slot ? reader : writer
        assert.equal(next.slot, slot, 'its slot is not given out again')
        assert.equal(next.generation, generation + 1)
        assert.ok(reader.number === number || writer.number === number, 'its number is not given out again')
        successor = opened(next.handleWith({ data: (_self, content) => void wrong.push(text(content)) }))
        setImmediate(done.fulfil)
      },
    }),
  )
  const late: Connection = opened(readerB.handleWith({ data: () => void wrong.push('late') }))
  // Both are ready at the same collect, A first.
  writerA.trySend(bytes('a'))
  writerB.trySend(bytes('b'))
  await done.promise
  await soon()
  assert.deepEqual(wrong, [])
  assert.equal(successor!.isClosed, false)
})

test('generations: what waits for the flush of a socket that is aborted is not sent by its successor', async () => {
  const [peer, socket] = pair()
  const connection = opened(socket.handleWith({ data() {} }))
  const { slot } = connection
  connection.send(bytes('of the old one'))
  connection.end()
  connection.abort()
  const [one, other] = pair()
  const successor = [one, other].find((candidate) => candidate.slot === slot)!
  assert.ok(successor !== undefined)
  await soon()
  const buffer = new Uint8Array(32)
  for (const end of [one, other]) assert.equal(end.tryRecv(buffer), undefined)
  assert.equal(peer.tryRecv(buffer), 0)
})

test('generations: settlements of a flush in which the slot changed hands reach nobody', async () => {
  const [, socket] = pair()
  const closed: string[] = []
  const connection = socket.handleWith({ data() {}, close: () => void closed.push('old') })
  connection.close()
  // Aborted with its close in the outbox: told once, by the abort.
  connection.abort()
  const [, next] = pair()
  const successor = opened(next.handleWith({ data() {}, close: () => void closed.push('new') }))
  await soon()
  await soon()
  assert.equal(successor.isClosed, false)
  assert.deepEqual(closed, ['old'])
})

test('generations: connections that were accepted in the turn in which the listener is closed are closed', async () => {
  const before = openSockets().size
  const listener = listening()
  const clients = Array.from({ length: 8 }, () => opened(new Socket(AF_INET, SOCK_STREAM)))
  const [tick, tock] = pair()
  const closes = condition()
  let accepted = 0
  opened(
    tock.handleWith({
      data() {
        listener.close()
        closes.fulfil()
      },
    }),
  )
  for (const client of clients) await client.connect(inet('127.0.0.1', portOf(listener)))
  const { accepts } = statistics()
  // Ready before the listener is armed, so that its handler runs with an accepted connection behind it in the turn.
  tick.trySend(bytes('x'))
  listener.acceptWith({ open: () => void accepted++, data() {} })
  await closes.promise
  await soon()
  await soon()
  // The clients and the pair; and nothing that was accepted.
  assert.equal(openSockets().size - before, clients.length + 2)
  assert.equal(accepted, 0)
  assert.equal(statistics().accepts - accepts, 1)
})

test('generations: slots are used again, and their number does not grow', async () => {
  const slots = new Set<number>()
  const { descriptors } = statistics()
  for (let i = 0; i < 1000; i++) {
    const [one, other] = socketpair()
    slots.add(one.slot).add(other.slot)
    one.close()
    other.abort()
  }
  assert.equal(slots.size, 2)
  assert.equal(statistics().descriptors, descriptors)
})
