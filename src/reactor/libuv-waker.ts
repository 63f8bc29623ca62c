/** The waker of Node: libuv polls the engine's descriptor, and native code takes the turns (`native/uv/waker.c`). */
import { addon, libuvAddon } from '../sys/addon.ts'
import type { Engine } from './engine.ts'
import type { Waker } from './waker.ts'

export function startLibuvWaker(engine: Engine, turn: (count: number) => void, settle: (count: number) => void): Waker {
  const target = addon().engineWakerTarget(engine.handle)
  if (typeof target === 'number') throw new Error("The event loop's waker could not be set up: out of memory.")
  const libuv = libuvAddon()
  const handle = libuv.wakerStart(target, turn, settle)
  return { name: 'libuv', ref: () => libuv.wakerRef(handle), unref: () => libuv.wakerUnref(handle) }
}
