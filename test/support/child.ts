// Programs of the library in a process or a thread of their own: what they print, and how they end.
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { Worker } from 'node:worker_threads'

/** Where a module of src/ is, as a program's source has it: `import { inet } from ${moduleOf('index')}`. */
export function moduleOf(name: string): string {
  return JSON.stringify(new URL(`../../src/${name}.js`, import.meta.url).href)
}

/** How a program ended. */
export interface Ended {
  readonly status: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

const LONGEST_MS = 60_000

/** Runs a program (an ES module) to its end. Its arguments are in `process.argv` from 1 on. */
export function runProgram(program: string, args: readonly string[] = [], flags: readonly string[] = []): Ended {
  const all = [...flags, '--input-type=module', '--eval', program, '--', ...args]
  return spawnSync(process.execPath, all, { encoding: 'utf8', timeout: LONGEST_MS })
}

/** The same under strace(1), which counts the system calls named. */
export function countCalls(program: string, calls: readonly string[]): { ended: Ended; counts: Map<string, number> } {
  const node = [process.execPath, '--input-type=module', '--eval', program]
  const args = ['-f', '-qq', '-e', `trace=${calls.join()}`, '-e', 'signal=none', ...node]
  const ended = spawnSync('strace', args, { encoding: 'utf8', timeout: LONGEST_MS })
  const counts = new Map(calls.map((name) => [name, 0]))
  for (const [, name = ''] of ended.stderr.matchAll(/^(?:\[pid +\d+\] )?(\w+)\(/gm)) {
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return { ended, counts }
}

/** Starts a program that talks through its standard streams. */
export function startProgram(
  program: string,
  args: readonly string[] = [],
): ChildProcessByStdio<Writable, Readable, null> {
  return spawn(process.execPath, ['--input-type=module', '--eval', program, '--', ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
}

/** Starts a worker thread that runs a program (an ES module); its `workerData` is what is given. */
export function startWorker(program: string, workerData?: unknown): Worker {
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`), { workerData })
}
