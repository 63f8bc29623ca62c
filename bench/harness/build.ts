// Builds the C programs of bench/c into bench/build, each from its own source and the shared ones, and only when one
// of the sources is newer than it.
import { execFile } from 'node:child_process'
import { mkdir, readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { builtProgram, buildFolder, sourceFolder } from './paths.ts'

const run = promisify(execFile)
const PROGRAM = /^(?:pin|(?:load|limit)-[a-z]+)\.c$/

/** Brings every program up to date; throws what the compiler has to say. */
export async function buildPrograms(): Promise<void> {
  const names = await readdir(sourceFolder)
  const newest = Math.max(...(await Promise.all(names.map((name) => changedAt(join(sourceFolder, name))))))
  const shared = names.filter((name) => name.endsWith('.c') && !PROGRAM.test(name))
  await mkdir(buildFolder, { recursive: true })
  await Promise.all(
    names
      .filter((name) => PROGRAM.test(name))
      .map(async (source) => {
        const program = builtProgram(basename(source, '.c'))
        if ((await changedAt(program)) < newest) await compile(program, [source, ...shared])
      }),
  )
}

async function compile(program: string, sources: readonly string[]): Promise<void> {
  const flags = ['-std=gnu11', '-D_GNU_SOURCE', '-O2', '-Wall', '-Wextra']
  const files = sources.map((name) => join(sourceFolder, name))
  await run(process.env['CC'] ?? 'cc', [...flags, '-o', program, ...files])
}

/** Milliseconds; 0 for what isn't there. */
async function changedAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs
  } catch {
    return 0
  }
}
