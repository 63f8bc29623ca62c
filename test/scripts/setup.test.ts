// Set-up in a small checkout of its own: the scripts copied, one source of each kind, node_modules borrowed.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { checkoutPath } from '../support/checkout.ts'

const folder = mkdtempSync(join(tmpdir(), 'berkeley-setup-'))
after(() => rmSync(folder, { recursive: true }))

for (const name of ['scripts', 'package.json', 'package-lock.json', 'tsconfig.json']) {
  cpSync(checkoutPath(name), join(folder, name), { recursive: true })
}
symlinkSync(checkoutPath('node_modules'), join(folder, 'node_modules'))
for (const name of ['src', 'native', 'native/uv']) mkdirSync(join(folder, name))
const addon = '#include <node_api.h>\nNAPI_MODULE_INIT() { (void)env; return exports; }\n'
for (const name of ['addon.c', 'uv/waker.c']) writeFileSync(join(folder, 'native', name), addon)
writeFileSync(join(folder, 'src', 'one.ts'), 'export const one: number = 1\n')
// The entries that are bundled.
for (const name of ['index.ts', 'socket/index.ts', 'socket/sync/index.ts', 'reactor/index.ts']) {
  const file = join(folder, 'src', name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, 'export {}\n')
}

interface Ending {
  code: number
  stdout: string
  stderr: string
}

/** Runs all of set-up but the installation, as a process. */
function setUp(env: NodeJS.ProcessEnv = {}): Promise<Ending> {
  const script = JSON.stringify(join(folder, 'scripts', 'setup.mjs'))
  const program = `(await import(${script})).setUpOrExit({ only: ['addon', 'compile'] })`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { env: { ...process.env, ...env } })
  const ending = { code: -1, stdout: '', stderr: '' }
  child.stdout.on('data', (text) => (ending.stdout += text))
  child.stderr.on('data', (text) => (ending.stderr += text))
  return new Promise((resolve) => child.on('close', (code) => resolve({ ...ending, code: code ?? -1 })))
}

const built = (...parts: readonly string[]): string => join(folder, 'dist', 'src', ...parts)

test('two at once on a fresh checkout: one builds, the other waits and finds it done', async () => {
  const both = await Promise.all([setUp(), setUp()])
  assert.deepEqual(
    both.map(({ code }) => code),
    [0, 0],
  )
  const said = both.map(({ stderr }) => stderr).join('')
  assert.equal(said, 'berkeley: building the addon\nberkeley: compiling TypeScript\n')
  assert.ok(existsSync(built('one.js')))
  assert.ok(existsSync(join(folder, 'native', 'build', 'berkeley.node')))
})

test('what is up to date is left alone, without a word', async () => {
  const before = statSync(built('one.js')).mtimeMs
  assert.deepEqual(await setUp(), { code: 0, stdout: '', stderr: '' })
  assert.equal(statSync(built('one.js')).mtimeMs, before)
})

test('a new source is compiled, what did not change is not rewritten, and what lost its source goes', async () => {
  const before = statSync(built('one.js')).mtimeMs
  writeFileSync(join(folder, 'src', 'two.ts'), "import { one } from './one.ts'\nexport const two: number = one + 1\n")
  assert.deepEqual(await setUp(), { code: 0, stdout: '', stderr: 'berkeley: compiling TypeScript\n' })
  assert.ok(existsSync(built('two.js')))
  assert.equal(statSync(built('one.js')).mtimeMs, before)
  rmSync(join(folder, 'src', 'two.ts'))
  assert.equal((await setUp()).code, 0)
  assert.ok(!existsSync(built('two.js')) && !existsSync(built('two.d.ts')))
})

test('an error of TypeScript fails every run until it is mended', async () => {
  writeFileSync(join(folder, 'src', 'wrong.ts'), "export const wrong: number = 'one'\n")
  for (const ending of [await setUp(), await setUp()]) {
    assert.equal(ending.code, 1)
    assert.match(ending.stdout, /^src\/wrong\.ts\(1,14\): error TS2322/)
    assert.match(ending.stderr, /^berkeley: TypeScript found errors; they are listed above$/m)
  }
  rmSync(join(folder, 'src', 'wrong.ts'))
  assert.equal((await setUp()).code, 0)
})

test('an error of the C compiler fails, and leaves the last binary where it is', async () => {
  writeFileSync(join(folder, 'native', 'addon.c'), `${addon}int f(int unused) { return 0; }\n`)
  const { code, stderr } = await setUp()
  assert.equal(code, 1)
  assert.match(stderr, /unused parameter/)
  assert.match(stderr, /^berkeley: `cc` could not build native\/build\/berkeley\.node; its messages are above$/m)
  assert.ok(existsSync(join(folder, 'native', 'build', 'berkeley.node')))
  writeFileSync(join(folder, 'native', 'addon.c'), addon)
})

test('without a C compiler it says what to install and how to name one', async () => {
  const { code, stderr } = await setUp({ CC: 'no-such-compiler -O3' })
  assert.equal(code, 1)
  assert.match(stderr, /^berkeley: no C compiler: `no-such-compiler` is not there\..*apt-get install gcc.*CC\.$/m)
})

test('a lock whose holder has died is taken over', async () => {
  writeFileSync(join(folder, '.build', 'lock'), '4194305') // above the kernel's highest process number
  assert.equal((await setUp()).code, 0)
  assert.ok(!existsSync(join(folder, '.build', 'lock')))
})
