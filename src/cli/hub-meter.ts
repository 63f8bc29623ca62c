/** How a hub does, second by second. */
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import type { ClientKind, Hub } from '../hub/index.ts'

const KINDS: readonly ClientKind[] = ['tcp', 'udp', 'unix', 'unix-dgram']
/** What the histogram adds to each delay: its own timer's period. */
const RESOLUTION_MS = 10

/** One reading; rates are over the time since the reading before. */
export interface HubReading {
  readonly upSeconds: number
  readonly clients: Readonly<Record<ClientKind, number>>
  /** How many are in each room. */
  readonly rooms: ReadonlyMap<string, number>
  readonly messages: number
  readonly messagesPerSecond: number
  readonly receivedBytesPerSecond: number
  readonly sentBytesPerSecond: number
  readonly slowReaders: number
  readonly refusedLines: number
  readonly lostDatagrams: number
  /** How late the event loop was at worst, in milliseconds. */
  readonly loopDelayMs: number
}

export class HubMeter {
  readonly hub: Hub
  readonly #began = performance.now()
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  #last = { at: performance.now(), messages: 0, received: 0, sent: 0 }

  constructor(hub: Hub) {
    this.hub = hub
    this.#delay.enable()
  }

  read(): HubReading {
    const { rooms, tally } = this.hub
    const last = this.#last
    const at = performance.now()
    const next = { at, messages: rooms.messages, received: tally.receivedBytes, sent: tally.sentBytes }
    this.#last = next
    const seconds = Math.max(at - last.at, 1) / 1000
    const rate = (key: 'messages' | 'received' | 'sent'): number => Math.round((next[key] - last[key]) / seconds)
    const loopDelayMs = Math.max(0, this.#delay.max / 1e6 - RESOLUTION_MS)
    this.#delay.reset()
    return {
      upSeconds: Math.round((at - this.#began) / 1000),
      clients: Object.fromEntries(KINDS.map((kind) => [kind, rooms.count(kind)])) as Record<ClientKind, number>,
      rooms: rooms.sizes,
      messages: rooms.messages,
      messagesPerSecond: rate('messages'),
      receivedBytesPerSecond: rate('received'),
      sentBytesPerSecond: rate('sent'),
      slowReaders: tally.slowReaders,
      refusedLines: tally.refusedLines + rooms.refusedMessages,
      lostDatagrams: tally.lostDatagrams + tally.unanswerable,
      loopDelayMs: Math.round(loopDelayMs * 10) / 10,
    }
  }

  stop(): void {
    this.#delay.disable()
  }
}
