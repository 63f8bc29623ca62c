// npm run bench:peers: installs the other runtimes that the benches compare with into bench/peers/, a private
// workspace that git ignores.
import { join } from 'node:path'
import { root } from './files.mjs'
import { installRuntimes, runtimeProgram } from './runtimes.mjs'

const names = ['bun', 'deno']
const folder = join(root, 'bench', 'peers')
if (!installRuntimes(folder, names)) process.exitCode = 1
for (const name of names) {
  const program = runtimeProgram(folder, name)
  console.log(`${name}: ${program ?? 'no program that runs here; the benches go on without it'}`)
}
