// npm run bench:peers: installs the other runtimes that the benches compare with into bench/peers/, a private
// workspace that git ignores. The binaries come in packages for one platform each, which npm chooses by itself; no
// install script is run (npm 12 blocks them anyway), so nothing but the registry is asked for anything.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './files.mjs'

// Fixed versions: a number in bench/RESULTS.md should mean the same next month.
const RUNTIMES = [
  { name: 'bun', version: '1.4.5', scope: '@oven', program: 'bin/bun' },
  { name: 'deno', version: '2.9.6', scope: '@deno', program: 'deno' },
]

const folder = join(root, 'bench', 'peers')
mkdirSync(folder, { recursive: true })
const dependencies = Object.fromEntries(RUNTIMES.map(({ name, version }) => [name, version]))
writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ private: true, dependencies }, null, 2)}\n`)

const npm = process.env.npm_execpath
const [program, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
const options = ['install', '--ignore-scripts', '--no-audit', '--no-fund']
const result = spawnSync(program, [...first, ...options], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] })
if (result.error) process.stderr.write(`npm could not be started: ${result.error.message}\n`)

for (const runtime of RUNTIMES) {
  const path = programOf(runtime)
  const version = path && spawnSync(path, ['--version'], { encoding: 'utf8' })
  if (version?.status === 0) console.log(`${runtime.name}: ${version.stdout.split('\n')[0]}`)
  else console.log(`${runtime.name}: no program that runs here; the benches go on without it`)
}
process.exitCode = result.status ?? 1

function programOf({ scope, program: inside }) {
  const packages = join(folder, 'node_modules', scope)
  if (!existsSync(packages)) return undefined
  return readdirSync(packages)
    .map((name) => join(packages, name, inside))
    .find((path) => existsSync(path))
}
