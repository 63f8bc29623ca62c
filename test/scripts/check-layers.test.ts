import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { checkoutPath } from '../support/checkout.ts'

/** What the check says about a folder of sources, given as path and text. */
function check(files: Readonly<Record<string, string>>): { lines: string[]; status: number | null } {
  const folder = mkdtempSync(join(tmpdir(), 'berkeley-layers-'))
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    const script = checkoutPath('scripts', 'check-layers.mjs')
    const { stderr, status } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' })
    return { lines: stderr.split('\n').filter((line) => line !== ''), status }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('imports downward and within a folder pass', () => {
  const { lines, status } = check({
    'index.ts': "export * from './socket/socket.ts'\n",
    'socket/socket.ts': "import { a } from '../base/a.ts'\nimport { b } from './b.ts'\nimport { x } from 'node:net'\n",
    'socket/b.ts': "import type { Socket } from './socket.ts'\n",
    'base/a.ts': '',
  })
  assert.deepEqual(lines, [])
  assert.equal(status, 0)
})

const broken: Readonly<Record<string, { files: Readonly<Record<string, string>>; says: RegExp }>> = {
  'an import upward': {
    files: { 'base/a.ts': "import { s } from '../socket/s.ts'\n", 'socket/s.ts': '' },
    says: /^base\/a\.ts: \.\.\/socket\/s\.ts: base\/ may not import socket\/$/,
  },
  'a type upward': {
    files: { 'base/a.ts': "import type { S } from '../socket/s.ts'\n", 'socket/s.ts': '' },
    says: /base\/ may not import socket\/$/,
  },
  'an import over several lines': {
    files: { 'base/a.ts': "import {\n  b,\n  c,\n} from '../socket/s.ts'\n", 'socket/s.ts': '' },
    says: /base\/ may not import socket\/$/,
  },
  'a built-in module in base': {
    files: { 'base/a.ts': "import { x } from 'node:net'\n" },
    says: /^base\/a\.ts: node:net: base\/ uses no Node built-ins$/,
  },
  'a package': {
    files: { 'socket/a.ts': "import x from 'ws'\n" },
    says: /^socket\/a\.ts: ws: not in the list of run-time dependencies$/,
  },
  'a protocol from another': {
    files: { 'proto/a/a.ts': "import { b } from '../b/b.ts'\n", 'proto/b/b.ts': '' },
    says: /proto\/a may not import proto\/b$/,
  },
  'a cycle': {
    files: { 'base/a.ts': "import { b } from './b.ts'\n", 'base/b.ts': "import { a } from './a.ts'\n" },
    says: /^import cycle: base\/a\.ts → base\/b\.ts → base\/a\.ts$/,
  },
  'an unknown folder': { files: { 'utils/a.ts': '' }, says: /^utils\/a\.ts: no layer is called utils\/$/ },
}

for (const [what, { files, says }] of Object.entries(broken)) {
  test(`${what} is a complaint`, () => {
    const { lines, status } = check(files)
    assert.equal(lines.length, 1, lines.join('\n'))
    assert.match(lines[0] ?? '', says)
    assert.equal(status, 1)
  })
}
