/** poll(2), for any mix of descriptors. */
import { argumentTypeError, checkInteger } from '../../base/argument-error.ts'
import type { Waiting } from '../wait.ts'
import { checkList, PollList } from './poll-list.ts'
import type { PollTarget } from './target.ts'

/** A descriptor, and what is asked of it. */
export interface PollEntry<Target extends PollTarget = PollTarget> {
  readonly target: Target
  /** `POLLIN`, `POLLOUT`, `POLLPRI`, `POLLRDHUP`, …, joined by `|`. */
  readonly events: number
}

/** An entry that is ready. */
export interface PollResult<Target extends PollTarget = PollTarget> extends PollEntry<Target> {
  /** The descriptor's number. */
  readonly fd: number
  /** What of `events` it is ready for; and, asked or not, `POLLERR`, `POLLHUP`, `POLLNVAL` (no open descriptor). */
  readonly revents: number
}

const MOST_EVENTS = 0x7fff

/**
 * The entries that are ready, in their order; waits while there is none. At the end of the `timeout` (milliseconds) the
 * list is empty. Rejects with `SocketError`, with `ClosedError` when a socket of the library is or gets closed, with the
 * signal's reason, or with a `TypeError` or `RangeError` for an argument. See poll(2).
 */
export async function poll<Target extends PollTarget>(
  entries: readonly PollEntry<Target>[],
  waiting?: Waiting,
): Promise<PollResult<Target>[]> {
  const list = listOf('poll', entries)
  const answer = (): PollResult<Target>[] | undefined => (list.ask() ? readyOf(list, entries) : undefined)
  return (await list.wait(waiting, answer)) ?? []
}

/** The entries that are ready now, without waiting. Throws as `poll` rejects. */
export function pollNow<Target extends PollTarget>(entries: readonly PollEntry<Target>[]): PollResult<Target>[] {
  const list = listOf('pollNow', entries)
  return list.ask() ? readyOf(list, entries) : []
}

function listOf(operation: string, entries: readonly PollEntry[]): PollList {
  checkList('entries', entries)
  for (const [i, entry] of (entries as readonly unknown[]).entries()) {
    if (typeof entry !== 'object' || entry === null) {
      throw argumentTypeError(`entries[${i}]`, 'an object with target and events', entry)
    }
  }
  const events = entries.map((entry, i) => checkInteger(`entries[${i}].events`, entry.events, 0, MOST_EVENTS))
  const targets = entries.map(({ target }) => target)
  return new PollList(operation, targets, events, (i) => `entries[${i}].target`)
}

function readyOf<Target extends PollTarget>(
  list: PollList,
  entries: readonly PollEntry<Target>[],
): PollResult<Target>[] {
  return entries.flatMap(({ target, events }, i) => {
    const revents = list.revents[i]!
    return revents === 0 ? [] : [{ target, events, fd: list.fds[i]!, revents }]
  })
}
