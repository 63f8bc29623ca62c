/**
 * The lookups of one thread that are under way. The resolver of the C library waits for name servers and can't be
 * stopped; so each lookup has a thread of its own in native code (`native/posix/resolver.c`), and here is decided how
 * many run, and what becomes of the answers.
 *
 * A lookup that a signal or a timeout ends is over for its caller at once. Its thread goes on until the resolver gives
 * up (glibc: after 5 seconds for each server and try), holds its place among those that run, and is not heard any more.
 */
import { LookupsFullError, NameError, type NameFault } from '../../base/name-error.ts'
import { errorName } from '../../base/error-numbers.ts'
import { TimeoutError } from '../../base/errors.ts'
import { addon } from '../../sys/addon.ts'
import type { ResolverHandle } from '../../sys/binding.ts'
import { EAI_SYSTEM } from '../../sys/constants.ts'
import { systemError } from '../../sys/system-error.ts'
import type { Waiting } from '../wait.ts'

/** Lookups that run at a time, in each thread of the program; the others wait for their turn. */
export const MAXIMUM_RUNNING_LOOKUPS = 32
/** Lookups that wait for their turn; one more is refused with `LookupsFullError`. */
export const MAXIMUM_WAITING_LOOKUPS = 4096
/** The longest that setTimeout(3) takes. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** An answer as native code packed it, and the canonical name or the host's name; empty if there is none. */
export interface Answer {
  readonly bytes: Uint8Array
  readonly name: string
}

/** Starts a lookup's thread; returns 0 or the errno negated. */
type Start = (resolver: ResolverHandle, id: number) => number

interface Lookup {
  readonly asked: Omit<NameFault, 'code' | 'errno'>
  readonly start: Start
  readonly succeed: (answer: Answer) => void
  readonly fail: (reason: unknown) => void
}

class Lookups {
  readonly #resolver: ResolverHandle
  /** Those that somebody waits for, by id; the first of them that have no thread yet are in `#queue`. */
  readonly #wanted = new Map<number, Lookup>()
  readonly #queue = new Set<number>()
  #running = 0
  #nextId = 0

  constructor() {
    const started = addon().resolverStart((...answer) => this.#finish(...answer))
    if (typeof started === 'number') throw systemError(started, 'getaddrinfo')
    this.#resolver = started
  }

  run(asked: Lookup['asked'], start: Start, { signal, timeout }: Waiting): Promise<Answer> {
    if (this.#queue.size >= MAXIMUM_WAITING_LOOKUPS) {
      return Promise.reject(new LookupsFullError(asked.syscall, MAXIMUM_WAITING_LOOKUPS))
    }
    const id = this.#nextId
    this.#nextId = (id + 1) >>> 0
    return new Promise<Answer>((resolve, reject) => {
      const onAbort = (): void => this.#fail(id, signal?.reason)
      const timer =
        timeout === undefined || timeout > LONGEST_TIMER_MS
          ? undefined
          : setTimeout(() => this.#fail(id, new TimeoutError(asked.syscall, timeout)), timeout)
      signal?.addEventListener('abort', onAbort)
      const ended = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
      }
      const lookup: Lookup = {
        asked,
        start,
        succeed(answer) {
          ended()
          resolve(answer)
        },
        fail(reason) {
          ended()
          reject(reason)
        },
      }
      if (this.#wanted.size === 0) addon().resolverRef(this.#resolver)
      this.#wanted.set(id, lookup)
      this.#queue.add(id)
      this.#startNext()
    })
  }

  #startNext(): void {
    for (const id of this.#queue) {
      if (this.#running >= MAXIMUM_RUNNING_LOOKUPS) return
      this.#queue.delete(id)
      const result = this.#wanted.get(id)?.start(this.#resolver, id) ?? 0
      if (result < 0) this.#fail(id, systemError(result, 'pthread_create'))
      else this.#running++
    }
  }

  #finish(id: number, error: number, errno: number, bytes: Uint8Array, name: string): void {
    this.#running--
    const lookup = this.#take(id)
    if (error === 0) lookup?.succeed({ bytes, name })
    else if (lookup !== undefined) lookup.fail(resolverError(error, errno, lookup.asked))
    this.#startNext()
  }

  #fail(id: number, reason: unknown): void {
    this.#queue.delete(id)
    this.#take(id)?.fail(reason)
  }

  #take(id: number): Lookup | undefined {
    const lookup = this.#wanted.get(id)
    if (this.#wanted.delete(id) && this.#wanted.size === 0) addon().resolverUnref(this.#resolver)
    return lookup
  }
}

/** What the resolver answered, as an error: EAI_SYSTEM is the kernel's. */
export function resolverError(error: number, errno: number, asked: Lookup['asked']): Error {
  if (error === EAI_SYSTEM && errno !== 0) return systemError(-errno, asked.syscall)
  return new NameError({ code: errorName(error, 'glibc-resolver') ?? `EAI_${error}`, errno: error, ...asked })
}

let current: Lookups | undefined

/** Looks up in a thread of its own. Rejects with `NameError`, `SocketError`, `TimeoutError`, or the signal's reason. */
export function lookUp(asked: Lookup['asked'], start: Start, waiting: Waiting): Promise<Answer> {
  waiting.signal?.throwIfAborted()
  return (current ??= new Lookups()).run(asked, start, waiting)
}
