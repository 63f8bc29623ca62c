/** connect(2) that waits: what EINPROGRESS and a full backlog mean, and how a connect under way is given up. */
import type { AnyAddress } from '../base/address.ts'
import { ClosedError, SocketError, TimeoutError } from '../base/errors.ts'
import { WRITABLE } from '../reactor/engine.ts'
import type { Binding } from '../sys/binding.ts'
import { AF_UNSPEC, EAGAIN, EALREADY, EINPROGRESS, EINTR, EISCONN } from '../sys/constants.ts'
import { packAddress } from '../sys/sockaddr.ts'
import { systemError } from '../sys/system-error.ts'
import { Wait, type Waitable, type Waiting } from './wait.ts'

/** A `sockaddr` of the family AF_UNSPEC: connecting to it dissolves what is or is being connected (connect(2)). */
export const NOWHERE: Uint8Array = new Uint8Array(16)
new DataView(NOWHERE.buffer).setUint16(0, AF_UNSPEC)
const LONGEST_DELAY_MS = 50

/** Connects an open socket. The promise rejects with `SocketError`, `TimeoutError`, `ClosedError` or a signal's reason. */
export async function connectSocket(
  socket: Waitable,
  address: AnyAddress,
  waiting: Waiting | undefined,
): Promise<void> {
  const packed = packAddress(address)
  const { binding } = socket.reactor
  let result = binding.connect(socket.number, packed)
  if (result === -EAGAIN) result = await waitForBacklog(socket, packed, waiting)
  if (result === 0) return
  // Interrupted, a connect goes on (connect(2)), as one that is in progress does.
  if (result !== -EINPROGRESS && result !== -EINTR) throw systemError(result, 'connect', address)
  try {
    await new Wait(socket, WRITABLE, 'connect', () => connectOutcome(binding, socket.number, packed, address), waiting)
      .promise
  } catch (error) {
    // Ended from outside: it must not connect later. Where this is refused, the socket is of no more use anyway.
    if (!(error instanceof SocketError) && !socket.isClosed) binding.connect(socket.number, NOWHERE)
    throw error
  }
}

/**
 * True when connected, undefined while it goes on; throws what it ended with. It asks by another connect(2): after
 * SO_ERROR alone Linux would take the socket for one that is still connecting, and the next connect for this one's end.
 */
export function connectOutcome(
  binding: Binding,
  fd: number,
  packed: Uint8Array,
  address: AnyAddress,
): true | undefined {
  const result = binding.connect(fd, packed)
  if (result === 0 || result === -EISCONN) return true
  if (result === -EALREADY || result === -EINPROGRESS || result === -EINTR) return undefined
  throw systemError(result, 'connect', address)
}

/**
 * A Unix socket whose peer's backlog is full answers EAGAIN, and nothing tells when there is room (unix(7)): so it is
 * tried again after a while, at growing intervals.
 */
async function waitForBacklog(socket: Waitable, packed: Uint8Array, waiting: Waiting | undefined): Promise<number> {
  const end = performance.now() + (waiting?.timeout ?? Number.POSITIVE_INFINITY)
  for (let ms = 1; ; ms = Math.min(2 * ms, LONGEST_DELAY_MS)) {
    const rest = end - performance.now()
    if (rest <= 0) throw new TimeoutError('connect', waiting?.timeout ?? 0)
    await delay(Math.min(ms, Math.ceil(rest)), waiting?.signal)
    if (socket.isClosed) throw new ClosedError('connect')
    const result = socket.reactor.binding.connect(socket.number, packed)
    if (result !== -EAGAIN) return result
  }
}

/** Unlike a deadline, this keeps the process alive: no socket waits meanwhile. Rejects with the signal's reason. */
function delay(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer)
      reject(signal?.reason as unknown)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }, ms)
    signal?.addEventListener('abort', abort, { once: true })
  })
}
