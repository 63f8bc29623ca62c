// Builds the addon with the system's C compiler and the headers of the node-api-headers package.
//
//   node scripts/build-addon.mjs              native/build/berkeley.node and berkeley-uv.node
//   node scripts/build-addon.mjs --sanitize   the same under native/build/sanitize/, with AddressSanitizer and
//                                             UndefinedBehaviorSanitizer
//   node scripts/build-addon.mjs --prebuild   under prebuilds/<os>-<cpu>/, which the published package holds
//
// A folder of native/ that bears a system's name is built on that system alone. The files of native/uv/ make a binary
// of their own, because they are the only ones that use libuv. The compiler is the one that CC names (with arguments if
// it has any), otherwise cc.
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './files.mjs'

const native = join(root, 'native')
const COMPILE = ['-std=c11', '-D_GNU_SOURCE', '-DNAPI_VERSION=8', '-fPIC', '-fvisibility=hidden']
const WARNINGS = ['-Wall', '-Wextra', '-Werror']
// A lookup's thread may return into the addon after the worker that loaded it has ended.
const LINK = process.platform === 'linux' ? ['-Wl,-z,nodelete'] : []
const FAST = ['-O2']
const SANITIZE = [
  '-O1',
  '-g',
  '-fno-omit-frame-pointer',
  '-fsanitize=address,undefined',
  '-fno-sanitize-recover=undefined',
]

// Folders of native/ whose files are for one system alone, by the names of process.platform.
const otherSystems = ['linux', 'darwin', 'freebsd', 'win32'].filter((name) => name !== process.platform)

/** Where `--sanitize` puts what it builds. */
export const sanitizedFolder = join(native, 'build', 'sanitize')

/** Builds both binaries; resolves to undefined, or to a sentence about what went wrong. */
export async function buildAddons({ folder = join(native, 'build'), sanitize = false } = {}) {
  mkdirSync(folder, { recursive: true })
  const complaints = await Promise.all([
    build(join(folder, 'berkeley.node'), cFiles(native, ['build', 'uv', ...otherSystems]), sanitize),
    build(join(folder, 'berkeley-uv.node'), cFiles(join(native, 'uv')), sanitize),
  ])
  return complaints.find((complaint) => complaint !== undefined)
}

/** The C files of a folder and of the folders in it, but for those that `except` names. */
function cFiles(folder, except = []) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      if (entry.isDirectory()) return except.includes(entry.name) ? [] : cFiles(join(folder, entry.name))
      return entry.name.endsWith('.c') ? [join(folder, entry.name)] : []
    })
    .sort()
}

/** Compiles each file by itself, all at once, and links them; resolves to undefined or to a complaint. */
async function build(output, files, sanitize) {
  const [compiler, ...first] = (process.env.CC ?? 'cc').split(' ').filter((word) => word !== '')
  const { include_dir: headers } = createRequire(import.meta.url)('node-api-headers')
  const how = [...first, ...(sanitize ? SANITIZE : FAST), '-pthread']
  const beside = `${output}.${process.pid}`
  const objects = files.map((_, index) => `${beside}.${index}.o`)
  try {
    const includes = [`-I${headers}`, `-I${native}`]
    const compilations = files.map((file, index) => {
      return run(compiler, [...how, ...COMPILE, ...WARNINGS, ...includes, '-c', '-o', objects[index], file])
    })
    const codes = await Promise.all(compilations)
    if (codes.includes('ENOENT')) {
      return (
        `no C compiler: \`${compiler}\` is not there. Install one (Debian: apt-get install gcc libc6-dev; ` +
        'Fedora: dnf install gcc; Alpine: apk add gcc musl-dev), or name yours in the environment variable CC.'
      )
    }
    if (codes.every((code) => code === 0))
      codes.push(await run(compiler, [...how, '-shared', ...LINK, '-o', beside, ...objects]))
    if (codes.some((code) => code !== 0)) {
      return `\`${compiler}\` could not build ${relative(root, output)}; its messages are above`
    }
    renameSync(beside, output)
    return undefined
  } finally {
    for (const path of [beside, ...objects]) rmSync(path, { force: true })
  }
}

/** Resolves to the program's exit code, or to the error's code when it could not be started. */
function run(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('error', (error) => resolve(error.code))
    child.on('close', (code) => resolve(code))
  })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const sanitize = process.argv.includes('--sanitize')
  const prebuild = process.argv.includes('--prebuild')
  const folder = sanitize
    ? sanitizedFolder
    : join(root, ...(prebuild ? ['prebuilds', `${process.platform}-${process.arch}`] : ['native', 'build']))
  const complaint = await buildAddons({ folder, sanitize })
  if (complaint !== undefined) {
    console.error(`berkeley: ${complaint}`)
    process.exitCode = 1
  } else if (sanitize) {
    console.log('Run Node on it like this (or `npm test -- --sanitize`):')
    console.log(`  LD_PRELOAD=$(cc -print-file-name=libasan.so) ASAN_OPTIONS=detect_leaks=0 \\`)
    console.log(`  BERKELEY_ADDON_DIRECTORY=${relative(process.cwd(), folder)} node …`)
  }
}
