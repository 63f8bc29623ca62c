import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'

const preload = new URL('./leak-check.js', import.meta.url).href

function run(program: string): { status: number | null; stderr: string } {
  const env = { ...process.env, NODE_TEST_CONTEXT: 'child' }
  const args = ['--import', preload, '--input-type=module', '--eval', program]
  return spawnSync(process.execPath, args, { env, encoding: 'utf8' })
}

test('a process that leaves a socket open fails, and says which', () => {
  const { status, stderr } = run(`
    import { createServer } from 'node:net'
    const server = createServer().listen(0, '127.0.0.1', () => server.unref())
  `)
  assert.equal(status, 1)
  assert.match(stderr, /^left open: descriptor \d+, socket:\[\d+\], tcp .*0100007F:[0-9A-F]{4} .* 0A /m)
})

test('a process that closes its sockets passes', () => {
  const { status, stderr } = run(`
    import { createServer } from 'node:net'
    const server = createServer().listen(0, '127.0.0.1', () => server.close())
  `)
  assert.equal(stderr, '')
  assert.equal(status, 0)
})
