// B20: a closed socket says so, and a number that was given out again is out of reach.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AF_INET, inet, SHUT_WR, SO_REUSEADDR, SOCK_DGRAM, SOCK_STREAM, Socket } from '../../src/index.ts'
import { bytes, listening, tcpPair, text } from '../support/connections.ts'

test('B20: every call on a closed socket is a ClosedError at once', async () => {
  const socket = new Socket(AF_INET, SOCK_STREAM)
  socket.close()
  const closed = { name: 'ClosedError', code: 'ERR_SOCKET_CLOSED' }
  const buffer = new Uint8Array(8)
  const address = inet('127.0.0.1', 9)
  for (const call of [
    () => socket.fd,
    () => socket.bind(address),
    () => socket.listen(),
    () => socket.localAddress,
    () => socket.remoteAddress,
    () => socket.get(SO_REUSEADDR),
    () => socket.set(SO_REUSEADDR, true),
    () => socket.shutdown(SHUT_WR),
    () => socket.tryRecv(buffer),
    () => socket.trySend(buffer),
    () => socket.tryRecvFrom(buffer),
    () => socket.trySendTo(buffer, address),
    () => socket.tryAccept(),
    () => socket.acceptWith({ data: () => {} }),
    () => socket.handleWith({ data: () => {} }),
    () => socket.receiveWith({ datagram: () => {} }),
  ]) {
    assert.throws(call, closed, String(call))
  }
  for (const call of [
    () => socket.recv(buffer),
    () => socket.read(),
    () => socket.recvExactly(buffer),
    () => socket.recvFrom(buffer),
    () => socket.readv([buffer]),
    () => socket.send(buffer),
    () => socket.sendAll(buffer),
    () => socket.sendTo(buffer, address),
    () => socket.writev([buffer]),
    () => socket.connect(address),
    () => socket.accept(),
    () => socket.serve(() => {}),
    () => socket.finish(),
  ]) {
    await assert.rejects(call, closed, String(call))
  }
  socket.close()
  socket.abort()
})

test('B20: what waits when the socket is closed is rejected', async () => {
  const { client, server } = await tcpPair()
  const receiving = server.recv(new Uint8Array(8))
  server.close()
  await assert.rejects(receiving, { code: 'ERR_SOCKET_CLOSED' })
  client.close()
})

test('B20: two readers at once: the second is told that the socket is busy', async () => {
  const { client, server } = await tcpPair()
  const first = server.recv(new Uint8Array(8))
  await assert.rejects(server.recv(new Uint8Array(8)), { name: 'BusyError', code: 'ERR_SOCKET_BUSY' })
  await client.sendAll(bytes('x'))
  assert.equal(await first, 1)
  client.close()
  server.close()
})

test('B20: nothing of a closed socket reaches the one that has its number now', async () => {
  const listener = listening()
  for (let time = 0; time < 50; time++) {
    const old = new Socket(AF_INET, SOCK_STREAM)
    await old.connect(listener.localAddress)
    const { peer: oldPeer } = await listener.accept()
    const receiving = old.recv(new Uint8Array(8))
    receiving.catch(() => {})
    const { fd } = old
    // Queued for the flush, and ready to be received, when the number is given out again.
    void old.sendAll(bytes('old'))
    oldPeer.trySend(bytes('late'))
    old.close()
    const young = new Socket(AF_INET, SOCK_STREAM)
    assert.equal(young.fd, fd)
    await young.connect(listener.localAddress)
    const { peer } = await listener.accept()
    await peer.sendAll(bytes('for the young'))
    const buffer = new Uint8Array(64)
    assert.equal(text(buffer, await young.recv(buffer)), 'for the young')
    await young.sendAll(bytes('new'))
    assert.equal(text(buffer, await peer.recv(buffer)), 'new')
    await assert.rejects(receiving, { code: 'ERR_SOCKET_CLOSED' })
    for (const socket of [young, peer, oldPeer]) socket.close()
  }
  listener.close()
})

test('B20: a channel and a connection that are closed refuse to send', async () => {
  const channel = new Socket(AF_INET, SOCK_DGRAM).bind(inet('127.0.0.1', 0)).receiveWith({ datagram: () => {} })
  channel.close()
  assert.throws(() => channel.send(bytes('x'), inet('127.0.0.1', 9)), { code: 'ERR_SOCKET_CLOSED' })
  const { client, server } = await tcpPair()
  const connection = server.handleWith({ data: () => {} })
  connection.abort()
  assert.throws(() => connection.send(bytes('x')), { code: 'ERR_SOCKET_CLOSED' })
  client.close()
})
