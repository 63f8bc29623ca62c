/** Two connected sockets without names. */
import { currentReactor } from '../reactor/reactor.ts'
import { AF_UNIX, SOCK_STREAM } from '../sys/constants.ts'
import { openPair } from './open-descriptor.ts'
import { Socket } from './socket.ts'

/** A pair of Unix sockets, connected to each other. Throws `SocketError`. See socketpair(2). */
export function socketpair(type: number = SOCK_STREAM): [Socket, Socket] {
  const reactor = currentReactor()
  const numbers = openPair(reactor.binding, type)
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
