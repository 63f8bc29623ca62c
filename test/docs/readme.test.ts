// Every piece of TypeScript in README.md, the guide and the reference is a program: it compiles under the project's own
// rules, runs, ends by itself, and prints what its comments (`// prints: …`) say, and nothing else.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { checkoutPath } from '../support/checkout.ts'
import { type Block, blocksOf, pages } from '../support/pages.ts'

const run = promisify(execFile)
// Inside the checkout, so that `import 'berkeley'` finds the package that it is in.
const folder = checkoutPath('.build', `blocks-${process.pid}`)
after(() => rmSync(folder, { recursive: true, force: true }))

const isRun = (path: string): boolean =>
  path === 'README.md' || path === 'docs/guide.md' || path.startsWith('docs/reference/')
const blocks = pages()
  .filter(({ path }) => isRun(path))
  .flatMap(blocksOf)

/** Where a block's program is, without its ending: `docs/guide.md` at line 12 is `docs/guide.md-12`. */
function nameOf({ page, line }: Block): string {
  return `${page}-${line}`
}

/** What the compiler complains of. It writes the programs all the same. */
const compiled = compile()

async function compile(): Promise<string> {
  for (const block of blocks) {
    const path = join(folder, `${nameOf(block)}.ts`)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, block.code)
  }
  const off = { isolatedDeclarations: false, declaration: false, declarationMap: false, sourceMap: false }
  const compilerOptions = { rootDir: '.', outDir: 'out', ...off }
  const settings = { extends: '../../tsconfig.json', compilerOptions, include: ['.'] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings))
  try {
    const tsc = checkoutPath('node_modules', 'typescript', 'bin', 'tsc')
    return (await run(process.execPath, [tsc, '-p', folder])).stdout
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}

test('the pages hold programs, and they compile', async () => {
  assert.ok(blocks.filter(({ page }) => page === 'README.md').length >= 3)
  assert.ok(blocks.filter(({ page }) => page === 'docs/guide.md').length >= 10)
  assert.equal(await compiled, '')
})

for (const block of blocks) {
  test(`${block.page}: the program at line ${block.line} prints what it says`, async () => {
    await compiled
    const program = join(folder, 'out', `${nameOf(block)}.js`)
    const { stdout, stderr } = await run(process.execPath, [program], { cwd: folder, timeout: 30_000 })
    const promised = [...block.code.matchAll(/\/\/ prints: (.*)$/gm)].map((match) => `${match[1]}\n`)
    assert.equal(stdout, promised.join(''))
    assert.equal(stderr, '')
  })
}
