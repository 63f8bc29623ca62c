// Compiles src, test, bench and examples to dist/ with one run of tsc.
//
// tsc writes to .staged/ (a sibling of dist/, so that the paths in source maps hold for both), keeping its state
// for the next, incremental run; what differs is then renamed into dist/, where other processes may be importing,
// and what no longer has a source is removed from it. Declarations go straight to dist/: nothing reads them at run
// time, and tsc finds the sources behind `import 'berkeley'` only from the folder that package.json's exports name.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { filesUnder, replaceFile, root } from './files.mjs'

const staged = join(root, '.staged')
const dist = join(root, 'dist')
const OUTPUT = /\.(js|js\.map|d\.ts|d\.ts\.map)$/

/** Resolves to whether tsc had no complaint; dist/ is brought up to date in any case. */
export async function compileTypeScript() {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const state = join(root, '.build', 'compile.tsbuildinfo')
  if (!existsSync(staged) || !existsSync(dist)) rmSync(state, { force: true })
  const options = ['--outDir', staged, '--declarationDir', dist, '--incremental', '--tsBuildInfoFile', state]
  const code = await exitCode(process.execPath, [tsc, '-p', root, ...options])
  for (const path of filesUnder(staged, ['.js', '.js.map'])) {
    const name = relative(staged, path)
    if (hasSource(name)) replaceFile(join(dist, name), readFileSync(path))
    else rmSync(path)
  }
  for (const path of filesUnder(dist, [''])) if (!hasSource(relative(dist, path))) rmSync(path)
  return code === 0
}

function hasSource(output) {
  return OUTPUT.test(output) && existsSync(join(root, output.replace(OUTPUT, '.ts')))
}

function exitCode(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('error', reject)
    child.on('close', resolve)
  })
}
