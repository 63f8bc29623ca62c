/**
 * All deadlines of a thread in one binary heap, driven by one timer of Node. Most deadlines are taken back before they
 * come (the operation went through), so the timer is left as it is then, and looks again when it fires.
 *
 * The timer never keeps the process alive: what waits is a socket, and that does if it should.
 */

/** Something that happens at a time, unless it is taken back. */
export interface Deadline {
  /** When, on the clock of `performance.now()`, in milliseconds. */
  readonly at: number
  /** Where it lies in the heap; -1: nowhere. Belongs to `Deadlines`. */
  place: number
  expire(): void
}

/** setTimeout fires at once when asked for longer than this. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

export class Deadlines {
  readonly #heap: Deadline[] = []
  #timer: NodeJS.Timeout | undefined
  #timerAt = Number.POSITIVE_INFINITY

  get size(): number {
    return this.#heap.length
  }

  add(deadline: Deadline): void {
    this.#heap.push(deadline)
    this.#rise(this.#heap.length - 1, deadline)
    if (deadline.at < this.#timerAt) this.#setTimer(deadline.at)
  }

  /** Takes a deadline back; nothing happens if it has come already. */
  remove(deadline: Deadline): void {
    const place = deadline.place
    if (place === -1) return
    deadline.place = -1
    const last = this.#heap.pop()!
    if (last === deadline) return
    this.#rise(place, last)
    this.#sink(last.place, last)
  }

  #rise(start: number, deadline: Deadline): void {
    let place = start
    while (place > 0) {
      const parent = this.#heap[(place - 1) >> 1]!
      if (parent.at <= deadline.at) break
      this.#put(place, parent)
      place = (place - 1) >> 1
    }
    this.#put(place, deadline)
  }

  #sink(start: number, deadline: Deadline): void {
    let place = start
    for (;;) {
      let below = 2 * place + 1
      if (below >= this.#heap.length) break
      if (below + 1 < this.#heap.length && this.#heap[below + 1]!.at < this.#heap[below]!.at) below++
      if (this.#heap[below]!.at >= deadline.at) break
      this.#put(place, this.#heap[below]!)
      place = below
    }
    this.#put(place, deadline)
  }

  #put(place: number, deadline: Deadline): void {
    this.#heap[place] = deadline
    deadline.place = place
  }

  #setTimer(at: number): void {
    clearTimeout(this.#timer)
    this.#timerAt = at
    // Rounded up: a timer that fires early would only have to be set again.
    const delay = Math.min(Math.max(0, Math.ceil(at - performance.now())), LONGEST_TIMER_MS)
    this.#timer = setTimeout(() => this.#expire(), delay)
    this.#timer.unref()
  }

  #expire(): void {
    this.#timer = undefined
    this.#timerAt = Number.POSITIVE_INFINITY
    const now = performance.now()
    try {
      for (let first = this.#heap[0]; first !== undefined && first.at <= now; first = this.#heap[0]) {
        this.remove(first)
        first.expire()
      }
    } finally {
      // Whatever one of them throws, the others are due.
      const next = this.#heap[0]
      if (next !== undefined && next.at < this.#timerAt) this.#setTimer(next.at)
    }
  }
}
