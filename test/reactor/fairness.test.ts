// Fairness: what one socket brings never takes the room, or the turn, of another. Turns are counted, not time.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Socket, SOCK_STREAM, socketpair, statistics } from '../../src/index.ts'
import { boundDatagram, bytes, tcpPair, text } from '../support/connections.ts'
import { closedAfterEach, condition } from '../support/opened.ts'

const opened = closedAfterEach()

/** More small datagrams than the receive region has places for. */
const FLOOD = 200
const KIB = 1024

const turnNow = (): number => statistics().collects

function pair(): [Socket, Socket] {
  const [one, other] = socketpair(SOCK_STREAM)
  return [opened(one), opened(other)]
}

/** Sends until the kernel takes no more; returns how much that was. */
function fill(socket: Socket): number {
  const chunk = new Uint8Array(64 * KIB)
  let total = 0
  for (let n = socket.trySend(chunk); n !== undefined; n = socket.trySend(chunk)) total += n
  return total
}

test('fairness: a flood of datagrams leaves room for the streams of the same turn', async () => {
  const flooded = opened(boundDatagram())
  const sender = opened(boundDatagram())
  const address = flooded.localAddress
  let received = 0
  const all = condition()
  const channel = opened(
    flooded.receiveWith({
      datagram() {
        if (++received === FLOOD) all.fulfil()
      },
    }),
  )
  const pairs = Array.from({ length: 100 }, pair)
  const buffers = pairs.map(() => new Uint8Array(10))
  // Once there and back, so that the next wait is known to be in vain, and is left to the engine.
  const first = pairs.map(([, reader], i) => reader.recv(buffers[i]!))
  for (const [writer] of pairs) writer.trySend(bytes('first'))
  await Promise.all(first)

  const second = pairs.map(([, reader], i) => reader.recv(buffers[i]!))
  for (let i = 0; i < FLOOD; i++) assert.equal(sender.trySendTo(bytes('x'), address), 1)
  for (const [writer] of pairs) writer.trySend(bytes('ten bytes, and some more that wait'))
  assert.deepEqual(new Set(await Promise.all(second)), new Set([10]))
  for (const buffer of buffers) assert.equal(text(buffer), 'ten bytes,')
  await all.promise
  assert.equal(channel.isClosed, false)
})

test('fairness: quiet datagram sockets are served in the turn in which another is flooded', async () => {
  const sender = opened(boundDatagram())
  const flooded = opened(boundDatagram())
  const quiet = Array.from({ length: 20 }, () => opened(boundDatagram()))
  const addresses = [flooded, ...quiet].map((socket) => socket.localAddress)
  const turns: number[] = []
  let received = 0
  const all = condition()
  opened(
    flooded.receiveWith({
      datagram() {
        if (++received === FLOOD) all.fulfil()
      },
    }),
  )
  for (const socket of quiet) {
    opened(
      socket.receiveWith({
        datagram() {
          turns.push(turnNow())
        },
      }),
    )
  }
  const before = turnNow()
  for (let i = 0; i < FLOOD; i++) assert.equal(sender.trySendTo(bytes('x'), addresses[0]!), 1)
  for (const address of addresses.slice(1)) sender.trySendTo(bytes('x'), address)
  await all.promise
  assert.deepEqual(turns, Array<number>(quiet.length).fill(before + 1))
  assert.ok(turnNow() > before + 1, 'the flood was no flood: it fitted one turn')
})

test('fairness: more datagram sockets than there are places for are all served, in a few turns', async () => {
  const sender = opened(boundDatagram())
  const count = 150
  let received = 0
  const all = condition()
  const addresses = Array.from({ length: count }, () => {
    const socket = opened(boundDatagram())
    const address = socket.localAddress
    opened(
      socket.receiveWith({
        datagram() {
          if (++received === 3 * count) all.fulfil()
        },
      }),
    )
    return address
  })
  const before = turnNow()
  for (let i = 0; i < 3; i++) for (const address of addresses) sender.trySendTo(bytes('x'), address)
  await all.promise
  // 63 places in the receive region for datagrams of 64 KiB, and 450 datagrams.
  const turns = turnNow() - before
  assert.ok(turns >= 8 && turns <= 24, `${turns} turns`)
})

test('fairness: a turn takes a bounded part of what one stream has, and quiet ones are served in each', async () => {
  const { client, server } = await tcpPair()
  opened(client)
  const total = fill(client)
  assert.ok(total > 512 * KIB, `${total}`)
  const byTurn = new Map<number, number>()
  const quietTurns: number[] = []
  let received = 0
  const all = condition()
  const quiet = Array.from({ length: 50 }, pair)
  opened(
    server.handleWith({
      data(_connection, content) {
        received += content.length
        byTurn.set(turnNow(), (byTurn.get(turnNow()) ?? 0) + content.length)
        if (received === total) all.fulfil()
        // What the quiet ones are sent in a turn, they have in the next, whatever the busy one still has.
        else if (byTurn.get(turnNow()) === content.length) for (const [writer] of quiet) writer.trySend(bytes('x'))
      },
    }),
  )
  for (const [, reader] of quiet) {
    opened(
      reader.handleWith({
        data() {
          quietTurns.push(turnNow())
        },
      }),
    )
  }
  await all.promise
  const turns = [...byTurn.keys()]
  for (const [turn, taken] of byTurn) assert.ok(taken <= 256 * KIB + 64 * KIB, `${taken} bytes in turn ${turn}`)
  const expected = turns.slice(1).flatMap((turn) => Array<number>(quiet.length).fill(turn))
  assert.deepEqual(quietTurns, expected)
})

test('fairness: more ready sockets than one collect takes are all served, none twice before each has been once', async () => {
  const count = 600
  const pairs = Array.from({ length: count }, pair)
  const order: number[] = []
  const all = condition()
  for (const [index, [, reader]] of pairs.entries()) {
    opened(
      reader.handleWith({
        data(_connection, content) {
          order.push(index)
          // Another byte at once for those that were served first: the others come before it.
          if (order.length <= count && content.length === 1) pairs[index]![0].trySend(bytes('again'))
          if (order.length === 2 * count) all.fulfil()
        },
      }),
    )
  }
  const { collects, events } = statistics()
  for (const [writer] of pairs) writer.trySend(bytes('1'))
  await all.promise
  assert.equal(new Set(order.slice(0, count)).size, count)
  const after = statistics()
  assert.ok(after.collects - collects >= 5, `${after.collects - collects} turns`)
  assert.ok(after.events - events >= 2 * count)
})
