// Compares the tables of this platform with what the addon was compiled with (native/layout.c).
//
// Both sides list the constants, then errno's values, each sorted by name (the order in which a module namespace
// lists its names), then the structures, each with its size before the offsets of its fields.
import * as constants from './platform/linux/constants.ts'
import * as errno from './platform/linux/errno.ts'
import * as layouts from './platform/linux/layout.ts'

/** Stands in the addon's table for a constant that the headers it was compiled with do not have. */
const ABSENT = -0x7fffffff
const MOST_NAMED = 3

/**
 * Throws an Error that names the first differences, if the addon was compiled with other values than the tables have,
 * or from another version of them. `values` is what the addon exports as `tables`.
 */
export function checkTables(values: Int32Array): void {
  const differences: string[] = []
  let index = 0
  const compare = (name: string, expected: number): void => {
    const compiled = values[index++]
    if (compiled === (expected | 0) || compiled === ABSENT) return
    differences.push(`${name} is ${compiled}, not ${expected}`)
  }
  for (const table of [constants, errno]) {
    for (const [name, value] of Object.entries(table)) compare(name, value)
  }
  for (const [name, layout] of Object.entries(layouts)) {
    for (const field in layout) compare(`${name}.${field}`, (layout as Readonly<Record<string, number>>)[field] ?? 0)
  }
  if (index !== values.length) {
    throw new Error(
      `The addon has a table of ${values.length} values, and not ${index}: it belongs to another version.`,
    )
  }
  if (differences.length === 0) return
  const named = differences.slice(0, MOST_NAMED).join(', ')
  const others = differences.length > MOST_NAMED ? ` (and ${differences.length - MOST_NAMED} more)` : ''
  throw new Error(`The addon was compiled for another system: ${named}${others}.`)
}
