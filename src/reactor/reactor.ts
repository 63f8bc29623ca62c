/**
 * One for each thread: the slots that descriptors live in, and the turns.
 *
 * A turn is taken by the waker: the engine's completions are handed to their descriptors here, handlers run and queue
 * what they send, microtasks run, and then all of that is flushed in one native call. Whatever is queued outside of a
 * turn schedules a flush behind the ticks and microtasks that are due, and a last flush runs when the process exits.
 */
import type { Binding } from '../sys/binding.ts'
import { addon } from '../sys/addon.ts'
import { systemError } from '../sys/system-error.ts'
import { Deadlines } from './deadlines.ts'
import type { CallContext, Descriptor } from './descriptor.ts'
import {
  ACCEPT,
  CLOSE,
  COMPLETION_WORDS,
  ENGINE_COUNTERS,
  GENERATION,
  HEADER_TURN,
  IS_READABLE,
  KIND,
  MOST_WANTED,
  OFFSET,
  openEngine,
  RECEIVE,
  RECEIVE_FROM,
  RESULT,
  SLOT,
  WANTED_SHIFT,
  WATCHES_INPUT,
  type Engine,
  type EngineCounter,
  type EngineMemory,
} from './engine.ts'
import { Outbox } from './outbox.ts'
import { PeerAddresses } from './peer-addresses.ts'
import { startWaker, type Waker } from './waker.ts'
import { Watchers } from './watchers.ts'

/** What a reactor did since its thread began; counts, but for the last four. */
export interface ReactorStatistics extends Record<EngineCounter, number> {
  /** Handlers that threw, or whose promise was rejected. */
  handlerErrors: number
  /** Messages that a full queue's policy, or a socket that can't be written, dropped. */
  droppedMessages: number
  /** Descriptors that the reactor drives now. */
  descriptors: number
  /** Those of them that keep the process alive by waiting. */
  waiting: number
  /** Deadlines that may still come. */
  deadlines: number
  /** Which waker takes the turns. */
  waker: string
}

export class Reactor {
  readonly binding: Binding
  readonly memory: EngineMemory
  readonly outbox: Outbox
  readonly peers: PeerAddresses
  readonly deadlines: Deadlines = new Deadlines()
  readonly watchers: Watchers = new Watchers()
  /** Tests set `BERKELEY_POISON=1`: lent bytes are scribbled over after the call that lent them. */
  readonly poisons: boolean = process.env['BERKELEY_POISON'] === '1'
  handlerErrors = 0
  droppedMessages = 0
  readonly #engine: Engine
  readonly #waker: Waker
  /** By slot. A descriptor is held, and so kept from the garbage collector, while something is armed on it. */
  readonly #held: (Descriptor | undefined)[] = []
  /** Nothing is armed on them any more, but this turn may have more completions for them. */
  readonly #unarmed: Descriptor[] = []
  #isHandingOut = false
  /** The completion that is handed out next. */
  #next = 0
  #generations: Int32Array = new Int32Array(64)
  readonly #freeSlots: number[] = []
  /** Those with something in the outbox: what does not go through is theirs, though nothing be armed on them. */
  readonly #senders: Descriptor[] = []
  #sendersFlush = 0
  #slotCount = 0
  #waiting = 0
  #isFlushScheduled = false

  constructor() {
    this.binding = addon()
    this.#engine = openEngine(this.binding, systemError)
    this.memory = this.#engine.memory
    this.outbox = new Outbox(this.memory)
    this.peers = new PeerAddresses(this.memory)
    this.#waker = startWaker(
      this.#engine,
      (count) => this.#takeTurn(count),
      (count) => this.#settle(count),
    )
    process.on('exit', () => {
      this.flush()
      this.watchers.allEnded()
    })
  }

  // --- slots ------------------------------------------------------------------------------------------------------

  /** Gives an open descriptor a slot. Throws `SocketError` (and leaves the descriptor open) when the engine refuses. */
  attach(descriptor: Descriptor, traits: number, messageBytes: number): void {
    const slot = this.#freeSlots.pop() ?? this.#slotCount++
    if (slot >= this.#generations.length) {
      const longer = new Int32Array(this.#generations.length * 2)
      longer.set(this.#generations)
      this.#generations = longer
    }
    descriptor.slot = slot
    descriptor.generation = this.#generations[slot]!
    this.peers.clear(slot)
    const { handle } = this.#engine
    const result = this.binding.engineAttach(
      handle,
      slot,
      descriptor.generation,
      descriptor.number,
      traits,
      messageBytes,
    )
    if (result === 0) return
    this.#freeSlots.push(slot)
    throw systemError(result, 'epoll_ctl')
  }

  /** Hands a slot on to another object that speaks for the same descriptor; completions under way reach that one. */
  transfer(from: Descriptor, to: Descriptor): void {
    this.watchers.ended(from.slot)
    to.number = from.number
    to.slot = from.slot
    to.generation = from.generation
    to.isReferenced = from.isReferenced
    this.binding.engineDisarm(this.#engine.handle, from.slot, from.generation, from.armed)
    this.#setArmed(from, 0)
    from.number = -1
    this.#held[to.slot] = to
    this.#letGo(to)
  }

  /** Takes the descriptor out of the reactor without closing it; returns its number. */
  detach(descriptor: Descriptor): number {
    this.watchers.ended(descriptor.slot)
    this.binding.engineDetach(this.#engine.handle, descriptor.slot, descriptor.generation)
    const number = descriptor.number
    this.#release(descriptor)
    return number
  }

  /** close(2) now, whatever is queued for it. */
  close(descriptor: Descriptor): void {
    this.watchers.ended(descriptor.slot)
    this.binding.engineClose(this.#engine.handle, descriptor.slot, descriptor.generation)
    this.#release(descriptor)
  }

  /** Closes what an object that is gone left open. Returns its number; undefined when it was closed already. */
  closeLost(slot: number, generation: number): number | undefined {
    if (this.#generations[slot] !== generation) return undefined
    this.watchers.ended(slot)
    const number = this.binding.engineClose(this.#engine.handle, slot, generation)
    this.#freeSlot(slot)
    return number
  }

  #release(descriptor: Descriptor): void {
    this.#setArmed(descriptor, 0)
    descriptor.number = -1
    this.#freeSlot(descriptor.slot)
  }

  #freeSlot(slot: number): void {
    this.watchers.ended(slot) // a close that the flush performed is known only now
    this.#held[slot] = undefined
    this.#generations[slot] = (this.#generations[slot]! + 1) | 0
    this.#freeSlots.push(slot)
  }

  /** Keeps the descriptor's object from the garbage collector until it is closed, though nothing be armed. */
  hold(descriptor: Descriptor): void {
    descriptor.isHeld = true
    this.#held[descriptor.slot] = descriptor
  }

  // --- arming -----------------------------------------------------------------------------------------------------

  /** Arms one interest. Throws `SocketError` when epoll refuses the descriptor (EPERM: a regular file). */
  arm(descriptor: Descriptor, interest: number): void {
    const result = this.binding.engineArm(this.#engine.handle, descriptor.slot, descriptor.generation, interest)
    if (result < 0) throw systemError(result, 'epoll_ctl')
    this.#held[descriptor.slot] = descriptor
    this.#setArmed(descriptor, descriptor.armed | interest)
  }

  /**
   * Arms READABLE, or RECEIVE_ONCE for up to `wantedBytes`. Returns false, and arms nothing, when the socket became
   * readable while nobody waited: then the caller tries first.
   */
  armInput(descriptor: Descriptor, interest: number, wantedBytes: number = 0): boolean {
    const { flags } = this.memory
    const { slot } = descriptor
    const now = flags[slot]!
    if ((now & IS_READABLE) !== 0) {
      flags[slot] = now & ~IS_READABLE
      return false
    }
    flags[slot] = (now & ((1 << WANTED_SHIFT) - 1)) | (wantedBytes << WANTED_SHIFT)
    if ((now & WATCHES_INPUT) === 0) this.arm(descriptor, interest)
    else {
      flags[slot] |= interest
      this.#held[slot] = descriptor
      this.#setArmed(descriptor, descriptor.armed | interest)
    }
    return true
  }

  /** How many connections (1 or more) a listener is to accept in a turn at the most. The engine has limits of its own. */
  limitAccepting(descriptor: Descriptor, count: number): void {
    const { flags } = this.memory
    const { slot } = descriptor
    const wanted = count > MOST_WANTED ? 0 : count
    flags[slot] = (flags[slot]! & ((1 << WANTED_SHIFT) - 1)) | (wanted << WANTED_SHIFT)
  }

  disarm(descriptor: Descriptor, interest: number): void {
    if ((descriptor.armed & interest) === 0) return
    if ((interest & (RECEIVE | RECEIVE_FROM | ACCEPT)) === 0) this.memory.flags[descriptor.slot]! &= ~interest
    else this.binding.engineDisarm(this.#engine.handle, descriptor.slot, descriptor.generation, interest)
    this.#setArmed(descriptor, descriptor.armed & ~interest)
  }

  /** The engine has armed (`true`) or taken back an interest by itself. */
  noteArmed(descriptor: Descriptor, interest: number, isArmed: boolean): void {
    if (isArmed) this.#held[descriptor.slot] = descriptor
    this.#setArmed(descriptor, isArmed ? descriptor.armed | interest : descriptor.armed & ~interest)
  }

  setReferenced(descriptor: Descriptor, isReferenced: boolean): void {
    if (descriptor.isReferenced === isReferenced) return
    descriptor.isReferenced = isReferenced
    if (descriptor.armed !== 0) this.#countWaiting(isReferenced)
  }

  #setArmed(descriptor: Descriptor, armed: number): void {
    const was = descriptor.armed
    descriptor.armed = armed
    if ((was === 0) === (armed === 0)) return
    if (armed === 0) this.#letGo(descriptor)
    if (descriptor.isReferenced) this.#countWaiting(armed !== 0)
  }

  /** Nothing is armed any more; what this turn has received is still handed out before it is held no longer. */
  #letGo(descriptor: Descriptor): void {
    const { armed, isHeld, slot } = descriptor
    if (armed !== 0 || isHeld || this.#held[slot] !== descriptor) return
    if (this.#isHandingOut) this.#unarmed.push(descriptor)
    else this.#held[slot] = undefined
  }

  #countWaiting(isOneMore: boolean): void {
    if (isOneMore) {
      if (this.#waiting++ === 0) this.#waker.ref()
    } else if (--this.#waiting === 0) this.#waker.unref()
  }

  // --- turns ------------------------------------------------------------------------------------------------------

  #takeTurn(count: number): void {
    this.#forgetSenders()
    this.#isHandingOut = true
    for (this.#next = 0; this.#next < count;) {
      const context = this.#heldAt(this.#next * COMPLETION_WORDS)?.context
      try {
        if (context === undefined) this.#complete(count, undefined)
        else context.runInAsyncScope(this.#complete, this, count, context)
      } catch (error) {
        // What the others received must not be lost with it.
        process.nextTick(() => {
          throw error
        })
      }
    }
    this.#isHandingOut = false
    for (const descriptor of this.#unarmed) this.#letGo(descriptor)
    this.#unarmed.length = 0
  }

  #heldAt(word: number): Descriptor | undefined {
    const { completions } = this.memory
    const slot = completions[word + SLOT]!
    return this.#generations[slot] === completions[word + GENERATION] ? this.#held[slot] : undefined
  }

  /** Hands out completions as long as they belong to one context. */
  #complete(count: number, context: CallContext | undefined): void {
    const { completions } = this.memory
    while (this.#next < count) {
      const word = this.#next * COMPLETION_WORDS
      const descriptor = this.#heldAt(word)
      if (descriptor !== undefined && descriptor.context !== context) return
      this.#next++
      if (descriptor === undefined) {
        // Closed by a handler of this turn. A connection that it had accepted meanwhile ends with it.
        if (completions[word + KIND] === ACCEPT && completions[word + RESULT]! >= 0) {
          this.binding.close(completions[word + RESULT]!)
        }
      } else descriptor.complete(completions[word + KIND]!, completions[word + RESULT]!, word)
    }
  }

  /** Performs what is queued, now. */
  flush(): void {
    this.#isFlushScheduled = false
    if (this.outbox.isEmpty) return
    const count = this.binding.engineFlush(this.#engine.handle)
    if (count > 0) this.#settle(count)
  }

  /** The descriptor has something in the outbox, its first since the last flush. */
  noteSender(descriptor: Descriptor): void {
    this.#forgetSenders()
    this.#senders.push(descriptor)
  }

  /** Those of an earlier flush. */
  #forgetSenders(): void {
    const { flushes } = this.outbox
    if (this.#sendersFlush === flushes) return
    this.#sendersFlush = flushes
    this.#senders.length = 0
  }

  /** Something was queued: sees to it that a flush comes. */
  scheduleFlush(): void {
    if (this.#isFlushScheduled || this.memory.header[HEADER_TURN] !== 0) return
    this.#isFlushScheduled = true
    queueMicrotask(() => process.nextTick(() => this.flush()))
  }

  /**
   * First what was held back is saved from the send region, and no handler runs; then the closed are told. A handler
   * may queue and flush anew, which writes over the settlements: hence the copy.
   */
  #settle(count: number): void {
    const settlements = this.memory.settlements.slice(0, count * COMPLETION_WORDS)
    const senders = this.#senders.splice(0).filter((descriptor) => !descriptor.isClosed && !descriptor.isHeld)
    for (const descriptor of senders) this.#held[descriptor.slot] = descriptor
    this.#handOutSettlements(settlements, (kind) => kind !== CLOSE)
    for (const descriptor of senders) this.#letGo(descriptor)
    this.#handOutSettlements(settlements, (kind) => kind === CLOSE)
  }

  #handOutSettlements(settlements: Int32Array, isDue: (kind: number) => boolean): void {
    for (let word = 0; word < settlements.length; word += COMPLETION_WORDS) {
      const slot = settlements[word + SLOT]!
      const kind = settlements[word + KIND]!
      const descriptor = this.#held[slot]
      if (!isDue(kind) || descriptor === undefined) continue
      if (this.#generations[slot] !== settlements[word + GENERATION]) continue
      if (kind === CLOSE) this.#release(descriptor)
      descriptor.settle(kind, settlements[word + RESULT]!, settlements[word + OFFSET]!)
    }
  }

  statistics(): ReactorStatistics {
    const counters = new Float64Array(ENGINE_COUNTERS.length)
    this.binding.engineStatistics(this.#engine.handle, counters)
    return {
      ...(Object.fromEntries(ENGINE_COUNTERS.map((name, i) => [name, counters[i]!])) as Record<EngineCounter, number>),
      handlerErrors: this.handlerErrors,
      droppedMessages: this.droppedMessages,
      descriptors: this.#slotCount - this.#freeSlots.length,
      waiting: this.#waiting,
      deadlines: this.deadlines.size,
      waker: this.#waker.name,
    }
  }
}

let current: Reactor | undefined

/** This thread's reactor; made at the first use. */
export function currentReactor(): Reactor {
  return (current ??= new Reactor())
}

/** What this thread's reactor did since the thread began. */
export function statistics(): ReactorStatistics {
  return currentReactor().statistics()
}
