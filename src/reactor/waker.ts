/**
 * What wakes a thread's loop when the engine has something, and takes the turns. The contract of a waker:
 *
 * - It never touches a socket itself; it only watches the engine's descriptor.
 * - A turn is: collect; call `turn` with the number of completions; let ticks and microtasks run; flush; call `settle`
 *   with the number of settlements, if there are any.
 * - It keeps the process alive only between `ref` and `unref`, and has itself taken down with its environment.
 *
 * Which waker fits is decided by the runtime's name, never by looking a symbol up: Bun exports libuv's names and aborts
 * when they are called.
 */
import { addon, libuvAddon } from '../sys/addon.ts'
import type { EngineHandle } from '../sys/binding.ts'

export interface Waker {
  readonly name: string
  ref(): void
  unref(): void
}

/** Starts the waker that fits this runtime; `BERKELEY_WAKER` names another one. */
export function startWaker(
  engine: EngineHandle,
  turn: (count: number) => void,
  settle: (count: number) => void,
): Waker {
  const name = process.env['BERKELEY_WAKER'] ?? 'libuv'
  if (name !== 'libuv' || process.versions['bun'] !== undefined || process.versions['deno'] !== undefined) {
    throw Object.assign(
      new Error(`There is no waker "${name}" for this runtime; berkeley's sockets need Node.js here.`),
      {
        code: 'ERR_ADDON',
      },
    )
  }
  return startLibuvWaker(engine, turn, settle)
}

function startLibuvWaker(engine: EngineHandle, turn: (count: number) => void, settle: (count: number) => void): Waker {
  const target = addon().engineWakerTarget(engine)
  if (typeof target === 'number') throw new Error("The event loop's waker could not be set up: out of memory.")
  const libuv = libuvAddon()
  const handle = libuv.wakerStart(target, turn, settle)
  return { name: 'libuv', ref: () => libuv.wakerRef(handle), unref: () => libuv.wakerUnref(handle) }
}
