/** A socket that was dropped unclosed: the garbage collector tells, it is closed, and a warning says so. */
import type { Descriptor } from '../reactor/descriptor.ts'
import type { Reactor } from '../reactor/reactor.ts'

/** What is left of a lost socket; also the key under which the watch is called off. */
export interface Loss {
  readonly reactor: Reactor
  readonly slot: number
  readonly generation: number
  readonly number: number
}

const registry = new FinalizationRegistry<Loss>((loss) => {
  if (!loss.reactor.closeLost(loss.slot, loss.generation)) return
  process.emitWarning(
    `A socket (descriptor ${loss.number}) was dropped without being closed. It is closed now; call close() or finish().`,
    'SocketLostWarning',
  )
})

/** Watches a socket that has its slot. */
export function watchForLoss(socket: Descriptor): Loss {
  const loss = { reactor: socket.reactor, slot: socket.slot, generation: socket.generation, number: socket.number }
  registry.register(socket, loss, loss)
  return loss
}

/** The socket is closed, or speaks for its descriptor no longer. */
export function endWatch(loss: Loss | undefined): void {
  if (loss !== undefined) registry.unregister(loss)
}
