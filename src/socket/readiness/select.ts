/** select(2), for any mix of descriptors, and without its limit of 1024. */
import {
  EBADF,
  POLLERR,
  POLLHUP,
  POLLIN,
  POLLNVAL,
  POLLOUT,
  POLLPRI,
  POLLRDBAND,
  POLLRDNORM,
  POLLWRBAND,
  POLLWRNORM,
} from '../../sys/constants.ts'
import { systemError } from '../../sys/system-error.ts'
import type { Waiting } from '../wait.ts'
import { checkList, PollList } from './poll-list.ts'
import type { PollTarget } from './target.ts'

// What each of the three sets stands for, select(2).
const READ_EVENTS = POLLRDNORM | POLLRDBAND | POLLIN
const READ_ANSWERS = READ_EVENTS | POLLHUP | POLLERR
const WRITE_EVENTS = POLLWRBAND | POLLWRNORM | POLLOUT
const WRITE_ANSWERS = WRITE_EVENTS | POLLERR

/** Those that can be read, those that can be written, and those with an exceptional condition. */
export type Selected<Reader, Writer, Exceptional> = [Reader[], Writer[], Exceptional[]]

/**
 * Waits until one of the descriptors is ready: a call that reads (or accepts), or writes, would not wait; or there is
 * urgent data. One that has failed can be read and written. Three lists, in the order of the arguments; at the end of
 * the `timeout` (milliseconds) they are empty. Rejects with `SocketError` (EBADF for what is no open descriptor), with
 * `ClosedError` when a socket of the library is or gets closed, with the signal's reason, or with a `TypeError` or
 * `RangeError` for an argument. See select(2).
 */
export async function select<Reader extends PollTarget, Writer extends PollTarget, Exceptional extends PollTarget>(
  readers: readonly Reader[],
  writers: readonly Writer[] = [],
  exceptional: readonly Exceptional[] = [],
  waiting?: Waiting,
): Promise<Selected<Reader, Writer, Exceptional>> {
  const lists = { readers, writers, exceptional }
  for (const [name, list] of Object.entries(lists)) checkList(name, list)
  const names = Object.entries(lists).flatMap(([name, list]) => list.map((_, i) => `${name}[${i}]`))
  const events = [
    ...readers.map(() => READ_EVENTS),
    ...writers.map(() => WRITE_EVENTS),
    ...exceptional.map(() => POLLPRI),
  ]
  const list = new PollList('select', [...readers, ...writers, ...exceptional], events, (i) => names[i]!)
  const isReady = (i: number, answers: number): boolean => (list.revents[i]! & answers) !== 0
  const answer = (): Selected<Reader, Writer, Exceptional> | undefined => {
    if (!list.ask()) return undefined
    if (list.revents.some((revents) => (revents & POLLNVAL) !== 0)) throw systemError(-EBADF, 'select')
    const selected: Selected<Reader, Writer, Exceptional> = [
      readers.filter((_, i) => isReady(i, READ_ANSWERS)),
      writers.filter((_, i) => isReady(readers.length + i, WRITE_ANSWERS)),
      exceptional.filter((_, i) => isReady(readers.length + writers.length + i, POLLPRI)),
    ]
    return selected.some(({ length }) => length > 0) ? selected : undefined
  }
  return (await list.wait(waiting, answer)) ?? [[], [], []]
}
