// The other runtimes: which versions the tests and the benches use, how they are installed, where their programs are.
// The packages hold binaries for one platform each; no install script is run (npm 12 blocks them anyway).
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const nodePackage = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`

// Fixed versions: a result should mean the same next month. `packages` are the folders that may hold the program.
const RUNTIMES = {
  'node-22': { version: `npm:${nodePackage}@22.23.3`, packages: 'node-22', program: 'bin/node' },
  'node-24': { version: `npm:${nodePackage}@24.21.0`, packages: 'node-24', program: 'bin/node' },
  'node-26': { version: `npm:${nodePackage}@26.10.0`, packages: 'node-26', program: 'bin/node' },
  bun: { version: '1.4.5', packages: '@oven/*', program: 'bin/bun' },
  deno: { version: '2.9.6', packages: '@deno/*', program: 'deno' },
}

/** The names of all of them. */
export const runtimeNames = Object.keys(RUNTIMES)

/** Installs the runtimes that have these names into a folder, which becomes a private workspace; whether it worked. */
export function installRuntimes(folder, names) {
  mkdirSync(folder, { recursive: true })
  const dependencies = Object.fromEntries(names.map((name) => [name, RUNTIMES[name].version]))
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ private: true, dependencies }, null, 2)}\n`)
  const npm = process.env.npm_execpath
  const [program, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
  const options = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const result = spawnSync(program, [...first, ...options], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] })
  if (result.error) console.error(`npm could not be started: ${result.error.message}`)
  return result.status === 0
}

/** The program of a runtime that is installed in a folder; undefined if there is none that runs here. */
export function runtimeProgram(folder, name) {
  const { packages, program } = RUNTIMES[name]
  const modules = join(folder, 'node_modules')
  const scope = join(modules, packages.replace('/*', ''))
  if (!existsSync(scope)) return undefined
  const candidates = packages.endsWith('/*') ? readdirSync(scope).map((one) => join(scope, one)) : [scope]
  return candidates
    .map((path) => join(path, program))
    .find((path) => existsSync(path) && spawnSync(path, ['--version']).status === 0)
}
