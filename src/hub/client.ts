/** What clients of all kinds share: lines are counted, made safe, and limited in speed. */
import { Allowance } from './allowance.ts'
import { BURST_LINES, LINES_PER_SECOND, MAX_LINE_BYTES } from './limits.ts'
import type { LineReader } from './line-splitter.ts'
import { printable } from './printable.ts'
import type { ClientKind, Member, Rooms } from './rooms.ts'
import type { Tally } from './tally.ts'

const encoder = new TextEncoder()
const TOO_FAST = encoder.encode('* too fast; lines are dropped until you slow down\n')
const TOO_LONG = encoder.encode(`* a line has at most ${MAX_LINE_BYTES} bytes; this one was dropped\n`)

export abstract class Client implements Member, LineReader {
  readonly kind: ClientKind
  protected readonly rooms: Rooms
  protected readonly tally: Tally
  readonly #allowance: Allowance
  #isToldTooFast = false

  constructor(kind: ClientKind, rooms: Rooms, tally: Tally) {
    this.kind = kind
    this.rooms = rooms
    this.tally = tally
    this.#allowance = new Allowance(performance.now(), BURST_LINES, LINES_PER_SECOND)
  }

  abstract tell(line: Uint8Array): void
  abstract quit(): void

  line(bytes: Uint8Array): void {
    if (this.#mayGoOn()) this.rooms.hear(this, printable(bytes))
  }

  lineTooLong(): void {
    this.tally.refusedLines++
    if (this.#mayGoOn()) this.tell(TOO_LONG)
  }

  #mayGoOn(): boolean {
    if (this.#allowance.take(performance.now())) {
      this.#isToldTooFast = false
      return true
    }
    this.tally.refusedLines++
    if (!this.#isToldTooFast) this.tell(TOO_FAST)
    this.#isToldTooFast = true
    return false
  }
}
