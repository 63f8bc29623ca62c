/** How fast something may go: a number at once, refilled with time (a token bucket). */
export class Allowance {
  readonly #most: number
  readonly #perSecond: number
  #left: number
  #at: number

  /**
   * @param now milliseconds on any clock that does not go back
   * @param most how many at once
   * @param perSecond how many come to that in each second
   */
  constructor(now: number, most: number, perSecond: number) {
    this.#most = most
    this.#perSecond = perSecond
    this.#left = most
    this.#at = now
  }

  /** Takes `count` from the allowance. Returns false, and takes nothing, when that much is not left. */
  take(now: number, count: number = 1): boolean {
    this.#left = Math.min(this.#most, this.#left + ((now - this.#at) * this.#perSecond) / 1000)
    this.#at = now
    if (this.#left < count) return false
    this.#left -= count
    return true
  }
}
