// B5: client and server exchange data; the wildcard accepts on every interface of its family.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { AF_INET, AF_INET6, inet, inet6, IPV6_V6ONLY, SOCK_STREAM, Socket } from '../../src/index.ts'
import { bytes, listening, portOf, text } from '../support/connections.ts'
import { PythonPeer } from '../support/python-peer.ts'

const python = new PythonPeer()
after(() => python.end())

test('B5: our server and a client in Python', async () => {
  const listener = listening()
  await python.ask(`c = socket.create_connection(('127.0.0.1', ${portOf(listener)}))`)
  const { peer, address } = await listener.accept()
  assert.equal(portOf(address), await python.ask('c.getsockname()[1]'))
  await python.ask(`c.sendall(b'from python')`)
  const buffer = new Uint8Array(64)
  assert.equal(text(buffer, await peer.recv(buffer)), 'from python')
  await peer.sendAll(bytes('to python'))
  assert.equal(text(await python.receive('c', 9)), 'to python')
  await python.ask('c.close()')
  assert.equal(await peer.recv(buffer), 0)
  peer.close()
  listener.close()
})

test('B5: our client and a server in Python', async () => {
  await python.ask(`l = socket.create_server(('127.0.0.1', 0))`)
  const port = await python.ask<number>('l.getsockname()[1]')
  const client = new Socket(AF_INET, SOCK_STREAM)
  await client.connect(inet('127.0.0.1', port))
  await python.ask('c, a = l.accept()')
  assert.equal(await python.ask('a[1]'), portOf(client))
  await client.sendAll(bytes('hello'))
  assert.equal(text(await python.receive('c', 5)), 'hello')
  await python.ask(`c.sendall(b'x' * 100000)`)
  const answer = new Uint8Array(100_000)
  await client.recvExactly(answer)
  assert.ok(answer.every((byte) => byte === 0x78))
  await python.ask('c.close(); l.close()')
  await client.finish()
})

test("B5: with Node's own net, both ways", async () => {
  const listener = listening()
  const theirs = connect(portOf(listener), '127.0.0.1')
  const { peer } = await listener.accept()
  theirs.end('from net')
  const buffer = new Uint8Array(8)
  await peer.recvExactly(buffer)
  assert.equal(text(buffer), 'from net')
  await peer.finish()
  listener.close()
  const server = createServer((socket) => socket.end('hi')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = new Socket(AF_INET, SOCK_STREAM)
  await client.connect(inet('127.0.0.1', (server.address() as AddressInfo).port))
  await client.recvExactly(buffer.subarray(0, 2))
  assert.equal(text(buffer, 2), 'hi')
  await client.finish()
  server.close()
})

test('B5: a wildcard accepts on every address of its family, and :: on IPv4 too when it may', async () => {
  const wildcard = new Socket(AF_INET, SOCK_STREAM).bind(inet('0.0.0.0', 0)).listen()
  for (const host of ['127.0.0.1', '127.1.2.3']) {
    const client = new Socket(AF_INET, SOCK_STREAM)
    await client.connect(inet(host, portOf(wildcard)))
    const { peer } = await wildcard.accept()
    assert.equal(String(peer.localAddress), `${host}:${portOf(wildcard)}`)
    client.close()
    peer.close()
  }
  wildcard.close()
  for (const isOnly of [false, true]) {
    const both = new Socket(AF_INET6, SOCK_STREAM).set(IPV6_V6ONLY, isOnly).bind(inet6('::', 0)).listen()
    const client = new Socket(AF_INET, SOCK_STREAM)
    const connecting = client.connect(inet('127.0.0.1', portOf(both)))
    if (isOnly) await assert.rejects(connecting, { code: 'ECONNREFUSED' })
    else {
      await connecting
      const { peer, address } = await both.accept()
      assert.equal(String(address), `[::ffff:127.0.0.1]:${portOf(client)}`)
      peer.close()
    }
    client.close()
    both.close()
  }
})
