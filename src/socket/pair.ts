/** Two connected sockets without names. */
import { currentReactor } from '../reactor/reactor.ts'
import { AF_UNIX, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM } from '../sys/constants.ts'
import { checkInteger } from '../base/argument-error.ts'
import { systemError } from '../sys/system-error.ts'
import { Socket } from './socket.ts'

/** A pair of Unix sockets, connected to each other. Throws `SocketError`. See socketpair(2). */
export function socketpair(type: number = SOCK_STREAM): [Socket, Socket] {
  checkInteger('type', type, 0, 0x7fffffff)
  const reactor = currentReactor()
  const numbers = new Int32Array(2)
  const result = reactor.binding.socketpair(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, numbers)
  if (result < 0) throw systemError(result, 'socketpair')
  const kind = { family: AF_UNIX, type, protocol: 0 }
  const one = openOr(() => reactor.binding.close(numbers[1]!), { reactor, number: numbers[0]!, kind })
  const other = openOr(() => one.close(), { reactor, number: numbers[1]!, kind })
  return [one, other]
}

/** A socket that fails to open closes its own descriptor; `undo` closes the other one. */
function openOr(undo: () => void, given: ConstructorParameters<typeof Socket>[0] & object): Socket {
  try {
    return new Socket(given)
  } catch (error) {
    undo()
    throw error
  }
}
