// The package as a stranger gets it: packs it, looks at what is in the tarball, installs that into an empty project,
// imports every entry, and compiles a program that uses its types. Run by .ci/run.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './files.mjs'

const MAY_HOLD = [/^bundle\//, /^dist\/src\//, /^src\//, /^prebuilds\/[a-z0-9]+-[a-z0-9]+\/berkeley(-uv)?\.node$/]
const TOP = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md']
const LARGEST_BYTES = 2_000_000

const { name, exports, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const entries = Object.keys(exports).map((path) => join(name, path))
const code = entries.filter((entry) => !entry.endsWith('.json'))
const work = mkdtempSync(join(tmpdir(), 'berkeley-package-'))

function run(program, args, cwd = work) {
  return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}

function checkContents(files, size) {
  const junk = files.filter((path) => !TOP.includes(path) && !MAY_HOLD.some((pattern) => pattern.test(path)))
  assert.deepEqual(junk, [], 'the package holds files that it should not')
  const targets = Object.values(exports).flatMap((target) =>
    typeof target === 'string' ? target : Object.values(target),
  )
  const needed = [...targets, ...Object.values(bin), ...TOP]
  const prebuilt = ['berkeley.node', 'berkeley-uv.node'].map((file) => {
    return `prebuilds/${process.platform}-${process.arch}/${file}`
  })
  const absent = [...needed, ...prebuilt].filter((path) => !files.includes(path.replace(/^\.\//, '')))
  assert.deepEqual(absent, [], 'the package lacks files')
  assert.ok(size < LARGEST_BYTES, `the package has ${size} bytes`)
}

function checkUse(tarball) {
  writeFileSync(join(work, 'package.json'), '{ "private": true, "type": "module" }\n')
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--no-package-lock', tarball])
  for (const entry of code) run(process.execPath, ['--input-type=module', '--eval', `await import('${entry}')`])
  const use = `
    import { AF_INET, SOCK_STREAM, Socket, inet } from '${name}'
    const listener = new Socket(AF_INET, SOCK_STREAM)
    listener.bind(inet('127.0.0.1', 0))
    listener.listen()
    console.log(String(listener.localAddress))
    listener.close()\n`
  writeFileSync(join(work, 'use.js'), use)
  assert.match(run(process.execPath, ['use.js']), /^127\.0\.0\.1:\d+\n$/)
  const types = code.map((entry, index) => `import * as entry${index} from '${entry}'\nconsole.log(entry${index})\n`)
  writeFileSync(join(work, 'use.ts'), use + types.join(''))
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const options = ['--noEmit', '--strict', '--target', 'es2023', '--module', 'nodenext', '--types', 'node']
  run(process.execPath, [tsc, ...options, '--typeRoots', join(root, 'node_modules', '@types'), 'use.ts'])
}

try {
  const folder = join(work, 'packed')
  mkdirSync(folder)
  // `prepack` builds what the tarball holds; its messages come before the list.
  const said = run('npm', ['pack', '--json', '--loglevel=error', '--pack-destination', folder], root)
  const [{ filename, files, size }] = JSON.parse(said.slice(said.indexOf('[\n')))
  checkContents(
    files.map(({ path }) => path),
    size,
  )
  checkUse(join(folder, filename))
  console.log(`package: ok, ${files.length} files, ${size} bytes, ${code.length} entries`)
} finally {
  rmSync(work, { recursive: true })
}
