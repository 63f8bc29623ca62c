/**
 * Closing without loss. close(2) while input is unread makes TCP send a reset, and a reset makes the peer's kernel throw
 * away what it has not handed to its program yet (RFC 1122, 4.2.2.13): so the write side is ended first, what still
 * comes is received and thrown away until the peer has finished too, and only then the descriptor is closed.
 */
import { TimeoutError } from '../base/errors.ts'
import type { Deadline } from '../reactor/deadlines.ts'
import { RECEIVE } from '../reactor/engine.ts'
import type { OpenSocket } from './open-socket.ts'

/** How long a peer may take to finish before it is reset. */
export const DEFAULT_FINISH_DEADLINE_MS = 10_000

/** Throws away what a socket receives, until its peer has finished or its connection is broken. */
export class Draining implements Deadline {
  /** Fulfilled at the end of the input; rejected with `TimeoutError` at the deadline, which counts from the beginning. */
  readonly ended: Promise<void>
  readonly at: number
  place = -1
  readonly #socket: OpenSocket
  readonly #deadlineMs: number
  #resolve!: () => void
  #reject!: (reason: unknown) => void

  constructor(socket: OpenSocket, deadlineMs: number) {
    this.#socket = socket
    this.#deadlineMs = deadlineMs
    this.at = performance.now() + deadlineMs
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    socket.reactor.deadlines.add(this)
  }

  /** What is not connected (a listener, a peer that has reset) has nothing to come. */
  begin(): void {
    if (this.#socket.remoteAddress === undefined) this.complete(0)
    else this.#socket.reactor.arm(this.#socket, RECEIVE)
  }

  /** The result of a receive: bytes, 0 at the end, or what broke the connection. */
  complete(result: number): void {
    if (result > 0) return
    this.#socket.reactor.noteArmed(this.#socket, RECEIVE, false)
    this.#socket.reactor.deadlines.remove(this)
    this.#resolve()
  }

  expire(): void {
    this.fail(new TimeoutError('finish', this.#deadlineMs))
  }

  fail(reason: unknown): void {
    this.#socket.reactor.deadlines.remove(this)
    this.#socket.reactor.disarm(this.#socket, RECEIVE)
    this.#reject(reason)
  }
}
