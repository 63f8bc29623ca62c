// Links between the pages lead somewhere: the file is there, and so is the heading.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { checkoutPath } from '../support/checkout.ts'
import { type Page, page, pages, proseOf } from '../support/pages.ts'

const all = pages()

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(target: Page): string[] {
  return [...proseOf(target).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

/** What is wrong with a link of a page; undefined if nothing is. */
function faultOf(from: Page, link: string): string | undefined {
  const [file = '', anchor] = link.split('#')
  const path = file === '' ? from.path : join(dirname(from.path), file)
  if (path.startsWith('..')) return 'leads out of the checkout'
  if (!existsSync(checkoutPath(path))) return 'leads to no file'
  if (anchor === undefined) return undefined
  if (!statSync(checkoutPath(path)).isFile()) return 'is an anchor in a folder'
  return anchorsOf(page(path)).includes(anchor) ? undefined : 'leads to no heading'
}

for (const from of all) {
  test(`${from.path}: every link leads somewhere`, () => {
    const links = [...proseOf(from).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
    const faults = links
      .filter((link) => !/^[a-z]+:/.test(link))
      .map((link) => ({ link, fault: faultOf(from, link) }))
      .filter(({ fault }) => fault !== undefined)
    assert.deepEqual(faults, [])
  })
}

test('every page can be reached from README.md', () => {
  const reached = new Set(['README.md'])
  for (const path of reached) {
    for (const [, link = ''] of proseOf(page(path)).matchAll(/\]\(([^)\s#]+)[^)]*\)/g)) {
      const target = join(dirname(path), link)
      for (const { path: other } of all) if (other === target || other.startsWith(`${target}/`)) reached.add(other)
    }
  }
  assert.deepEqual(
    all.map(({ path }) => path).filter((path) => !reached.has(path)),
    [],
  )
})

test('README.md names the entries that package.json has, and the Node that it asks for', () => {
  const manifest = JSON.parse(readFileSync(checkoutPath('package.json'), 'utf8')) as {
    exports: Record<string, unknown>
    engines: { node: string }
  }
  const { text } = page('README.md')
  const named = new Set([...text.matchAll(/`(berkeley(?:\/[a-z/]+)?)`/g)].map(([, entry = '']) => entry))
  const entries = Object.keys(manifest.exports).filter((entry) => !entry.endsWith('.json'))
  assert.deepEqual([...named].toSorted(), entries.map((entry) => join('berkeley', entry)).toSorted())
  assert.ok(text.includes(`Node ${manifest.engines.node.replace('>=', '')} or later`))
})
