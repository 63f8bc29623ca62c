/** How fast a client may go: a number of lines at once, refilled with time (a token bucket). */
import { BURST_LINES, LINES_PER_SECOND } from './limits.ts'

export class Allowance {
  #lines = BURST_LINES
  #at: number

  /** @param now milliseconds on any clock that does not go back */
  constructor(now: number) {
    this.#at = now
  }

  /** Takes one line from the allowance. Returns false when nothing is left. */
  take(now: number): boolean {
    this.#lines = Math.min(BURST_LINES, this.#lines + ((now - this.#at) * LINES_PER_SECOND) / 1000)
    this.#at = now
    if (this.#lines < 1) return false
    this.#lines--
    return true
  }
}
