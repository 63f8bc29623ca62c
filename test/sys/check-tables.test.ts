import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addon } from '../../src/sys/addon.ts'
import { checkTables } from '../../src/sys/check-tables.ts'
import * as constants from '../../src/sys/platform/linux/constants.ts'
import * as errno from '../../src/sys/platform/linux/errno.ts'
import * as layouts from '../../src/sys/platform/linux/layout.ts'

const ABSENT = -0x7fffffff
const nameOf = (index: number): string => addon().tableName(index)

function ours(): Int32Array {
  const layoutValues = Object.values(layouts).flatMap((layout) => Object.values(layout))
  return Int32Array.from([...Object.values(constants), ...Object.values(errno), ...layoutValues])
}

test('the same values pass', () => {
  checkTables(ours(), nameOf)
})

test('a constant that the compiling system lacked is not compared', () => {
  const values = ours()
  values[Object.keys(constants).indexOf('SO_RCVMARK')] = ABSENT
  checkTables(values, nameOf)
})

test('a differing constant is named, with both values', () => {
  const values = ours()
  values[Object.keys(constants).indexOf('SO_REUSEADDR')] = 4
  assert.throws(() => checkTables(values, nameOf), { message: /another system: SO_REUSEADDR is 4, not 2\.$/ })
})

test('a differing layout is named by structure and field', () => {
  const values = ours()
  values[values.length - 1] = 12
  assert.throws(() => checkTables(values, nameOf), { message: /ucred\.gid is 12, not 8\.$/ })
})

test('of many differences the first are named and the others counted', () => {
  const values = ours().map((value) => value + 1)
  assert.throws(() => checkTables(values, nameOf), { message: /AF_ALG is 39, not 38, .* \(and \d+ more\)\.$/ })
})

test('a table of another length belongs to another version', () => {
  assert.throws(() => checkTables(ours().subarray(1), nameOf), { message: /belongs to another version/ })
})
