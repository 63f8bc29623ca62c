// Options of sockets that this library does not own: those of Node's modules, and descriptors by their number.
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer as createHttpServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import { createConnection, createServer, Socket as NodeSocket, type AddressInfo, type Server } from 'node:net'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import {
  AF_INET,
  optionsOf,
  SO_ACCEPTCONN,
  SO_BROADCAST,
  SO_DOMAIN,
  SO_KEEPALIVE,
  SO_REUSEADDR,
  SO_TYPE,
  SOCK_DGRAM,
  SOCK_STREAM,
  Socket,
  socketpair,
  SOL_SOCKET,
  TCP_INFO,
  TCP_NODELAY,
} from '../../src/index.ts'
import { closedAfterEach } from '../support/opened.ts'
import { PythonPeer } from '../support/python-peer.ts'
import { needs } from '../support/needs.ts'

const opened = closedAfterEach()

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

function closed(server: Server): Promise<unknown> {
  server.close()
  return once(server, 'close')
}

test(
  'a node:net socket and server: what is set is what Python reads',
  { skip: needs({ program: 'python3' }) },
  async () => {
    const server = createServer()
    const client = createConnection(await listening(server), '127.0.0.1')
    const [peer] = (await once(server, 'connection')) as [NodeSocket]
    const options = optionsOf(client)
    assert.equal(options.set(TCP_NODELAY, true).get(TCP_NODELAY), true)
    assert.equal(options.get(TCP_INFO).state, 'ESTABLISHED')
    assert.equal(optionsOf(server).get(SO_ACCEPTCONN), true)
    assert.equal(optionsOf(peer).get(SO_ACCEPTCONN), false)
    const python = new PythonPeer([options.fd])
    assert.equal(await python.ask('socket.socket(fileno=3).getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)'), 1)
    await python.end()
    client.setKeepAlive(true)
    assert.equal(options.get(SO_KEEPALIVE), true)
    assert.deepEqual([options.isNonBlocking(), options.isCloseOnExec()], [true, true])
    client.write('hello')
    const buffered = optionsOf(peer)
    peer.pause()
    await once(peer, 'readable').catch(() => {})
    assert.ok(buffered.bytesReadable() >= 0)
    client.destroy()
    peer.destroy()
    assert.throws(() => options.get(SO_KEEPALIVE), { code: 'ERR_INVALID_ARG_VALUE', message: /no descriptor now/ })
    await closed(server)
    assert.throws(() => optionsOf(server), { code: 'ERR_INVALID_ARG_VALUE' })
  },
)

test('a node:dgram socket, once it is bound', async () => {
  const warned: Error[] = []
  process.on('warning', (warning) => warned.push(warning))
  const socket = createSocket('udp4')
  assert.throws(() => optionsOf(socket), { code: 'ERR_INVALID_ARG_VALUE', message: /not open yet/ })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const options = optionsOf(socket)
  assert.equal(options.get(SO_TYPE), SOCK_DGRAM)
  assert.equal(options.get(SO_BROADCAST), false)
  socket.setBroadcast(true)
  assert.equal(options.get(SO_BROADCAST), true)
  socket.close()
  await once(socket, 'close')
  assert.throws(() => options.get(SO_BROADCAST), { code: 'ERR_INVALID_ARG_VALUE' })
  await new Promise(setImmediate)
  assert.deepEqual(warned, []) // the deprecated way would have said so
})

test('request, response and server of node:http, on both sides', async () => {
  const server = createHttpServer()
  const port = await listening(server)
  const asked = request({ port, host: '127.0.0.1', agent: false })
  assert.throws(() => optionsOf(asked), { code: 'ERR_INVALID_ARG_VALUE' }) // it has no socket yet
  asked.end()
  const [incoming, outgoing] = (await once(server, 'request')) as [IncomingMessage, ServerResponse]
  assert.equal(optionsOf(incoming).get(SO_DOMAIN), AF_INET)
  assert.equal(optionsOf(outgoing).fd, optionsOf(incoming.socket).fd)
  assert.equal(optionsOf(server).get(SO_ACCEPTCONN), true)
  assert.equal(optionsOf(asked).get(TCP_INFO).state, 'ESTABLISHED')
  outgoing.end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  assert.equal(optionsOf(response).get(SO_TYPE), SOCK_STREAM)
  response.resume()
  await once(response, 'close')
  await closed(server)
})

test('TLS over a stream that is no socket has no descriptor, and the error says so', () => {
  const secure = connectTls({ socket: new PassThrough() })
  secure.on('error', () => {})
  assert.throws(() => optionsOf(secure), { code: 'ERR_INVALID_ARG_VALUE', message: /TLS runs over a stream/ })
  secure.destroy()
})

test('a number, and a socket of this library', () => {
  const socket = opened(new Socket(AF_INET, SOCK_STREAM))
  const options = optionsOf(socket.fd)
  options.set(SO_REUSEADDR, true)
  assert.equal(socket.get(SO_REUSEADDR), true)
  assert.equal(optionsOf(socket).fd, socket.fd)
  assert.equal(options.setsockopt(SOL_SOCKET, SO_REUSEADDR.number, 0), options)
  assert.deepEqual([...options.getsockopt(SOL_SOCKET, SO_REUSEADDR.number, 4)], [0, 0, 0, 0])
  socket.close()
  assert.throws(() => optionsOf(socket), { code: 'ERR_SOCKET_CLOSED' })
})

test('flags: O_NONBLOCK, FD_CLOEXEC and the owner, as the kernel shows them', () => {
  const [socket] = socketpair().map(opened) as [Socket, Socket]
  const options = optionsOf(socket.fd)
  assert.equal(options.setNonBlocking(false).isNonBlocking(), false)
  assert.equal(socket.isNonBlocking(), false)
  options.setNonBlocking(true)
  assert.equal(socket.isNonBlocking(), true)
  assert.equal(options.setCloseOnExec(false).isCloseOnExec(), false)
  options.setCloseOnExec(true)
  assert.equal(options.owner(), 0)
  assert.equal(options.setOwner(process.pid).owner(), process.pid)
  assert.equal(socket.owner(), process.pid)
})

test('what has no descriptor at all is a TypeError that names what has', () => {
  for (const wrong of [undefined, null, 'socket', true, {}, [], new PassThrough(), Symbol('x'), 1n]) {
    assert.throws(() => optionsOf(wrong as never), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' }, typeof wrong)
  }
  for (const wrong of [-1, 1.5, Number.NaN, 2 ** 31]) {
    assert.throws(() => optionsOf(wrong), { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' })
  }
  assert.throws(() => optionsOf(new NodeSocket()), { code: 'ERR_INVALID_ARG_VALUE' })
  const nobody = optionsOf(0x7fff_fff0)
  assert.throws(() => nobody.get(SO_TYPE), { name: 'SocketError', code: 'EBADF' })
  assert.throws(() => nobody.isNonBlocking(), { name: 'SocketError', code: 'EBADF' })
  assert.throws(() => nobody.owner(), { name: 'SocketError', code: 'EBADF' })
  assert.throws(() => nobody.bytesReadable(), { name: 'SocketError', code: 'EBADF' })
})
