/**
 * The waker of runtimes whose addons have no libuv: a thread watches the engine's descriptor and posts to the loop
 * (`native/posix/thread-waker.c`). A thread-safe function runs ticks and microtasks only after it has returned, so the
 * turn's second half is scheduled behind them, and then the thread is told to watch again.
 */
import { addon } from '../sys/addon.ts'
import { systemError } from '../sys/system-error.ts'
import { HEADER_TURN, type Engine } from './engine.ts'
import type { Waker } from './waker.ts'

export function startThreadWaker(
  engine: Engine,
  turn: (count: number) => void,
  settle: (count: number) => void,
): Waker {
  const binding = addon()
  const { header } = engine.memory
  const target = binding.engineWakerTarget(engine.handle)
  if (typeof target === 'number') throw systemError(target, 'malloc')

  const endTurn = (): void => {
    header[HEADER_TURN] = 0
    const settlements = binding.engineFlush(engine.handle)
    binding.threadWakerEndTurn(waker)
    if (settlements > 0) settle(settlements)
  }
  // Twice, so that ticks which the turn's microtasks asked for come before the flush as well.
  const afterMicrotasks = (): void => process.nextTick(() => queueMicrotask(() => process.nextTick(endTurn)))
  const takeTurn = (): void => {
    header[HEADER_TURN] = 1
    queueMicrotask(afterMicrotasks)
    const completions = binding.engineCollect(engine.handle)
    if (completions > 0) turn(completions)
  }

  const started = binding.threadWakerStart(target, takeTurn)
  if (typeof started === 'number') throw systemError(started, 'pthread_create')
  const waker = started
  return { name: 'thread', ref: () => binding.threadWakerRef(waker), unref: () => binding.threadWakerUnref(waker) }
}
