// npm test: sets up, checks layers and sizes, and runs the compiled test files with node:test.
//
//   npm test                          all of them
//   npm test -- socket/address hub    those with one of these in their path
//   npm test -- --sanitize [PART...]  the addon's tests with the addon under AddressSanitizer and
//                                     UndefinedBehaviorSanitizer
//   npm test -- --anyway              also when set-up found errors (tsc has written its output all the same)
//
// What else begins with a dash is given to node:test (--test-name-pattern=…, --test-only). The files are an explicit
// list because Node 20 takes no patterns. Each runs in a process of its own, into which test/support/leak-check.ts is
// loaded first.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildAddons, sanitizedFolder } from './build-addon.mjs'
import { checkLayers } from './check-layers.mjs'
import { checkSizes } from './check-sizes.mjs'
import { filesUnder, root } from './files.mjs'
import { setUpOrExit } from './setup.mjs'

const SANITIZED = ['sys/', 'reactor/', 'socket/'].map((layer) => `dist/test/${layer}`)
const FILES_AT_ONCE = 2
const SLOWEST_TEST_MS = 180_000

const own = ['--sanitize', '--anyway']
const [sanitize, anyway] = own.map((option) => process.argv.includes(option))
const options = process.argv.slice(2).filter((argument) => argument.startsWith('-') && !own.includes(argument))
const parts = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))

await setUpOrExit({ anyway })

const layers = checkLayers()
for (const line of [...layers, ...checkSizes()]) console.error(line)
if (layers.length > 0 && !anyway) fail('the layers above are crossed')

const test = join(root, 'dist', 'test')
const files = filesUnder(test, ['.test.js'])
  .map((path) => relative(root, path))
  .filter((path) => !sanitize || SANITIZED.some((layer) => path.startsWith(layer)))
  .filter((path) => parts.length === 0 || parts.some((part) => path.includes(part)))
if (files.length === 0) fail('no test file has such a path')

const runner = spawn(
  process.execPath,
  [
    `--import=${pathToFileURL(join(test, 'support', 'leak-check.js')).href}`,
    '--enable-source-maps',
    '--test',
    `--test-concurrency=${FILES_AT_ONCE}`,
    `--test-timeout=${SLOWEST_TEST_MS}`,
    ...options,
    ...files,
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, ...(sanitize ? await sanitized() : {}) } },
)
runner.on('close', (code, signal) => {
  process.exitCode = code ?? 1
  if (signal !== null) console.error(`the test runner was ended by ${signal}`)
})
// Ctrl-C reaches the runner too; it reports what it was at, and this process waits for it.
process.on('SIGINT', () => {})

/** Builds the addon under the sanitizers; resolves to the environment in which Node runs it. */
async function sanitized() {
  const complaint = await buildAddons({ folder: sanitizedFolder, sanitize })
  if (complaint !== undefined) fail(complaint)
  const [compiler, ...first] = (process.env.CC ?? 'cc').split(' ')
  const library = execFileSync(compiler, [...first, '-print-file-name=libasan.so'], { encoding: 'utf8' }).trim()
  if (!existsSync(library)) fail(`\`${compiler}\` has no libasan.so; GCC's comes with it`)
  return {
    LD_PRELOAD: library,
    BERKELEY_ADDON_DIRECTORY: sanitizedFolder,
    ASAN_OPTIONS: 'detect_leaks=0', // Node frees little of its own when it exits
    UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1',
  }
}

function fail(why) {
  console.error(`berkeley: ${why}`)
  process.exit(1)
}
