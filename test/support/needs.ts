// What a test needs of the machine. On a developer's machine a test whose needs are not met is skipped and says why;
// under CI=true, where everything is meant to be there, it fails, so that nothing is skipped for ever unseen.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** What a test may need: programs on the path (all of them), the rights of root. */
export interface Needs {
  program?: string | readonly string[]
  root?: boolean
}

/**
 * For node:test's `skip` option: false, or the reason why the test can't run here. Throws that reason under CI=true.
 *
 *     test('B1 ...', { skip: needs({ program: 'socat' }) }, async () => { ... })
 */
export function needs(what: Needs): string | false {
  const reason = missing(what)
  if (reason !== undefined && process.env['CI'] === 'true')
    throw new Error(`This test can't be skipped in CI: ${reason}`)
  return reason ?? false
}

function missing({ program = [], root = false }: Needs): string | undefined {
  const programs = typeof program === 'string' ? [program] : program
  const absent = programs.filter((name) => !isOnPath(name))
  if (absent.length > 0) return `needs ${absent.join(', ')}`
  if (root && process.getuid?.() !== 0) return 'needs the rights of root'
  return undefined
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
