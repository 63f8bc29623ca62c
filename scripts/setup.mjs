// What every command does first: install what package-lock.json names, build the addon, compile TypeScript.
//
// Each step leaves a stamp (a fingerprint of all that it read) in .build/ and is skipped while the fingerprint
// is the same, so that a checkout that is up to date costs some dozens of milliseconds. Fingerprints are of the
// files' paths, sizes and times of change, compared for equality, so older files restored by git count as changed.
//
// Two commands may run at once: the work is done under one lock, and what other processes may be reading
// (dist/, native/build/) is written beside it and renamed into place, file by file, and only where it differs.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { filesUnder, fingerprint, replaceFile, root } from './files.mjs'
import { withLock } from './lock.mjs'

const stamps = join(root, '.build', 'stamps')
const SOURCES = ['src', 'test', 'bench', 'examples']

/** A step that failed for a reason the user can read; printed without a stack. */
export class SetupError extends Error {}

const steps = [
  {
    name: 'install',
    saying: 'installing what package-lock.json names',
    reads: () => [join(root, 'package-lock.json')],
    isThere: () => existsSync(join(root, 'node_modules', 'typescript')),
    run: install,
  },
  {
    name: 'addon',
    saying: 'building the addon',
    reads: () => [
      ...filesUnder(join(root, 'native'), ['.c', '.h']),
      ...['scripts/build-addon.mjs', 'package-lock.json'].map((name) => join(root, name)),
    ],
    also: () => process.env.CC ?? 'cc',
    isThere: () => existsSync(join(root, 'native', 'build', 'berkeley.node')),
    run: buildAddon,
  },
  {
    name: 'compile',
    saying: 'compiling TypeScript',
    reads: () => [
      ...SOURCES.flatMap((folder) => filesUnder(join(root, folder), ['.ts'])),
      ...['tsconfig.json', 'package.json', 'package-lock.json', 'scripts/bundle.mjs'].map((name) => join(root, name)),
    ],
    isThere: () => existsSync(join(root, 'dist')) && existsSync(join(root, 'bundle')),
    run: compile,
  },
]

/**
 * Brings node_modules, the addon and dist/ up to date, or only the steps named. Throws SetupError with a sentence for
 * the user.
 */
export async function setUp(only = steps.map((step) => step.name)) {
  const wanted = steps.filter((step) => only.includes(step.name))
  if (wanted.every(isUpToDate)) return
  await withLock(join(root, '.build', 'lock'), async () => {
    const [first, others] = [
      wanted.filter(({ name }) => name === 'install'),
      wanted.filter(({ name }) => name !== 'install'),
    ]
    for (const step of first) await bringUpToDate(step)
    const ends = await Promise.allSettled(others.map(bringUpToDate)) // the C compiler and tsc at once
    const errors = ends.filter(({ status }) => status === 'rejected').map(({ reason }) => reason)
    const unexpected = errors.find((error) => !(error instanceof SetupError))
    if (unexpected !== undefined) throw unexpected
    if (errors.length > 0) throw new SetupError(errors.map((error) => error.message).join('\nberkeley: '))
  })
}

async function bringUpToDate(step) {
  if (isUpToDate(step)) return // another process may have done it while this one waited for the lock
  const mark = markOf(step) // before the work: a file changed meanwhile is compiled again next time
  process.stderr.write(`berkeley: ${step.saying}\n`)
  await step.run()
  mkdirSync(stamps, { recursive: true })
  replaceFile(join(stamps, step.name), mark)
}

/**
 * Runs `setUp` for a command of this project; when it fails, prints why and ends the process, or resolves to false if
 * the command goes on `anyway`.
 */
export async function setUpOrExit({ only, anyway = false } = {}) {
  try {
    await setUp(only)
    return true
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    process.stderr.write(`berkeley: ${error.message}\n`)
    if (!anyway) process.exit(1)
    return false
  }
}

function markOf(step) {
  return fingerprint(step.reads(), [process.version, step.also?.() ?? ''])
}

function isUpToDate(step) {
  if (!step.isThere()) return false
  try {
    return readFileSync(join(stamps, step.name), 'utf8') === markOf(step)
  } catch {
    return false
  }
}

function install() {
  // The npm that runs this script, if there is one, and otherwise the one on the path.
  const npm = process.env.npm_execpath
  const [program, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
  const result = spawnSync(program, [...first, 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_ENV: 'development' },
  })
  if (result.error) throw new SetupError(`npm could not be started: ${result.error.message}`)
  if (result.status !== 0) throw new SetupError('npm ci failed; its messages are above')
}

async function buildAddon() {
  const { buildAddons } = await import('./build-addon.mjs')
  const complaint = await buildAddons()
  if (complaint !== undefined) throw new SetupError(complaint)
}

async function compile() {
  const { compileTypeScript } = await import('./compile.mjs')
  const { bundle } = await import('./bundle.mjs')
  const [isCompiled] = await Promise.all([compileTypeScript(), bundle()])
  if (!isCompiled) throw new SetupError('TypeScript found errors; they are listed above')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await setUpOrExit()
