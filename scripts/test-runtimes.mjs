// npm run test:runtimes: test/runtimes/smoke.ts under each of the other runtimes, and under both wakers where there are
// two. They are installed first, into runtimes/, a private workspace that git ignores.
//
//   npm run test:runtimes               all of them
//   npm run test:runtimes -- deno bun   those
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './files.mjs'
import { installRuntimes, runtimeNames, runtimeProgram } from './runtimes.mjs'
import { setUpOrExit } from './setup.mjs'

const LONGEST_MS = 120_000
const smoke = join(root, 'dist', 'test', 'runtimes', 'smoke.js')
const folder = join(root, 'runtimes')

const chosen = process.argv.slice(2)
const unknown = chosen.filter((name) => !runtimeNames.includes(name))
if (unknown.length > 0) {
  console.error(`berkeley: no runtime is called ${unknown.join(', ')}; there are ${runtimeNames.join(', ')}`)
  process.exit(1)
}
const names = chosen.length > 0 ? chosen : runtimeNames

await setUpOrExit()
if (names.some((name) => runtimeProgram(folder, name) === undefined)) installRuntimes(folder, runtimeNames)

const failed = names.flatMap((name) => {
  const wakers = name.startsWith('node-') ? ['libuv', 'thread'] : ['thread']
  return wakers.filter((waker) => !passes(name, waker)).map((waker) => `${name} (${waker})`)
})
if (failed.length > 0) {
  console.error(`runtimes: failed under ${failed.join(', ')}`)
  process.exit(1)
}

function passes(name, waker) {
  const program = runtimeProgram(folder, name)
  if (program === undefined) {
    console.error(`${name}: its program could not be installed, or does not run here`)
    return false
  }
  const options = name === 'deno' ? ['run', '--quiet', '--no-config', '--no-lock', '--allow-all'] : []
  const { status, signal, stdout, stderr } = spawnSync(program, [...options, smoke], {
    env: { ...process.env, BERKELEY_WAKER: waker, DENO_NO_UPDATE_CHECK: '1' },
    encoding: 'utf8',
    timeout: LONGEST_MS,
  })
  const last = stdout.trimEnd().split('\n').at(-1)
  console.log(`${name}, ${waker}: ${last}`)
  if (status === 0) return true
  console.error(`${stdout}${stderr}it ended with ${signal ?? status}`)
  return false
}
