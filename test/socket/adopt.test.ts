// adopt and toNode…: sockets that change hands between Node's modules and this library lose nothing on the way.
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection, createServer, type AddressInfo, type Server, type Socket as NodeSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { TLSSocket } from 'node:tls'
import {
  adopt,
  AF_INET,
  AF_INET6,
  AF_UNIX,
  inet,
  SHUT_WR,
  SOCK_DGRAM,
  SOCK_STREAM,
  Socket,
  socketpair,
  toNodeDatagramSocket,
  toNodeServer,
  toNodeSocket,
  type Adoptable,
} from '../../src/index.ts'
import {
  boundDatagram,
  bytes,
  closeAll,
  listening,
  pattern,
  portOf,
  receiveAll,
  tcpPair,
  text,
} from '../support/connections.ts'
import { moduleOf, runProgram } from '../support/child.ts'

const VALUE = { code: 'ERR_INVALID_ARG_VALUE' }
const TYPE = { code: 'ERR_INVALID_ARG_TYPE' }

/** A connection whose one end is Node's, the other the library's. */
async function mixedPair(options: { allowHalfOpen?: boolean } = {}): Promise<{ node: NodeSocket; ours: Socket }> {
  const listener = listening()
  const node = createConnection({ port: portOf(listener), host: '127.0.0.1', ...options })
  const [{ peer }] = await Promise.all([listener.accept(), once(node, 'connect')])
  listener.close()
  return { node, ours: peer }
}

test('a live connection goes on in the library, and Node’s object is closed', async () => {
  const { node, ours } = await mixedPair()
  const { localAddress, localPort } = node
  const closed = once(node, 'close')
  const socket = await adopt(node)
  assert.equal(node.destroyed, true)
  assert.deepEqual([socket.family, socket.type], [AF_INET, SOCK_STREAM])
  assert.deepEqual(socket.localAddress, inet(localAddress!, localPort!))
  await closed
  const waiting = socket.read()
  await ours.send(bytes('over here'))
  assert.equal(text(await waiting), 'over here')
  await socket.send(bytes('and back'))
  assert.equal(text(await ours.read()), 'and back')
  socket.close()
  assert.equal(await ours.recv(new Uint8Array(1)), 0)
  ours.close()
})

test('what Node has read and nobody took comes first, and nothing is lost or doubled', async () => {
  const { node, ours } = await mixedPair()
  const data = pattern(300_000)
  const sending = ours.sendAll(data)
  // A piece for Node's own reader; the rest lies in its buffer.
  const first = await new Promise<Buffer>((resolve) => {
    node.once('readable', () => resolve(node.read(1000) as Buffer))
  })
  while (node.readableLength === 0) await new Promise(setImmediate)
  const waiting = node.readableLength
  const socket = await adopt(node)
  assert.ok(waiting > 0)
  await sending
  ours.close()
  const rest = await receiveAll(socket)
  assert.equal(Buffer.compare(Buffer.concat([first, rest]), data), 0)
  socket.close()
})

test('in the middle of a flow, handler after handler: each byte comes once, in order', async () => {
  for (let round = 0; round < 7; round++) {
    const { node, ours } = await mixedPair()
    const data = pattern(500_000, round + 1)
    const sending = ours.sendAll(data).then(() => ours.close())
    const parts: Uint8Array[] = []
    await new Promise<void>((resolve) => {
      node.on('data', (chunk: Buffer) => {
        parts.push(chunk)
        if (parts.length === round + 1) resolve()
      })
    })
    const socket = await adopt(node)
    parts.push(await receiveAll(socket))
    await sending
    assert.equal(Buffer.compare(Buffer.concat(parts), data), 0)
    socket.close()
  }
})

test('what was written to Node’s socket is sent before what is sent by the library', async () => {
  const { node, ours } = await mixedPair()
  const data = pattern(8 << 20)
  node.cork()
  node.write(data.subarray(0, 1000))
  node.write(data.subarray(1000))
  const received = new Uint8Array(data.length + 5)
  const [socket] = await Promise.all([
    adopt(node).then((s) => s.sendAll(bytes('after')).then(() => s)),
    ours.recvExactly(received),
  ])
  assert.equal(Buffer.compare(received.subarray(0, data.length), data), 0)
  assert.equal(text(received.slice(data.length)), 'after')
  closeAll(socket, ours)
})

test('a flush that takes too long is given up, and Node’s socket is as before', async () => {
  const { node, ours } = await mixedPair()
  const data = pattern(16 << 20)
  node.write(data)
  await assert.rejects(adopt(node, { timeout: 5 }), { code: 'ERR_SOCKET_TIMEOUT', operation: 'adopt' })
  const controller = new AbortController()
  const aborted = assert.rejects(adopt(node, { signal: controller.signal }), { message: 'enough' })
  controller.abort(new Error('enough'))
  await aborted
  const heard = once(node, 'data') as Promise<[Buffer]>
  await ours.send(bytes('still Node’s'))
  assert.match((await heard)[0].toString('latin1'), /^still/)
  await ours.recvExactly(new Uint8Array(data.length))
  node.destroy()
  ours.close()
})

test('a peer that has ended while the flush went on can still be sent to', async () => {
  const { node, ours } = await mixedPair() // one that would end when its peer does
  node.resume()
  const data = pattern(8 << 20)
  node.write(data)
  ours.shutdown(SHUT_WR)
  const received = new Uint8Array(data.length + 5)
  const adopting = adopt(node)
  await new Promise(setImmediate)
  const reading = ours.recvExactly(received)
  const socket = await adopting
  await new Promise(setImmediate)
  await socket.sendAll(bytes('after'))
  await reading
  assert.equal(text(received.slice(data.length)), 'after')
  assert.equal(await socket.recv(received), 0)
  closeAll(socket, ours)
})

test('a connection that Node has ended is half of one for the library too', async () => {
  const { node, ours } = await mixedPair({ allowHalfOpen: true })
  node.end('the last words')
  const socket = await adopt(node)
  assert.equal(text(await receiveAll(ours)), 'the last words')
  await ours.send(bytes('heard'))
  assert.equal(text(await socket.read()), 'heard')
  await assert.rejects(socket.send(bytes('x')), { code: 'EPIPE' })
  closeAll(socket, ours)
})

test('the end that came while Node had it is told by the next receive', async () => {
  const { node, ours } = await mixedPair({ allowHalfOpen: true })
  node.pause()
  await ours.send(bytes('all'))
  ours.close()
  while (node.readableLength < 3) {
    node.read(0)
    await new Promise(setImmediate)
  }
  const socket = await adopt(node)
  assert.equal(text(await receiveAll(socket)), 'all')
  socket.close()
})

test('a Unix connection of Node’s', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'berkeley-adopt-'))
  after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'node.sock')
  const server = createServer().listen(path)
  await once(server, 'listening')
  const client = createConnection(path)
  const [accepted] = (await once(server, 'connection')) as [NodeSocket]
  const socket = await adopt(accepted)
  assert.equal(socket.family, AF_UNIX)
  client.write('hello')
  assert.equal(text(await socket.read()), 'hello')
  await assert.rejects(adopt(server), { ...VALUE, message: /bindUnix/ })
  client.destroy()
  socket.close()
  server.close()
  await once(server, 'close')
})

test('a listening server: those that are connected stay Node’s, those to come are the library’s', async () => {
  const server = createServer((connection) => connection.end('Node')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const first = new Socket(AF_INET, SOCK_STREAM)
  await first.connect(inet('127.0.0.1', port))
  assert.equal(text(await receiveAll(first)), 'Node')
  const listener = await adopt(server)
  const second = new Socket(AF_INET, SOCK_STREAM)
  await second.connect(inet('127.0.0.1', port))
  const { peer } = await listener.accept()
  await peer.send(bytes('berkeley'))
  assert.equal(text(await second.read()), 'berkeley')
  assert.equal(server.listening, false)
  closeAll(first, second, peer, listener)
})

test('a datagram socket, behind what it was given to send', async () => {
  const node = createSocket('udp4')
  node.bind(0, '127.0.0.1')
  await once(node, 'listening')
  const { port } = node.address()
  const receiver = boundDatagram()
  for (let i = 0; i < 20; i++) node.send(`${i}`, portOf(receiver), '127.0.0.1')
  const closed = once(node, 'close')
  const socket = await adopt(node)
  await closed
  assert.deepEqual(socket.localAddress, inet('127.0.0.1', port))
  const buffer = new Uint8Array(8)
  for (let i = 0; i < 20; i++) assert.equal(text(buffer, await receiver.recv(buffer)), `${i}`)
  await receiver.sendTo(bytes('answer'), socket.localAddress)
  assert.equal(text(buffer, (await socket.recvFrom(buffer)).length), 'answer')
  closeAll(socket, receiver)
})

test('what cannot be taken over is refused with its reason', async () => {
  const { node, ours } = await mixedPair()
  node.setEncoding('utf8')
  await assert.rejects(adopt(node), { ...VALUE, message: /setEncoding/ })
  const secure = new TLSSocket(node)
  await assert.rejects(adopt(secure), { ...VALUE, message: /TLS/ })
  secure.destroy()
  node.destroy()
  await assert.rejects(adopt(node), VALUE)
  await assert.rejects(adopt(createServer()), VALUE)
  const unbound = createSocket('udp4')
  await assert.rejects(adopt(unbound), VALUE)
  unbound.close()
  const listener = listening()
  const connecting = createConnection(portOf(listener), '127.0.0.1')
  await assert.rejects(adopt(connecting), VALUE)
  connecting.destroy()
  for (const wrong of [undefined, null, 5, 'x', {}, ours]) {
    await assert.rejects(adopt(wrong as Adoptable), { code: /^ERR_INVALID_ARG_/ })
  }
  await assert.rejects(adopt(5 as unknown as NodeSocket), TYPE)
  await assert.rejects(adopt(node, { timeout: -1 }), { code: 'ERR_OUT_OF_RANGE' })
  await assert.rejects(adopt(node, { signal: AbortSignal.abort(new Error('before')) }), { message: 'before' })
  closeAll(listener, ours)
})

test('a socket of the library goes on in Node, with what was received before', async () => {
  const { client, server } = await tcpPair()
  const data = pattern(200_000)
  await server.sendAll(data)
  let first: Uint8Array = new Uint8Array(0)
  const socket = await new Promise<Socket>((resolve) => {
    client.handleWith({
      data(connection, part) {
        first = part.slice()
        connection.pause()
        setImmediate(() => resolve(Socket.takeOver(connection)))
      },
    })
  })
  const node = toNodeSocket(socket)
  assert.equal(socket.isClosed, true)
  const parts: Uint8Array[] = [first]
  node.on('data', (chunk: Buffer) => parts.push(chunk))
  const ended = once(node, 'end')
  node.write('to the library')
  assert.equal(text(await server.read()), 'to the library')
  server.close()
  await ended
  assert.equal(Buffer.compare(Buffer.concat(parts), data), 0)
  node.destroy()
})

test('to Node and back again', async () => {
  const [one, other] = socketpair()
  const socket = await adopt(toNodeSocket(one, { allowHalfOpen: true }))
  await other.send(bytes('there and back'))
  assert.equal(text(await socket.read()), 'there and back')
  closeAll(socket, other)
})

test('a listener becomes a server of Node’s', async () => {
  const listener = listening()
  const address = listener.localAddress
  const server: Server = toNodeServer(listener, (connection) => connection.end('from Node'))
  await once(server, 'listening')
  const client = new Socket(AF_INET, SOCK_STREAM)
  await client.connect(address)
  assert.equal(text(await receiveAll(client)), 'from Node')
  client.close()
  server.close()
  await once(server, 'close')
})

test('a datagram socket becomes one of Node’s', async () => {
  const socket = boundDatagram()
  const address = socket.localAddress
  const node = toNodeDatagramSocket(socket)
  const heard = once(node, 'message') as Promise<[Buffer]>
  const sender = new Socket(AF_INET, SOCK_DGRAM)
  await sender.sendTo(bytes('for Node'), address)
  assert.equal((await heard)[0].toString(), 'for Node')
  sender.close()
  node.close()
  await once(node, 'close')
})

test('what Node has no object for is refused, and stays the library’s', async () => {
  const [stream, listener, datagrams] = [new Socket(AF_INET6, SOCK_STREAM), listening(), boundDatagram()]
  const unix = new Socket(AF_UNIX, SOCK_DGRAM)
  for (const socket of [stream, listener, datagrams, unix]) assert.throws(() => toNodeSocket(socket), VALUE)
  for (const socket of [stream, datagrams, unix]) assert.throws(() => toNodeServer(socket), VALUE)
  for (const socket of [stream, listener, unix]) assert.throws(() => toNodeDatagramSocket(socket), VALUE)
  for (const socket of [stream, listener, datagrams, unix]) assert.equal(socket.isClosed, false)
  closeAll(stream, listener, datagrams, unix)
  assert.throws(() => toNodeSocket(stream), { code: 'ERR_SOCKET_CLOSED' })
  assert.throws(() => toNodeSocket(5 as unknown as Socket), TYPE)
})

test('Node’s modules are not loaded before they are asked for', () => {
  const { stdout, stderr } = runProgram(`
    const before = process.moduleLoadList.length
    await import(${moduleOf('index')})
    console.log(process.moduleLoadList.slice(before).filter((name) => /NativeModule (net|dgram)$/.test(name)))
  `)
  assert.deepEqual([stdout, stderr], ['[]\n', ''])
})
