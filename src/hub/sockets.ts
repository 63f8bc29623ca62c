/** The sockets that a hub listens on, bound all or none. */
import { inet, inet6, type AnyAddress } from '../base/address.ts'
import { parseInetText } from '../base/inet-text.ts'
import { SocketError } from '../base/errors.ts'
import { bindUnix, IPV6_V6ONLY, SO_REUSEADDR, Socket } from '../socket/index.ts'
import { AF_INET, AF_INET6, AF_UNIX, SOCK_DGRAM, SOCK_STREAM } from '../sys/constants.ts'
import type { ClientKind } from './rooms.ts'

/** A bound socket and the kind of its clients. */
export interface HubSocket {
  readonly kind: ClientKind
  readonly socket: Socket
}

/**
 * Binds TCP and UDP to one port of each host. Port 0 is one that is free for all of them.
 * @throws SocketError of bind(2), with the address; then none is bound
 */
export function openInet(hosts: readonly string[], port: number): HubSocket[] {
  const opened: HubSocket[] = []
  try {
    let chosen = port
    for (const host of hosts) {
      for (const kind of ['tcp', 'udp'] as const) {
        const socket = open(kind, host, chosen)
        opened.push({ kind, socket })
        chosen = portOf(socket.localAddress)
      }
    }
    return opened
  } catch (error) {
    for (const { socket } of opened) socket.close()
    throw error
  }
}

function open(kind: 'tcp' | 'udp', host: string, port: number): Socket {
  const isInet = typeof parseInetText(host) !== 'string'
  const socket = new Socket(isInet ? AF_INET : AF_INET6, kind === 'tcp' ? SOCK_STREAM : SOCK_DGRAM)
  try {
    // A hub that ended a moment ago does not hold the port by connections in TIME_WAIT.
    if (kind === 'tcp') socket.set(SO_REUSEADDR, true)
    if (!isInet) socket.set(IPV6_V6ONLY, true)
    socket.bind(isInet ? inet(host, port) : inet6(host, port))
    // Another may have bound the same port with SO_REUSEADDR; only listen(2) tells.
    if (kind === 'tcp') listen(socket)
    return socket
  } catch (error) {
    socket.close()
    throw error
  }
}

function listen(socket: Socket): void {
  const address = socket.localAddress
  try {
    socket.listen()
  } catch (error) {
    if (!(error instanceof SocketError)) throw error
    throw new SocketError({ code: error.code, errno: error.errno, syscall: error.syscall, address })
  }
}

function portOf(address: AnyAddress): number {
  return 'port' in address ? address.port : 0
}

/**
 * Binds a stream and a datagram socket to two paths; only this user may connect. Files of dead programs are replaced.
 * @throws SocketError, EADDRINUSE when a live socket has one of the paths; TypeError or RangeError for a bad path
 */
export function openUnix(streamPath: string, datagramPath: string): HubSocket[] {
  const stream = new Socket(AF_UNIX, SOCK_STREAM)
  const datagram = new Socket(AF_UNIX, SOCK_DGRAM)
  let bound: string | undefined
  try {
    bindUnix(stream, streamPath)
    bound = streamPath
    stream.listen()
    bindUnix(datagram, datagramPath)
  } catch (error) {
    stream.close()
    datagram.close()
    if (bound !== undefined) process.getBuiltinModule('node:fs').rmSync(bound, { force: true })
    throw error
  }
  return [
    { kind: 'unix', socket: stream },
    { kind: 'unix-dgram', socket: datagram },
  ]
}
