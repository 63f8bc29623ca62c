/**
 * The flags of a descriptor that came from outside, and what has to be put back when it leaves.
 *
 * Close-on-exec belongs to the descriptor alone. O_NONBLOCK belongs to the open file, which other processes may share:
 * one that reads it without expecting EAGAIN would fail. All transfers pass MSG_DONTWAIT, so a connection and a datagram
 * socket need no such flag. accept(2) and connect(2) have nothing of the kind: there it is set, and taken back when the
 * last of the library's descriptors for that socket is closed or given away, and when the process exits.
 */
import type { Descriptor } from '../reactor/descriptor.ts'
import { F_GETFD, F_GETFL, F_SETFD, F_SETFL, FD_CLOEXEC, O_NONBLOCK } from '../sys/constants.ts'
import { systemError } from '../sys/system-error.ts'

/** As they were found: what `detach` puts back. */
const descriptorFlags: WeakMap<Descriptor, number> = new WeakMap()
/** How many descriptors of one open file rely on its O_NONBLOCK. */
interface Borrowed {
  holders: number
}
const borrowed: WeakMap<Descriptor, Borrowed> = new WeakMap()

/** Makes it close-on-exec. Throws `SocketError`. */
export function setCloseOnExec(descriptor: Descriptor): void {
  const flags = change(descriptor, F_GETFD, 0)
  descriptorFlags.set(descriptor, flags)
  if ((flags & FD_CLOEXEC) === 0) change(descriptor, F_SETFD, flags | FD_CLOEXEC)
}

/** It has left the reactor as the number `fd`. */
export function restoreCloseOnExec(descriptor: Descriptor, fd: number): void {
  const flags = descriptorFlags.get(descriptor)
  if (flags !== undefined) descriptor.reactor.binding.fcntl(fd, F_SETFD, flags)
}

/** Sets O_NONBLOCK for as long as the descriptor, or a duplicate, is the library's. Throws `SocketError`. */
export function borrowNonBlocking(descriptor: Descriptor): void {
  const flags = change(descriptor, F_GETFL, 0)
  if ((flags & O_NONBLOCK) !== 0) return
  change(descriptor, F_SETFL, flags | O_NONBLOCK)
  hold(descriptor, { holders: 0 })
}

/** A duplicate relies on what the original does. */
export function shareNonBlocking(original: Descriptor, duplicate: Descriptor): void {
  const shared = borrowed.get(original)
  if (shared !== undefined) hold(duplicate, shared)
}

function hold(descriptor: Descriptor, shared: Borrowed): void {
  const { reactor, slot, number } = descriptor
  shared.holders++
  borrowed.set(descriptor, shared)
  const ended = (): void => {
    if (--shared.holders > 0) return
    const flags = reactor.binding.fcntl(number, F_GETFL, 0)
    if (flags >= 0) reactor.binding.fcntl(number, F_SETFL, flags & ~O_NONBLOCK)
  }
  reactor.watchers.add(slot, { changed: () => {}, ended })
}

function change(descriptor: Descriptor, command: number, argument: number): number {
  const result = descriptor.reactor.binding.fcntl(descriptor.number, command, argument)
  if (result < 0) throw systemError(result, 'fcntl')
  return result
}
