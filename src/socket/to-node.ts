/**
 * Handing a socket to Node: to `node:net`, or to `node:dgram`. The modules are loaded at the first call, since most
 * programs need neither.
 */
import type { Socket as NodeDatagramSocket } from 'node:dgram'
import type { Server as NodeServer, Socket as NodeSocket } from 'node:net'
import { argumentTypeError, argumentValueError } from '../base/argument-error.ts'
import { ClosedError } from '../base/errors.ts'
import { AF_INET, AF_INET6, AF_UNIX, SOCK_DGRAM, SOCK_STREAM } from '../sys/constants.ts'
import { SO_ACCEPTCONN } from './options/index.ts'
import { Socket, type Detached } from './socket.ts'

/**
 * A `node:net` Socket for a connected stream of TCP or Unix. What had been received comes first from it. This object is
 * spent. Throws `BusyError`, `ClosedError`, or a `TypeError` for a socket that Node has none for.
 */
export function toNodeSocket(socket: Socket, options: { readonly allowHalfOpen?: boolean } = {}): NodeSocket {
  checkSocket(socket, 'toNodeSocket')
  if (!isNodeStream(socket) || socket.remoteAddress === undefined || socket.get(SO_ACCEPTCONN)) {
    throw argumentValueError('socket', 'Node has sockets for connected streams of TCP and Unix only', socket)
  }
  const net = process.getBuiltinModule('node:net')
  return given(socket, ({ fd, readAhead }) => {
    const stream = new net.Socket({ ...options, fd, readable: true, writable: true })
    for (const bytes of readAhead.toReversed()) stream.unshift(bytes)
    return stream
  })
}

/**
 * A `node:net` Server that accepts on a listening stream socket; it is listening when its event says so. This object is
 * spent. Throws as `toNodeSocket`.
 */
export function toNodeServer(socket: Socket, onConnection?: (connection: NodeSocket) => void): NodeServer {
  checkSocket(socket, 'toNodeServer')
  if (!isNodeStream(socket) || !socket.get(SO_ACCEPTCONN)) {
    throw argumentValueError('socket', 'it must be a stream of TCP or Unix that listens; call listen first', socket)
  }
  const net = process.getBuiltinModule('node:net')
  return given(socket, ({ fd }) => net.createServer(onConnection).listen({ fd }))
}

/**
 * A `node:dgram` Socket for a bound UDP socket. Its `listening` event has been already: it receives. This object is
 * spent. Throws as `toNodeSocket`.
 */
export function toNodeDatagramSocket(socket: Socket): NodeDatagramSocket {
  checkSocket(socket, 'toNodeDatagramSocket')
  const { family, type } = socket
  if (type !== SOCK_DGRAM || (family !== AF_INET && family !== AF_INET6)) {
    throw argumentValueError('socket', 'Node has datagram sockets for UDP only', socket)
  }
  const dgram = process.getBuiltinModule('node:dgram')
  return given(socket, ({ fd }) => {
    const datagrams = dgram.createSocket(family === AF_INET ? 'udp4' : 'udp6')
    datagrams.bind({ fd })
    return datagrams
  })
}

function checkSocket(socket: unknown, operation: string): asserts socket is Socket {
  if (process.versions['bun'] !== undefined || process.versions['deno'] !== undefined) {
    throw argumentValueError('socket', `${operation} needs Node.js: this runtime's modules take no descriptors`, socket)
  }
  if (!(socket instanceof Socket)) throw argumentTypeError('socket', 'a Socket', socket)
  if (socket.isClosed) throw new ClosedError(operation)
}

function isNodeStream({ family, type }: Socket): boolean {
  return type === SOCK_STREAM && (family === AF_INET || family === AF_INET6 || family === AF_UNIX)
}

/** Gives the descriptor to what `take` makes; it is closed if that fails. */
function given<Result>(socket: Socket, take: (detached: Detached) => Result): Result {
  const { binding } = socket.reactor
  const detached = socket.detach()
  try {
    return take(detached)
  } catch (error) {
    binding.close(detached.fd)
    throw error
  }
}
