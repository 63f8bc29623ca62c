// A program that tries each part of the library, and needs no test runner: `npm run test:runtimes` runs it under the
// runtimes that are installed for that, smoke.test.ts under the one that runs the tests. It prints a line for each
// check, and ends with 1 when one of them failed.
import { statistics } from '../../src/index.ts'
import { runtime } from '../../src/sys/runtime.ts'
import type { Check } from './check.ts'
import { datagramChecks } from './datagram-checks.ts'
import { lifeChecks } from './life-checks.ts'
import { streamChecks } from './stream-checks.ts'

/** A check that hangs is told of by name, rather than by whoever ends this program. */
const LONGEST_MS = 20_000

const checks: readonly Check[] = [...streamChecks, ...datagramChecks, ...lifeChecks]
let failures = 0
for (const { name, run } of checks) {
  const timer = setTimeout(() => {
    console.log(`not ok: ${name}: not done within ${LONGEST_MS} ms`)
    process.exit(1)
  }, LONGEST_MS)
  try {
    await run()
    console.log(`ok: ${name}`)
  } catch (error) {
    failures++
    console.log(`not ok: ${name}`)
    console.log(error)
  }
  clearTimeout(timer)
}
const { version } = process
console.log(
  `${checks.length - failures} of ${checks.length} checks passed: ${runtime} ${version}, ${statistics().waker}`,
)
if (failures > 0) process.exit(1) // what a failed check left open would keep it alive
