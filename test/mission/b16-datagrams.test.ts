// B16: plain datagrams.
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { after, test } from 'node:test'
import { AF_INET, AF_INET6, inet, inet6, SO_BROADCAST, SOCK_DGRAM, Socket } from '../../src/index.ts'
import { boundDatagram, bytes, closedPort, portOf, text } from '../support/connections.ts'
import { PythonPeer } from '../support/python-peer.ts'

const python = new PythonPeer()
after(() => python.end())

test('B16: a sender need not do anything first; Python answers to where it came from', async () => {
  await python.ask(`u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(('127.0.0.1', 0))`)
  const port = await python.ask<number>('u.getsockname()[1]')
  const sender = new Socket(AF_INET, SOCK_DGRAM)
  assert.equal(await sender.sendTo(bytes('ping'), inet('127.0.0.1', port)), 4)
  await python.ask(`d, a = u.recvfrom(100); u.sendto(d + b' pong', a)`)
  const buffer = new Uint8Array(64)
  const { length, address, truncated } = await sender.recvFrom(buffer)
  assert.deepEqual([text(buffer, length), String(address), truncated], ['ping pong', `127.0.0.1:${port}`, false])
  await python.ask('u.close()')
  sender.close()
})

test("B16: with Node's dgram, over IPv6, empty datagrams too", async () => {
  const theirs = createSocket('udp6')
  theirs.bind(0, '::1')
  await once(theirs, 'listening')
  const ours = new Socket(AF_INET6, SOCK_DGRAM)
  await ours.sendTo(new Uint8Array(0), inet6('::1', theirs.address().port))
  const [message, from] = (await once(theirs, 'message')) as [Uint8Array, { port: number }]
  assert.equal(message.length, 0)
  assert.equal(from.port, portOf(ours))
  theirs.send('x', from.port, '::1')
  assert.equal((await ours.recvFrom(new Uint8Array(9))).length, 1)
  theirs.close()
  ours.close()
})

test('B16: a datagram that is longer than the buffer is cut, and said to be', async () => {
  const receiver = boundDatagram()
  const sender = new Socket(AF_INET, SOCK_DGRAM)
  await sender.sendTo(bytes('0123456789'), receiver.localAddress)
  const { length, truncated } = await receiver.recvFrom(new Uint8Array(4))
  assert.deepEqual([length, truncated], [4, true])
  assert.equal(receiver.tryRecvFrom(new Uint8Array(4)), undefined)
  sender.close()
  receiver.close()
})

test('B16: a broadcast without SO_BROADCAST is EACCES, and the message says which option to set', async () => {
  const socket = new Socket(AF_INET, SOCK_DGRAM)
  const everyone = inet('255.255.255.255', 9)
  await assert.rejects(socket.sendTo(bytes('x'), everyone), { code: 'EACCES', message: /SO_BROADCAST/ })
  await assert.rejects(socket.connect(everyone), { code: 'EACCES', message: /SO_BROADCAST/ })
  assert.equal(socket.set(SO_BROADCAST, true).get(SO_BROADCAST), true)
  socket.close()
})

test('B16: a port that nobody has is ECONNREFUSED at the next operation of a connected socket', async () => {
  const socket = new Socket(AF_INET, SOCK_DGRAM)
  await socket.connect(inet('127.0.0.1', closedPort(SOCK_DGRAM)))
  await socket.send(bytes('anybody?'))
  await assert.rejects(socket.recv(new Uint8Array(8), { timeout: 5000 }), { code: 'ECONNREFUSED' })
  socket.close()
})

test('B16: what is lost is nobody’s error: an unconnected sender hears nothing', async () => {
  const socket = new Socket(AF_INET, SOCK_DGRAM)
  const nobody = inet('127.0.0.1', closedPort(SOCK_DGRAM))
  assert.equal(await socket.sendTo(bytes('a'), nobody), 1)
  assert.equal(await socket.sendTo(bytes('b'), nobody), 1)
  assert.equal(socket.tryRecvFrom(new Uint8Array(8)), undefined)
  socket.close()
})

test('B16: one longer than UDP can carry is EMSGSIZE', async () => {
  const socket = new Socket(AF_INET, SOCK_DGRAM)
  await assert.rejects(socket.sendTo(new Uint8Array(65_508), inet('127.0.0.1', 9)), { code: 'EMSGSIZE' })
  socket.close()
})
