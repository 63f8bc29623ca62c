/** Sockets of descriptors that the program was given: by inetd, by a service manager, by another program or library. */
import { argumentValueError, checkInteger } from '../base/argument-error.ts'
import { currentReactor } from '../reactor/reactor.ts'
import type { Binding } from '../sys/binding.ts'
import {
  ENOTCONN,
  SO_ACCEPTCONN,
  SO_DOMAIN,
  SO_PROTOCOL,
  SO_TYPE,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  SOL_SOCKET,
} from '../sys/constants.ts'
import { systemError } from '../sys/system-error.ts'
import { borrowNonBlocking, setCloseOnExec } from './adopted-flags.ts'
import type { SocketKind } from './open-socket.ts'
import { Socket } from './socket.ts'

const word = new Int32Array(1)
const wordBytes = new Uint8Array(word.buffer)
const name = new Uint8Array(128)

/**
 * A socket for an open descriptor, which belongs to it from now on: family, type and protocol are asked of the kernel.
 * Standard input is one under inetd: `fromfd(0)`. It is made close-on-exec; a connection that other processes share
 * stays blocking for them (a listener and a socket without a peer do not, until `detach` or `close`). Throws
 * `SocketError` (EBADF; ENOTSOCK for a file, a pipe, a terminal), or a `TypeError` for a descriptor that is a socket of
 * the library already.
 */
export function fromfd(fd: number): Socket {
  checkInteger('fd', fd, 0, 0x7fffffff)
  const reactor = currentReactor()
  const { binding } = reactor
  if (binding.owns(fd) === 1) {
    throw argumentValueError('fd', 'it is a socket of this library already; use that socket, or its dup()', fd)
  }
  const kind = kindOf(binding, fd)
  const result = binding.own(fd)
  if (result < 0) throw systemError(result, 'fromfd')
  const socket = new Socket({ reactor, number: fd, kind })
  setCloseOnExec(socket)
  if (acceptsOrConnects(binding, fd, kind)) borrowNonBlocking(socket)
  return socket
}

/** What the kernel says that it is. Throws `SocketError`. */
export function kindOf(binding: Binding, fd: number): SocketKind {
  return {
    family: optionOf(binding, fd, SO_DOMAIN),
    type: optionOf(binding, fd, SO_TYPE),
    protocol: optionOf(binding, fd, SO_PROTOCOL),
  }
}

function optionOf(binding: Binding, fd: number, option: number): number {
  const result = binding.getsockopt(fd, SOL_SOCKET, option, wordBytes)
  if (result < 0) throw systemError(result, 'getsockopt')
  return word[0]!
}

/** Whether a call may follow that takes no MSG_DONTWAIT. */
function acceptsOrConnects(binding: Binding, fd: number, { type }: SocketKind): boolean {
  if (type !== SOCK_STREAM && type !== SOCK_SEQPACKET) return false
  return optionOf(binding, fd, SO_ACCEPTCONN) !== 0 || binding.getpeername(fd, name) === -ENOTCONN
}
