// Compares the tables of this platform with what the addon was compiled with (native/layout.c). Both list the
// constants, then errno's values, then the structures, each with its size before the offsets of its fields. The names
// are the addon's, and are asked for only when something differs.
import { VALUES } from './platform/linux/values.ts'

/** Stands in the addon's table for a constant that the headers it was compiled with do not have. */
const ABSENT = -0x7fffffff
const MOST_NAMED = 3

/**
 * Throws an Error that names the first differences, if the addon was compiled with other values than the tables have,
 * or from another version of them. `values` is what the addon exports as `tables`, `nameOf` its `tableName`.
 */
export function checkTables(values: Int32Array, nameOf: (index: number) => string): void {
  if (values.length !== VALUES.length) {
    throw new Error(
      `The addon has a table of ${values.length} values, and not ${VALUES.length}: it belongs to another version.`,
    )
  }
  const differing: number[] = []
  for (let index = 0; index < VALUES.length; index++) {
    if (values[index] !== VALUES[index] && values[index] !== ABSENT) differing.push(index)
  }
  if (differing.length === 0) return
  const named = differing
    .slice(0, MOST_NAMED)
    .map((index) => `${nameOf(index)} is ${values[index]}, not ${VALUES[index]}`)
  const others = differing.length > MOST_NAMED ? ` (and ${differing.length - MOST_NAMED} more)` : ''
  throw new Error(`The addon was compiled for another system: ${named.join(', ')}${others}.`)
}
