// A connection under repair: its queues, windows and options are read, and set on a socket that becomes its double.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as berkeley from '../../../src/index.ts'
import { AF_INET, inet, SOCK_STREAM, Socket } from '../../../src/index.ts'
import { needs } from '../../support/needs.ts'
import { closedAfterEach } from '../../support/opened.ts'

const opened = closedAfterEach()
const RECEIVE_QUEUE = 1
const SEND_QUEUE = 2

test(
  'TCP_REPAIR: a connection moves to another socket, and its peer sees nothing of it',
  { skip: needs({ root: true }) },
  async () => {
    const listener = opened(new Socket(AF_INET, SOCK_STREAM)).bind(inet('127.0.0.1', 0)).listen()
    const first = opened(new Socket(AF_INET, SOCK_STREAM))
    const accepted = listener.accept()
    await first.connect(listener.localAddress)
    const peer = opened((await accepted).peer)

    first.set(berkeley.TCP_REPAIR, 1)
    const sequenceOf = (queue: number): number => {
      first.set(berkeley.TCP_REPAIR_QUEUE, queue)
      assert.equal(first.get(berkeley.TCP_REPAIR_QUEUE), queue)
      return first.get(berkeley.TCP_QUEUE_SEQ)
    }
    const sent = sequenceOf(SEND_QUEUE)
    const received = sequenceOf(RECEIVE_QUEUE)
    const window = first.get(berkeley.TCP_REPAIR_WINDOW)
    const clock = first.get(berkeley.TCP_TIMESTAMP)
    const info = first.get(berkeley.TCP_INFO)
    const local = first.localAddress
    const remote = first.remoteAddress!
    first.close() // under repair, nothing is sent

    const second = opened(new Socket(AF_INET, SOCK_STREAM)).set(berkeley.SO_REUSEADDR, true).set(berkeley.TCP_REPAIR, 1)
    second.bind(local)
    second.set(berkeley.TCP_REPAIR_QUEUE, SEND_QUEUE).set(berkeley.TCP_QUEUE_SEQ, sent)
    second.set(berkeley.TCP_REPAIR_QUEUE, RECEIVE_QUEUE).set(berkeley.TCP_QUEUE_SEQ, received)
    await second.connect(remote)
    second.set(berkeley.TCP_REPAIR_OPTIONS, [
      { code: 2, value: info.sendMss },
      { code: 3, value: info.sendWindowScale | (info.receiveWindowScale << 16) },
      { code: 4, value: 0 },
      { code: 8, value: 0 },
    ])
    second.set(berkeley.TCP_TIMESTAMP, clock)
    second.set(berkeley.TCP_REPAIR_WINDOW, window)
    second.set(berkeley.TCP_REPAIR, 0)

    const word = new TextEncoder().encode('still here')
    await second.sendAll(word)
    assert.deepEqual(await peer.read(), word)
    await peer.sendAll(word)
    assert.deepEqual(await second.read(), word)
  },
)

test('without repair, what belongs to it is refused', () => {
  const socket = opened(new Socket(AF_INET, SOCK_STREAM))
  assert.throws(() => socket.set(berkeley.TCP_TIMESTAMP, 1), { code: 'EPERM' })
  assert.throws(() => socket.get(berkeley.TCP_REPAIR_QUEUE), { code: 'EINVAL' })
  assert.throws(() => socket.get(berkeley.TCP_REPAIR_WINDOW), { code: 'EPERM' })
})
