// npm test: sets up, then runs the compiled test files. Arguments that are not options pick files by a part of their path.
import { spawn } from 'node:child_process'
import { join, relative } from 'node:path'
import { filesUnder, root } from './files.mjs'
import { setUpOrExit } from './setup.mjs'

const parts = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
await setUpOrExit()
const all = filesUnder(join(root, 'dist', 'test'), ['.test.js']).map((path) => relative(root, path))
const files = all.filter((path) => parts.length === 0 || parts.some((part) => path.includes(part)))
if (files.length === 0) {
  console.error('no test file matches')
  process.exit(1)
}
const runner = spawn(process.execPath, ['--test', '--test-concurrency=2', ...files], { cwd: root, stdio: 'inherit' })
runner.on('close', (code) => (process.exitCode = code ?? 1))
