/**
 * A descriptor that a reactor drives. Above this layer descriptors never travel as bare numbers: this object is the
 * only way to one, it knows when it is closed, and its slot's generation keeps completions that come late from reaching
 * whoever has been given the same number since.
 */
import { ClosedError } from '../base/errors.ts'
import type { Reactor } from './reactor.ts'

/** What a context of asynchronous calls can do: `AsyncResource` has this shape. */
export interface CallContext {
  runInAsyncScope<This, Arguments extends unknown[], Result>(
    call: (this: This, ...args: Arguments) => Result,
    receiver: This,
    ...args: Arguments
  ): Result
}

export abstract class Descriptor {
  /** @internal */
  readonly reactor: Reactor
  /** @internal The descriptor's number; -1 once it is closed or given away. */
  number: number
  /** @internal */
  slot = -1
  /** @internal */
  generation = 0
  /** @internal What is armed on it: a mask of the engine's interests. */
  armed = 0
  /** @internal Whether waiting on it keeps the process alive. */
  isReferenced = true
  /** @internal Whether the reactor holds it while nothing is armed too (the handler form: its handlers are to run). */
  isHeld = false
  /** @internal The context that its handlers run in; undefined where promises carry theirs. */
  context: CallContext | undefined

  constructor(reactor: Reactor, number: number) {
    this.reactor = reactor
    this.number = number
    this.context = undefined
  }

  /** The descriptor's number in the process's table. Throws `ClosedError` once it is closed. */
  get fd(): number {
    if (this.number === -1) throw new ClosedError('fd')
    return this.number
  }

  get isClosed(): boolean {
    return this.number === -1
  }

  /** Waiting on it keeps the process alive (the default). */
  ref(): this {
    if (!this.isReferenced) this.reactor.setReferenced(this, true)
    return this
  }

  /** Waiting on it does not keep the process alive. */
  unref(): this {
    if (this.isReferenced) this.reactor.setReferenced(this, false)
    return this
  }

  /** @internal A completion of this descriptor; `at` is where its words begin in the completions. */
  abstract complete(kind: number, result: number, at: number): void

  /** @internal A settlement: operation number `operation` did not go through whole, or closed the descriptor. */
  abstract settle(kind: number, result: number, operation: number): void
}
