/** How the tables of this folder make their options: one small object each, for they are made whenever a program starts. */
import type { Codec, Option } from './option.ts'

/** What the options of a table have in common. */
export interface Page {
  readonly level: number
  /** The manual of those that say nothing else. */
  readonly man: string
}

/** An option that is read and set. */
export function both<Value, Settable>(
  { level, man }: Page,
  name: string,
  number: number,
  codec: Codec<Value, Settable>,
  since: string,
  manual: string = man,
): Option<Value, Settable> {
  return { name, level, number, codec, direction: 'both', since, man: manual }
}

/** An option that is only read. */
export function readOnly<Value>(
  { level, man }: Page,
  name: string,
  number: number,
  codec: Codec<Value, never>,
  since: string,
  manual: string = man,
): Option<Value, never> {
  return { name, level, number, codec, direction: 'get', since, man: manual }
}

/** An option that is only set; its codec's `read` is never called. */
export function writeOnly<Settable>(
  { level, man }: Page,
  name: string,
  number: number,
  codec: Codec<unknown, Settable>,
  since: string,
  manual: string = man,
): Option<never, Settable> {
  return { name, level, number, codec: codec as Codec<never, Settable>, direction: 'set', since, man: manual }
}
