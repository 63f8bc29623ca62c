// B3: the port spaces of TCP and UDP are distinct.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AF_INET, inet, SOCK_DGRAM, SOCK_STREAM, Socket } from '../../src/index.ts'
import { listening, portOf } from '../support/connections.ts'
import { askPython } from '../support/python.ts'

test('B3: one number is a TCP port and a UDP port at once, and each reaches its own', async () => {
  const tcp = listening()
  const port = portOf(tcp)
  const udp = new Socket(AF_INET, SOCK_DGRAM).bind(inet('127.0.0.1', port))
  const sender = new Socket(AF_INET, SOCK_DGRAM)
  await sender.sendTo(Uint8Array.of(1), inet('127.0.0.1', port))
  assert.equal((await udp.recvFrom(new Uint8Array(9))).length, 1)
  assert.equal(tcp.tryAccept(), undefined)
  const client = new Socket(AF_INET, SOCK_STREAM)
  await client.connect(inet('127.0.0.1', port))
  const { peer } = await tcp.accept()
  assert.equal(udp.tryRecvFrom(new Uint8Array(9)), undefined)
  // Python sees both in use.
  const program = `
import socket
def answer(kind):
    s = socket.socket(socket.AF_INET, getattr(socket, kind))
    try:
        s.bind(('127.0.0.1', ${port}))
        return 'free'
    except OSError as e: return e.errno
    finally: s.close()`
  assert.deepEqual(askPython(program, ['SOCK_STREAM', 'SOCK_DGRAM']), [98, 98])
  for (const socket of [tcp, udp, sender, client, peer]) socket.close()
})
