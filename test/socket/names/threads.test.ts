// When a thread is started, and whether it keeps the process.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countCalls, moduleOf, runProgram } from '../../support/child.ts'
import { needs } from '../../support/needs.ts'

function threadsOf(call: string): number {
  const program = `
    import * as names from ${moduleOf('index')}
    names.gethostname() // the addon is loaded before the threads are counted
    process.kill(process.pid, 0)
    ${call}`
  const { ended, counts } = countCalls(program, ['clone', 'clone3'])
  assert.equal(ended.status, 0, ended.stderr)
  return (counts.get('clone') ?? 0) + (counts.get('clone3') ?? 0)
}

test(
  'an address in numbers never leaves the thread; a name has one of its own',
  { skip: needs({ program: 'strace' }) },
  () => {
    const none = threadsOf('')
    assert.equal(threadsOf(`await names.getaddrinfo('127.0.0.1', 80)`), none)
    assert.equal(threadsOf(`await names.getaddrinfo('::1', '443', { flags: names.AI_NUMERICHOST })`), none)
    assert.equal(
      threadsOf(`await names.getaddrinfo('localhost', 80); await names.getaddrinfo('localhost', 80)`),
      none + 2,
    )
  },
)

test('a lookup keeps the process alive until it is done, or given up', () => {
  const { status, stdout } = runProgram(`
    import { getaddrinfo } from ${moduleOf('index')}
    getaddrinfo('localhost', 80).then((found) => console.log(found.length > 0))
    getaddrinfo('localhost', 'http', { timeout: 60_000 }).then(() => console.log('and its timer is gone'))`)
  assert.deepEqual([status, stdout.split('\n').sort()], [0, ['', 'and its timer is gone', 'true']])
})
