/**
 * Accepting for `acceptWith` and `serve`: the engine accepts as connections come, this hands each on, and keeps to the
 * limit of open connections. Out of descriptors or memory it says so once and waits a while, without spinning.
 */
import { argumentRangeError, argumentTypeError } from '../base/argument-error.ts'
import type { Deadline } from '../reactor/deadlines.ts'
import { ACCEPT } from '../reactor/engine.ts'
import { systemError } from '../sys/system-error.ts'
import type { OpenSocket } from './open-socket.ts'

/** What accepting takes, in either form. */
export interface AcceptOptions {
  /** How many connections may be open at once; more wait in the backlog. Without it, as many as there are descriptors. */
  readonly maxConnections?: number | undefined
}

/** How long accepting waits after the system ran out of descriptors or memory. */
const BACK_OFF_MS = 100

export class Acceptor implements Deadline {
  at = 0
  place = -1
  readonly #listener: OpenSocket
  readonly #maxConnections: number
  /** Takes an accepted descriptor, which it owns from then on; `at` is its completion, for the address. */
  readonly #take: (fd: number, at: number) => void
  readonly #report: (error: unknown) => void
  readonly #onStop: (() => void) | undefined
  #open = 0
  #isExhausted = false
  /** The listener may be another's by now. */
  #isStopped = false

  constructor(
    listener: OpenSocket,
    take: (fd: number, at: number) => void,
    report: (error: unknown) => void,
    { maxConnections = Number.POSITIVE_INFINITY }: AcceptOptions,
    onStop?: () => void,
  ) {
    if (typeof maxConnections !== 'number') {
      throw argumentTypeError('options.maxConnections', 'a number', maxConnections)
    }
    if (!(maxConnections >= 1)) throw argumentRangeError('options.maxConnections', '1 or more', maxConnections)
    this.#listener = listener
    this.#take = take
    this.#report = report
    this.#onStop = onStop
    this.#maxConnections = maxConnections
  }

  start(): void {
    this.#listener.reactor.limitAccepting(this.#listener, Number.POSITIVE_INFINITY)
    this.#limit()
    this.#listener.reactor.arm(this.#listener, ACCEPT)
  }

  /** The engine accepts no more in a turn than may be open, so that the others wait in the backlog. */
  #limit(): void {
    if (this.#listener.isClosed || this.#maxConnections === Number.POSITIVE_INFINITY) return
    this.#listener.reactor.limitAccepting(this.#listener, Math.ceil(this.#maxConnections) - this.#open)
  }

  /** A completion: the descriptor of a connection, or the errno that accepting ended with. */
  complete(result: number, at: number): void {
    if (result < 0) return this.#backOff(result)
    this.#isExhausted = false
    this.#open++
    if (this.#open >= this.#maxConnections) this.#listener.reactor.disarm(this.#listener, ACCEPT)
    else this.#limit()
    try {
      this.#take(result, at)
    } catch (error) {
      this.connectionGone()
      this.#report(error)
    }
  }

  /** One of the connections is closed. */
  connectionGone(): void {
    this.#open--
    if (this.#isStopped) return
    this.#limit()
    if (this.#open < this.#maxConnections && this.place === -1) this.#resume()
  }

  /** Accepting has ended, since the listener was closed or was told so. */
  stop(): void {
    this.#isStopped = true
    this.#listener.reactor.deadlines.remove(this)
    this.#onStop?.()
  }

  #backOff(result: number): void {
    const { reactor } = this.#listener
    // The engine has taken the listener out already. It counts as armed all the same: the process lives on meanwhile.
    if (!this.#isExhausted) this.#report(systemError(result, 'accept4'))
    this.#isExhausted = true
    this.at = performance.now() + BACK_OFF_MS
    reactor.deadlines.add(this)
  }

  expire(): void {
    this.#listener.reactor.noteArmed(this.#listener, ACCEPT, false)
    if (this.#open < this.#maxConnections) this.#resume()
  }

  #resume(): void {
    if (!this.#listener.isClosed && (this.#listener.armed & ACCEPT) === 0) this.start()
  }
}
