/**
 * What wakes a thread's loop when the engine has something, and takes the turns. The contract of a waker:
 *
 * - It never touches a socket itself; it only watches the engine's descriptor.
 * - A turn is: collect; call `turn` with the number of completions; let ticks and microtasks run; flush; call `settle`
 *   with the number of settlements, if there are any. The word `HEADER_TURN` is not 0 from the collect to the flush.
 * - It keeps the process alive only between `ref` and `unref`, and has itself taken down with its environment.
 */
import { hasLibuv } from '../sys/runtime.ts'
import type { Engine } from './engine.ts'
import { startLibuvWaker } from './libuv-waker.ts'
import { startThreadWaker } from './thread-waker.ts'

export interface Waker {
  readonly name: string
  ref(): void
  unref(): void
}

/** Starts the waker that fits this runtime, or the one that `BERKELEY_WAKER` names. */
export function startWaker(engine: Engine, turn: (count: number) => void, settle: (count: number) => void): Waker {
  const name = process.env['BERKELEY_WAKER'] || (hasLibuv ? 'libuv' : 'thread')
  if (name === 'thread') return startThreadWaker(engine, turn, settle)
  if (name === 'libuv' && hasLibuv) return startLibuvWaker(engine, turn, settle)
  const message =
    name === 'libuv'
      ? 'BERKELEY_WAKER=libuv works under Node.js alone; leave it out, or set it to "thread".'
      : `BERKELEY_WAKER names no waker: ${JSON.stringify(name)}. Leave it out, or set it to "libuv" or "thread".`
  throw Object.assign(new Error(message), { code: 'ERR_ADDON' })
}
