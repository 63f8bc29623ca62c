// The checks that every runtime has to pass, under this one and each of its wakers.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const smoke = fileURLToPath(new URL('./smoke.js', import.meta.url))

for (const waker of ['libuv', 'thread']) {
  test(`every part works under the waker ${waker}`, () => {
    const env = { ...process.env, BERKELEY_WAKER: waker }
    const { status, stdout } = spawnSync(process.execPath, [smoke], { env, encoding: 'utf8', timeout: 60_000 })
    assert.equal(status, 0, stdout)
    assert.match(stdout, new RegExp(`checks passed: node v.*, ${waker}\n$`))
  })
}
