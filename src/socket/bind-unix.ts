/**
 * Binding a Unix path as servers need it: the file has the mode asked for before anyone can connect, and a file that a
 * dead server left behind is replaced, but never one that somebody listens on.
 */
import type FileSystem from 'node:fs'
import { argumentValueError, checkInteger } from '../base/argument-error.ts'
import { unix, type UnixAddress } from '../base/address.ts'
import { SocketError } from '../base/errors.ts'
import { AF_UNIX, ECONNREFUSED } from '../sys/constants.ts'
import { packAddress } from '../sys/sockaddr.ts'
import { Socket } from './socket.ts'

/** Got at the first use: importing it would cost every program, with or without Unix sockets, two milliseconds. */
function files(): typeof FileSystem {
  return process.getBuiltinModule('node:fs')
}

/** What `bindUnix` takes. */
export interface BindUnixOptions {
  /** The file's mode, 0o600 if not given: who may connect must be able to write to it (unix(7)). */
  readonly mode?: number | undefined
}

/**
 * Binds a Unix socket to a path. A stale file of the same name is replaced; one that a live socket is bound to is
 * EADDRINUSE, and a file that is no socket is never touched. Call it before `listen`. Throws `SocketError`.
 */
export function bindUnix(socket: Socket, path: string, { mode = 0o600 }: BindUnixOptions = {}): UnixAddress {
  checkInteger('options.mode', mode, 0, 0o777)
  if (socket.family !== AF_UNIX) throw argumentValueError('socket', 'it must be of the family AF_UNIX', socket.family)
  const address = unix(path)
  // The file takes over the socket's own mode, less the umask; a datagram socket can be sent to from that moment on.
  files().fchmodSync(socket.fd, mode)
  try {
    socket.bind(address)
  } catch (error) {
    if (!(error instanceof SocketError) || error.code !== 'EADDRINUSE') throw error
    if (!removeStale(socket, address, path)) throw error
    socket.bind(address)
  }
  files().chmodSync(path, mode)
  return address
}

/** A socket file that nobody is bound to refuses to be connected; one that is alive accepts, or says why not. */
function removeStale(socket: Socket, address: UnixAddress, path: string): boolean {
  const found = files().lstatSync(path, { throwIfNoEntry: false })
  if (!found?.isSocket()) return false
  const probe = new Socket(AF_UNIX, socket.type)
  const result = socket.reactor.binding.connect(probe.fd, packAddress(address))
  probe.close()
  // Another program may have replaced the file meanwhile.
  if (result !== -ECONNREFUSED || files().lstatSync(path, { throwIfNoEntry: false })?.ino !== found.ino) return false
  files().unlinkSync(path)
  return true
}
