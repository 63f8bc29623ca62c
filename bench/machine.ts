// What the numbers were measured on.
import { execFile } from 'node:child_process'
import os from 'node:os'
import { promisify } from 'node:util'
import { root } from './harness/paths.ts'

const run = promisify(execFile)

/** The processor, the kernel and the runtime, in one line. */
export function machine(): string {
  const cores = os.cpus()
  const memory = Math.round(os.totalmem() / 2 ** 30)
  const model = cores[0]?.model.trim() ?? 'unknown processor'
  return `${model}, ${cores.length} cores, ${memory} GiB, ${os.type()} ${os.release()} ${os.arch()}, Node ${process.versions.node}`
}

/** The commit that is checked out, with a plus sign if what was measured differs from it. */
export async function commit(): Promise<string> {
  try {
    const { stdout: hash } = await run('git', ['rev-parse', '--short', 'HEAD'], { cwd: root })
    const measured = ['src', 'native', 'bench', ':!bench/RESULTS.md', ':!bench/results.json']
    const { stdout: changes } = await run('git', ['status', '--porcelain', '--', ...measured], { cwd: root })
    return hash.trim() + (changes === '' ? '' : '+')
  } catch {
    return 'unknown'
  }
}
