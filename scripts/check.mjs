// npm run check: build, format, lint, purity of base and proto, layers. All of them run; any complaint fails.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { checkLayers } from './check-layers.mjs'
import { root } from './files.mjs'
import { setUpOrExit } from './setup.mjs'

const failed = (await setUpOrExit({ anyway: true })) ? [] : ['build']

function run(what, program, args) {
  const { status } = spawnSync(join(root, 'node_modules', '.bin', program), args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) failed.push(what)
}

run('format (`npm run format` mends it)', 'oxfmt', ['--check'])
run('lint', 'oxlint', ['--type-aware', '--deny-warnings'])
run('pure', 'tsc', ['-p', 'tsconfig.pure.json'])

const layers = checkLayers()
for (const complaint of layers) console.error(complaint)
if (layers.length > 0) failed.push('layers')

if (failed.length > 0) {
  console.error(`check failed: ${failed.join(', ')}`)
  process.exit(1)
}
console.log('check passed: build, format, lint, pure, layers')
