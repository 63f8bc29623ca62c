// A datagram channel with many Unix receivers: one that does not read, or is gone, costs the others nothing.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { AF_UNIX, bindUnix, type DatagramChannel, SOCK_DGRAM, Socket, type SocketError, unix } from '../../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'berkeley-test-'))
after(() => rmSync(folder, { recursive: true }))

function bound(name: string): Socket {
  const socket = new Socket(AF_UNIX, SOCK_DGRAM)
  bindUnix(socket, join(folder, name))
  return socket
}

/** A channel that keeps the errors that it is told. */
function channelWithErrors(name: string): { channel: DatagramChannel; errors: SocketError[] } {
  const errors: SocketError[] = []
  const channel = bound(name).receiveWith({
    datagram() {},
    error: (_channel, error) => errors.push(error as SocketError),
  })
  return { channel, errors }
}

async function receive(socket: Socket): Promise<number> {
  const buffer = new Uint8Array(16)
  const { length } = await socket.recvFrom(buffer, { timeout: 10_000 })
  assert.equal(length, 1)
  return buffer[0]!
}

test('a receiver that is full loses its datagrams, is named, and holds up no other', async () => {
  const { channel, errors } = channelWithErrors('hub-1')
  const slow = bound('slow')
  const fast = bound('fast')
  const rounds = 2000 // more than any net.unix.max_dgram_qlen that is usual
  for (let i = 0; i < rounds; i++) {
    channel.send(Uint8Array.of(0), unix(join(folder, 'slow')))
    channel.send(Uint8Array.of(i & 0xff), unix(join(folder, 'fast')))
    assert.equal(await receive(fast), i & 0xff)
    if (errors.length > 0) break
  }
  assert.equal(errors[0]?.code, 'EAGAIN')
  assert.equal(errors[0].address, join(folder, 'slow'))
  assert.equal(channel.droppedMessages, 1)
  assert.equal(channel.queuedBytes, 0)
  for (const socket of [channel, slow, fast]) socket.close()
})

test('a receiver that is gone does not stop what is sent after it in the same turn', async () => {
  const { channel, errors } = channelWithErrors('hub-2')
  const alive = bound('alive')
  const other = bound('other')
  // Between the two sends of the channel comes one of another socket, so that they are not one call.
  const second = channelWithErrors('hub-3')
  channel.send(Uint8Array.of(1), unix(join(folder, 'nobody')))
  second.channel.send(Uint8Array.of(2), unix(join(folder, 'other')))
  channel.send(Uint8Array.of(3), unix(join(folder, 'alive')))
  assert.equal(await receive(other), 2)
  assert.equal(await receive(alive), 3)
  assert.equal(errors[0]?.code, 'ENOENT')
  for (const socket of [channel, second.channel, alive, other]) socket.close()
})
