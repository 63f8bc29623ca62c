// BERKELEY_POISON=1: bytes that were lent are scribbled over after the call, so that a handler that keeps them is found.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SOCK_SEQPACKET, socketpair } from '../../src/index.ts'
import { boundDatagram, bytes, text } from '../support/connections.ts'
import { closedAfterEach, condition } from '../support/opened.ts'

// Read when the reactor is made, which the first socket does.
process.env['BERKELEY_POISON'] = '1'

const opened = closedAfterEach()

test('memory: in poison mode the bytes lent to a handler are scribbled over after the call', async () => {
  const [writer, reader] = socketpair()
  opened(writer)
  let kept: Uint8Array | undefined
  let copied = ''
  const done = condition()
  opened(
    reader.handleWith({
      data(_connection, content) {
        kept = content
        copied = text(content)
        queueMicrotask(done.fulfil)
      },
    }),
  )
  writer.trySend(bytes('lent'))
  await done.promise
  assert.equal(copied, 'lent')
  assert.deepEqual([...kept!], [0xdd, 0xdd, 0xdd, 0xdd])
})

test('memory: in poison mode a datagram too', async () => {
  const socket = opened(boundDatagram())
  const sender = opened(boundDatagram())
  const address = socket.localAddress
  let kept: Uint8Array | undefined
  const done = condition()
  opened(
    socket.receiveWith({
      datagram(_channel, content) {
        kept = content
        queueMicrotask(done.fulfil)
      },
    }),
  )
  sender.trySendTo(bytes('xyz'), address)
  await done.promise
  assert.deepEqual([...kept!], [0xdd, 0xdd, 0xdd])
})

test('memory: in poison mode what is kept for a paused reader is a copy', async () => {
  const [writer, reader] = socketpair(SOCK_SEQPACKET)
  opened(writer)
  const received: string[] = []
  const done = condition()
  const connection = opened(
    reader.handleWith({
      data(self, content) {
        received.push(text(content))
        if (received.length === 1) self.pause()
        if (received.length === 3) done.fulfil()
      },
    }),
  )
  for (const record of ['one', 'two', 'three']) writer.trySend(bytes(record))
  for (let i = 0; i < 3; i++) await new Promise(setImmediate)
  assert.deepEqual(received, ['one'])
  connection.resume()
  await done.promise
  assert.deepEqual(received, ['one', 'two', 'three'])
})
