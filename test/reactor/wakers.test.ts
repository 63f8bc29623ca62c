// The two wakers: how one is chosen, and what the thread of the one that has a thread may do.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { moduleOf, startWorker } from '../support/child.ts'
import { needs } from '../support/needs.ts'
import { once } from 'node:events'

// The sanitizers make calls of their own in every thread.
const sanitized = process.env['BERKELEY_ADDON_DIRECTORY'] !== undefined && 'the addon is instrumented'

const ECHO = `
  import { socketpair, statistics } from ${moduleOf('index')}
  const [one, other] = socketpair()
  const buffer = new Uint8Array(8)
  for (let i = 0; i < 20; i++) {
    const received = other.recv(buffer)
    await one.sendAll(Uint8Array.of(i))
    if (await received !== 1 || buffer[0] !== i) throw new Error('not what was sent')
  }
  one.close()
  other.close()
  console.log(statistics().waker)
`

function run(waker: string, program: string = ECHO, wrapper: readonly string[] = []): ReturnType<typeof spawnSync> {
  const [first, ...rest] = [...wrapper, process.execPath, '--input-type=module', '--eval', program]
  const env = { ...process.env, BERKELEY_WAKER: waker }
  return spawnSync(first, rest, { env, encoding: 'utf8', timeout: 30_000 })
}

for (const [given, waker] of [
  ['', 'libuv'],
  ['libuv', 'libuv'],
  ['thread', 'thread'],
] as const) {
  test(`wakers: ${JSON.stringify(given)} gives ${waker}, and the process ends by itself`, () => {
    const { status, stdout, stderr } = run(given)
    assert.deepEqual([status, stdout, stderr], [0, `${waker}\n`, ''])
  })
}

test('wakers: a name that no waker has is refused, with the names that there are', () => {
  const { status, stderr } = run('uring')
  assert.equal(status, 1)
  assert.match(
    String(stderr),
    /BERKELEY_WAKER names no waker: "uring"\. Leave it out, or set it to "libuv" or "thread"\./,
  )
})

test(
  'wakers: the thread polls, reads and writes what wakes, and does nothing else',
  { skip: sanitized || needs({ program: 'strace' }) },
  () => {
    const { status, stderr } = run('thread', ECHO, ['strace', '-f', '-qq', '-e', 'signal=none'])
    assert.equal(status, 0)
    const calls = new Map<string, Set<string>>()
    for (const [, pid = '', call = ''] of String(stderr).matchAll(/^(?:\[pid +(\d+)\] )(?:<\.\.\. )?(\w+)/gm)) {
      calls.set(pid, (calls.get(pid) ?? new Set()).add(call))
    }
    const thread = [...calls].find(([, names]) => names.has('poll') && names.size < 12)
    const setup = [
      'set_robust_list',
      'rseq',
      'rt_sigprocmask',
      'madvise',
      'mmap',
      'munmap',
      'mprotect',
      'exit',
      'futex',
    ]
    const others = [...(thread?.[1] ?? [])].filter((name) => !setup.includes(name))
    assert.deepEqual(others.sort(), ['poll', 'read', 'write'])
  },
)

test('wakers: a worker that is ended in the middle of turns takes its thread with it', async () => {
  const program = `
    import { parentPort } from 'node:worker_threads'
    import { socketpair } from ${moduleOf('index')}
    const [one, other] = socketpair()
    const connection = one.handleWith({ data: (self, lent) => void self.send(lent) })
    other.handleWith({ data: (self, lent) => void self.send(lent) }).send(Uint8Array.of(1))
    parentPort.postMessage('turning')
  `
  for (let i = 0; i < 5; i++) {
    const worker = startWorker(program)
    await once(worker, 'message')
    assert.equal(await worker.terminate(), 1)
  }
})
