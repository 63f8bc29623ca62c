// The other runtimes, where `npm run bench:peers` has installed them, and how each is told to run a file.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from './children.ts'
import { peersFolder, serverFile } from './paths.ts'

export type Runtime = 'node' | 'bun' | 'deno'

/** The command that runs bench/servers/SERVER.ts, compiled, under a runtime; undefined where the runtime isn't there. */
export function runtimeCommand(runtime: Runtime, server: string, args: readonly string[]): Command | undefined {
  const file = serverFile(server)
  if (runtime === 'node') return { program: process.execPath, arguments: [file, ...args] }
  if (runtime === 'bun') {
    const program = findProgram('@oven', 'bin/bun')
    return program === undefined ? undefined : { program, arguments: ['run', file, ...args] }
  }
  const program = findProgram('@deno', 'deno')
  if (program === undefined) return undefined
  return {
    program,
    arguments: ['run', '--quiet', '--no-config', '--no-lock', '--allow-all', '--unstable-net', file, ...args],
    environment: { DENO_NO_UPDATE_CHECK: '1', DENO_DIR: join(peersFolder, 'deno-cache') },
  }
}

/** npm installs, among a runtime's packages, only the one for this platform. */
function findProgram(scope: string, inside: string): string | undefined {
  const packages = join(peersFolder, 'node_modules', scope)
  if (!existsSync(packages)) return undefined
  return readdirSync(packages)
    .map((name) => join(packages, name, inside))
    .find((path) => existsSync(path))
}
