// The generated tables against the compiler, against Node, and against Python's socket module.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { getSystemErrorMap } from 'node:util'
import * as constants from '../../src/sys/platform/linux/constants.ts'
import * as errno from '../../src/sys/platform/linux/errno.ts'
import { checkoutPath } from '../support/checkout.ts'
import { needs } from '../support/needs.ts'

const tables: Readonly<Record<string, number>> = { ...constants, ...errno }

test('the tables are what the generator writes', { skip: needs({ program: 'cc' }) }, () => {
  const script = checkoutPath('scripts', 'generate-tables.mjs')
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' })
  assert.equal(stderr, '')
  assert.equal(status, 0)
})

test("constants agree with those of Python's modules", { skip: needs({ program: 'python3' }) }, () => {
  const program = `
import errno, fcntl, json, os, select, socket
values = {}
for module in (errno, fcntl, os, select, socket):
    for name in dir(module):
        value = getattr(module, name)
        if name.isupper() and isinstance(value, int): values[name] = int(value)
print(json.dumps(values))`
  const theirs = JSON.parse(execFileSync('python3', ['-c', program], { encoding: 'utf8' })) as Record<string, number>
  const shared = Object.keys(tables).filter((name) => name in theirs)
  assert.ok(shared.length > 250, `only ${shared.length} names in common`)
  for (const name of shared) assert.equal(tables[name], theirs[name], name)
})

test("names of errno values agree with Node's", () => {
  const named = new Map(Object.entries(errno).map(([name, value]) => [name, value]))
  const kernel = [...getSystemErrorMap()].filter(([, [name]]) => named.has(name))
  assert.ok(kernel.length > 60, `only ${kernel.length} names in common`)
  for (const [number, [name]] of kernel) assert.equal(named.get(name), -number, name)
})
