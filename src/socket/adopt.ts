/**
 * Taking a live socket over from Node: one of `node:net`, a listening server, or one of `node:dgram`.
 *
 * close(2) of one of two descriptors ends nothing: so the descriptor is duplicated, and Node's is closed by Node. Before
 * that what Node has been given to write must be with the kernel, and what Node has read must be had back. Nothing of
 * Node is imported; its objects are known by what they hold.
 */
import type { Socket as NodeDatagramSocket } from 'node:dgram'
import type { Server as NodeServer, Socket as NodeSocket } from 'node:net'
import { argumentTypeError, argumentValueError } from '../base/argument-error.ts'
import { TimeoutError } from '../base/errors.ts'
import { currentReactor } from '../reactor/reactor.ts'
import { systemError } from '../sys/system-error.ts'
import { descriptorBehind, handleOf } from './foreign-descriptor.ts'
import { kindOf } from './fromfd.ts'
import { Socket } from './socket.ts'
import { checkWaiting, type Waiting } from './wait.ts'

/** What `adopt` takes over. */
export type Adoptable = NodeSocket | NodeServer | NodeDatagramSocket

/** The handle of libuv's inside Node's object, as far as it is of use here. */
interface Handle {
  reading?: boolean
  readStart?(): unknown
  readStop?(): unknown
  recvStop?(): unknown
  getSendQueueCount?(): number
}

/**
 * A socket of the library for one that Node has open; Node's object is closed (its `close` event says so), and the
 * connection lives on. What Node has read and not delivered comes first from `recv`; what was written to it is sent
 * first, and `waiting` limits that. TLS, decoded text (`setEncoding`) and a listener on a path, whose file Node removes
 * when it lets go, cannot be taken over; a datagram to a host whose name is still being looked up is lost. Rejects with a `TypeError` that says why, `SocketError`, `TimeoutError`, the
 * signal's reason, or what the flush failed with; then Node's object is as before.
 */
export async function adopt(foreign: Adoptable, waiting?: Waiting): Promise<Socket> {
  if (waiting !== undefined) checkWaiting(waiting)
  waiting?.signal?.throwIfAborted()
  if (typeof foreign !== 'object' || foreign === null) {
    throw argumentTypeError('foreign', 'a socket or server of node:net, or a socket of node:dgram', foreign)
  }
  descriptorBehind(foreign, 'foreign')
  if (isStream(foreign)) return adoptStream(foreign, waiting)
  if (isServer(foreign)) return adoptServer(foreign)
  if (isDatagramSocket(foreign)) return adoptDatagramSocket(foreign, waiting)
  throw argumentTypeError('foreign', 'a socket or server of node:net, or a socket of node:dgram', foreign)
}

function isStream(foreign: Adoptable): foreign is NodeSocket {
  return 'setNoDelay' in foreign && 'readableEncoding' in foreign
}

function isServer(foreign: Adoptable): foreign is NodeServer {
  return 'getConnections' in foreign && 'listening' in foreign
}

function isDatagramSocket(foreign: Adoptable): foreign is NodeDatagramSocket {
  return 'setBroadcast' in foreign
}

/** A socket for a duplicate of the descriptor that Node has. Throws `SocketError`. */
function duplicateOf(foreign: Adoptable): Socket {
  const reactor = currentReactor()
  const number = reactor.binding.dup(descriptorBehind(foreign, 'foreign'))
  if (number < 0) throw systemError(number, 'dup')
  try {
    return new Socket({ reactor, number, kind: kindOf(reactor.binding, number) })
  } catch (error) {
    reactor.binding.close(number)
    throw error
  }
}

async function adoptStream(stream: NodeSocket, waiting: Waiting | undefined): Promise<Socket> {
  if ('encrypted' in stream) {
    throw argumentValueError('foreign', 'the keys of its TLS stay in Node; take over before TLS begins', stream)
  }
  if (stream.readableEncoding !== null) {
    throw argumentValueError('foreign', 'setEncoding was called: bytes that it has decoded are lost', stream)
  }
  if (stream.connecting) throw argumentValueError('foreign', 'it is still connecting; await its connect event', stream)
  const handle = handleOf(stream) as Handle
  const wasFlowing = stream.readableFlowing === true
  // Node must neither read on nor, having read the end, end the other direction meanwhile.
  if (wasFlowing) stream.pause()
  Reflect.set(stream, '_read', () => {})
  const wasReading = handle.reading === true
  read(handle, false)
  try {
    await written(stream, waiting)
    const socket = duplicateOf(stream)
    const readAhead = unreadOf(stream)
    if (readAhead.length > 0) socket.readAhead = readAhead
    stream.destroy()
    return socket
  } catch (error) {
    Reflect.deleteProperty(stream, '_read')
    if (wasReading && !stream.destroyed) read(handle, true)
    if (wasFlowing) stream.resume()
    throw error
  }
}

function read(handle: Handle, isReading: boolean): void {
  if (isReading) handle.readStart?.()
  else handle.readStop?.()
  handle.reading = isReading
}

/** Fulfilled when all that was written is with the kernel. */
function written(stream: NodeSocket, { signal, timeout }: Waiting = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (error?: unknown): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      stream.off('error', finish)
      stream.off('close', closed)
      if (error === undefined || error === null) resolve()
      else reject(error)
    }
    const abort = (): void => finish(signal?.reason)
    const closed = (): void => finish(argumentValueError('foreign', 'it was closed meanwhile', stream))
    const isLimited = timeout !== undefined && timeout !== Number.POSITIVE_INFINITY
    const timer = isLimited ? setTimeout(() => finish(new TimeoutError('adopt', timeout)), timeout) : undefined
    signal?.addEventListener('abort', abort)
    stream.on('error', finish)
    stream.on('close', closed)
    while (stream.writableCorked > 0) stream.uncork()
    if (stream.writableFinished || (stream.writableLength === 0 && !stream.writableEnded)) finish()
    else if (stream.writableEnded) stream.once('finish', () => finish())
    else stream.write(new Uint8Array(0), finish)
  })
}

/** What Node has read and nobody has taken. */
function unreadOf(stream: NodeSocket): Uint8Array[] {
  stream.unpipe()
  stream.removeAllListeners('data')
  stream.removeAllListeners('readable')
  const unread: Uint8Array[] = []
  for (;;) {
    const chunk = stream.read() as Uint8Array | null
    if (chunk === null) return unread
    unread.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length))
  }
}

function adoptServer(server: NodeServer): Socket {
  const address = server.address()
  if (typeof address === 'string' && !address.startsWith('\0')) {
    throw argumentValueError(
      'foreign',
      'Node removes the file of a server that it lets go; listen on the path with bindUnix()',
      server,
    )
  }
  const socket = duplicateOf(server)
  server.close()
  return socket
}

async function adoptDatagramSocket(datagrams: NodeDatagramSocket, { timeout, signal }: Waiting = {}): Promise<Socket> {
  const handle = handleOf(datagrams) as Handle
  const end = performance.now() + (timeout ?? Number.POSITIVE_INFINITY)
  // Even for an address in numbers Node sends only behind its own look-up; then each turn of the loop hands some on.
  do {
    await new Promise(setImmediate)
    signal?.throwIfAborted()
    if (performance.now() > end) throw new TimeoutError('adopt', timeout ?? 0)
  } while ((handle.getSendQueueCount?.() ?? 0) > 0)
  const socket = duplicateOf(datagrams)
  datagrams.close()
  return socket
}
