/** A socket that was dropped unclosed: the garbage collector tells, it is closed, and a warning says so. */
import type { Descriptor } from '../reactor/descriptor.ts'
import { currentReactor } from '../reactor/reactor.ts'

/** A slot and its generation as one number, which costs no object: there are 2^20 slots at the most. */
const GENERATION_UNIT = 2 ** 20

const registry = new FinalizationRegistry<number>((place) => {
  const slot = place % GENERATION_UNIT
  const generation = Math.floor(place / GENERATION_UNIT) | 0
  const number = currentReactor().closeLost(slot, generation)
  if (number !== undefined) warnOfLoss(number)
})

/** Says that a socket was dropped unclosed, and that it is closed now. */
export function warnOfLoss(number: number): void {
  process.emitWarning(
    `A socket (descriptor ${number}) was dropped without being closed. It is closed now; call close() or finish().`,
    'SocketLostWarning',
  )
}

/** Watches a socket that has its slot. */
export function watchForLoss(socket: Descriptor): void {
  registry.register(socket, (socket.generation >>> 0) * GENERATION_UNIT + socket.slot, socket)
}

/** The socket is closed, or speaks for its descriptor no longer. */
export function endWatch(socket: Descriptor): void {
  registry.unregister(socket)
}
