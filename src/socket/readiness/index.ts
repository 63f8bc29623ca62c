/** Readiness: which descriptors can be read or written, and waiting for that. */
export type { Attempt } from './attempt.ts'
export { poll, pollNow, type PollEntry, type PollResult } from './poll.ts'
export { select, type Selected } from './select.ts'
export { EVENT_READ, EVENT_WRITE, Selector, type SelectorKey } from './selector.ts'
export type { PollTarget } from './target.ts'
export { whenReadable, whenWritable } from './when-ready.ts'
