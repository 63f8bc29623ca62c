/** One descriptor: what it is ready for now, and a call that is tried on it. */
import { argumentTypeError } from '../../base/argument-error.ts'
import { describe } from '../../base/describe.ts'
import type { Binding } from '../../sys/binding.ts'
import { systemError } from '../../sys/system-error.ts'

/** Tries a system call on the descriptor `fd`; false when it would have had to wait. */
export type Attempt = (fd: number) => boolean

const fds = new Int32Array(1)
const asked = new Int32Array(1)
const answered = new Int32Array(1)

/** What of `events` (and always POLLERR, POLLHUP, POLLNVAL) the descriptor is ready for now. Throws `SocketError`. */
export function pollOne(binding: Binding, fd: number, events: number): number {
  fds[0] = fd
  asked[0] = events
  const result = binding.poll(fds, asked, answered, 0)
  if (result < 0) throw systemError(result, 'poll')
  return answered[0]!
}

/** True when the call was done, undefined when it is to be tried again. */
export function callAttempt(attempt: Attempt, fd: number): true | undefined {
  if (typeof attempt !== 'function') throw argumentTypeError('attempt', 'a function', attempt)
  const isDone: unknown = attempt(fd)
  if (typeof isDone === 'boolean') return isDone || undefined
  throw Object.assign(
    new TypeError(`The function "attempt" must return true or false. It returned ${describe(isDone)}`),
    { code: 'ERR_INVALID_RETURN_VALUE' },
  )
}
