// Preloaded into every test file's process (scripts/test.mjs): when it ends, the sockets that it holds are those that
// it started with, or the file fails. Standard streams and the channel to the test runner are sockets and stay.
import { isMainThread } from 'node:worker_threads'
import { describeSocket, openSockets } from './open-descriptors.ts'

// The runner's own process loads this too, but only its children have a context. A worker shares the table of
// descriptors with the main thread, which does the check.
if (isMainThread && process.env['NODE_TEST_CONTEXT'] !== undefined) {
  const before = new Set(openSockets().values())
  process.on('exit', () => {
    const left = [...openSockets()].filter(([, target]) => !before.has(target))
    if (left.length === 0) return
    for (const [descriptor, target] of left) {
      console.error(`left open: descriptor ${descriptor}, ${target}, ${describeSocket(target)}`)
    }
    process.exitCode = 1
  })
}
