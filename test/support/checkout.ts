// Where the checkout is, for tests that read files of the project or run its scripts.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const folder = dirname(createRequire(import.meta.url).resolve('berkeley/package.json'))

/** The absolute path of a file of the checkout; of its top folder without an argument. */
export function checkoutPath(...parts: readonly string[]): string {
  return join(folder, ...parts)
}
