// `finish`: closing so that nothing that was sent is lost, and the peer that does not let us.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { AF_UNIX, SHUT_WR, SOCK_SEQPACKET, SOCK_STREAM, Socket, socketpair } from '../../src/index.ts'
import { boundDatagram, bytes, listening, pattern, portOf, tcpPair, text } from '../support/connections.ts'
import { openDescriptors } from '../support/open-descriptors.ts'
import { closedAfterEach } from '../support/opened.ts'
import { PythonPeer } from '../support/python-peer.ts'

const opened = closedAfterEach()
const python = new PythonPeer()
after(() => python.end())

/** A connection that Python has as `c`. */
async function connected(): Promise<Socket> {
  const listener = opened(listening())
  await python.ask(`c = socket.create_connection(('127.0.0.1', ${portOf(listener)}))`)
  const { peer } = await listener.accept()
  return opened(peer)
}

test('what was sent arrives, and then the end, though input is unread', async () => {
  const peer = await connected()
  const content = pattern(300_000)
  await python.ask(`c.sendall(b'never read')`)
  const sending = peer.sendAll(content)
  const finished = sending.then(() => peer.finish())
  assert.deepEqual(await python.receive('c', 400_000), content)
  await python.ask('c.close()')
  await finished
  assert.equal(peer.isClosed, true)
})

test('it waits for a send that is under way', async () => {
  const peer = await connected()
  const content = pattern(8_000_000)
  const sending = peer.sendAll(content)
  const finished = peer.finish()
  assert.deepEqual(await python.receive('c', 9_000_000), content)
  await python.ask('c.close()')
  await Promise.all([sending, finished])
})

test('a peer that does not finish by the deadline is reset, and the promise tells', async () => {
  const peer = await connected()
  await assert.rejects(peer.finish({ deadline: 20 }), { code: 'ERR_SOCKET_TIMEOUT', message: /finish/ })
  assert.equal(peer.isClosed, true)
  assert.equal((await python.receive('c', 1)).length, 0)
  await assert.rejects(
    python.ask(`(c.send(b'x'), c.recv(1), c.send(b'x'), c.send(b'x'))`),
    /ConnectionReset|BrokenPipe/,
  )
  await python.ask('c.close()')
})

test('the deadline counts from the beginning: a peer that reads nothing of a send under way is reset, too', async () => {
  const peer = await connected()
  const sending = peer.sendAll(pattern(32_000_000))
  const finished = peer.finish({ deadline: 20 })
  await assert.rejects(finished, { code: 'ERR_SOCKET_TIMEOUT' })
  await assert.rejects(sending, { code: 'ERR_SOCKET_CLOSED' })
  await assert.rejects(python.ask(`[c.recv(1 << 20) for _ in range(100)]`), { name: 'ConnectionResetError' })
  await python.ask('c.close()')
})

test('a peer that sends without end is thrown away until the deadline', async () => {
  const peer = await connected()
  await python.ask(`
def flood(s=c):
    try:
        while True: s.send(b'x' * 65536)
    except OSError as error: globals().update(ended=type(error).__name__)
flooding = threading.Thread(target=flood); flooding.start()`)
  await assert.rejects(peer.finish({ deadline: 50 }), { code: 'ERR_SOCKET_TIMEOUT' })
  await python.ask('flooding.join()')
  assert.match(await python.ask<string>('ended'), /ConnectionReset|BrokenPipe/)
  await python.ask('c.close()')
})

test('a peer that has finished already, or has reset, keeps nobody waiting', async () => {
  const finished = await connected()
  await python.ask('c.shutdown(socket.SHUT_WR)')
  assert.equal(await finished.recv(new Uint8Array(1)), 0)
  await finished.finish({ deadline: 60_000 })
  assert.equal((await python.receive('c', 1)).length, 0)
  const reset = await connected()
  await python.ask(`(c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0)), c.close())`)
  await reset.finish({ deadline: 60_000 })
})

test('after shutdown, and twice', async () => {
  const peer = await connected()
  peer.shutdown(SHUT_WR)
  const finished = peer.finish()
  await assert.rejects(peer.finish(), { code: 'ERR_SOCKET_BUSY' })
  await assert.rejects(peer.recv(new Uint8Array(1)), { code: 'ERR_SOCKET_BUSY' })
  await python.ask('c.close()')
  await finished
  await assert.rejects(peer.finish(), { code: 'ERR_SOCKET_CLOSED' })
})

test('while a receive waits it is refused; close meanwhile ends it with ClosedError', async () => {
  const { client, server } = await tcpPair()
  opened(server)
  const reading = client.recv(new Uint8Array(1))
  await assert.rejects(client.finish(), { code: 'ERR_SOCKET_BUSY' })
  client.close()
  await assert.rejects(reading, { code: 'ERR_SOCKET_CLOSED' })
  const finishing = server.finish()
  server.close()
  // The peer was closed: whichever came first, the end or the close.
  await finishing.catch((error: { code?: string }) => assert.equal(error.code, 'ERR_SOCKET_CLOSED'))
})

test('a deadline that is no number of milliseconds is refused, and the socket stays open', async () => {
  const { client, server } = await tcpPair()
  opened(server)
  opened(client)
  for (const deadline of [-1, Number.NaN, '1', null]) {
    // @ts-expect-error no number, or below 0
    await assert.rejects(client.finish({ deadline }), { code: /ERR_OUT_OF_RANGE|ERR_INVALID_ARG_TYPE/ })
  }
  assert.equal(client.isClosed, false)
})

test('sockets without a stream are closed at once: datagrams, records, listeners, unconnected ones', async () => {
  const [one, other] = socketpair(SOCK_SEQPACKET)
  await one.send(bytes('last'))
  const buffer = new Uint8Array(8)
  for (const socket of [one, boundDatagram(), listening(), new Socket(AF_UNIX, SOCK_STREAM)]) {
    await socket.finish({ deadline: 60_000 })
    assert.equal(socket.isClosed, true)
  }
  assert.equal(text(buffer, await other.recv(buffer)), 'last')
  assert.equal(await other.recv(buffer), 0)
  other.close()
})

test('await using, and Symbol.asyncDispose, finish; on a closed socket they do nothing', async () => {
  const before = openDescriptors().size
  const { client, server } = await tcpPair()
  await client.sendAll(bytes('bye'))
  const disposed = client[Symbol.asyncDispose]()
  const buffer = new Uint8Array(8)
  assert.equal(text(buffer, await server.recv(buffer)), 'bye')
  assert.equal(await server.recv(buffer), 0)
  server.close()
  await disposed
  await client[Symbol.asyncDispose]()
  assert.equal(openDescriptors().size, before)
})
