/** poll(2) for one descriptor, and for one with a cancellation beside it. A negative number stands for none. */
import type { Binding } from '../../sys/binding.ts'
import { EINTR, POLLIN } from '../../sys/constants.ts'
import { systemError } from '../../sys/system-error.ts'

const fds = new Int32Array(2)
const events = new Int32Array(2)
const revents = new Int32Array(2)

/** What a poll met: nothing within its time (or a system signal), the descriptor's readiness, or the cancellation. */
export type Met = 'nothing' | 'ready' | 'canceled'

/** Blocks the thread for at most `timeoutMs`, whole milliseconds. Throws `SocketError`. */
export function pollFor(binding: Binding, fd: number, interest: number, cancel: number, timeoutMs: number): Met {
  fds[0] = fd
  events[0] = interest
  fds[1] = cancel
  events[1] = POLLIN
  const count = binding.poll(fds, events, revents, timeoutMs)
  if (count === 0 || count === -EINTR) return 'nothing'
  if (count < 0) throw systemError(count, 'poll')
  return revents[1] === 0 ? 'ready' : 'canceled'
}

/** Whether a descriptor is ready now. Even a poll that does not wait is EINTR when a signal is due: it is made again. */
export function pollNow(binding: Binding, fd: number, interest: number): boolean {
  fds[0] = fd
  events[0] = interest
  fds[1] = -1
  let count: number
  do count = binding.poll(fds, events, revents, 0)
  while (count === -EINTR)
  if (count < 0) throw systemError(count, 'poll')
  return count > 0
}
