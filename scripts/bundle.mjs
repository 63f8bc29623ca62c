// Bundles the package, so that importing it reads two files and not sixty: that is most of what a program pays before
// its first socket. All code is in bundle/core.js, and each entry passes its own part of that on: so there is one copy
// of each class and one reactor a thread, whichever entries a program imports. Names stay as they are in the sources;
// comments and spaces go, and the source map has them.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { filesUnder, replaceFile, root } from './files.mjs'

/** The entries, by the name of their file in bundle/; package.json's exports name the same. */
const ENTRIES = { index: 'src/index.ts', socket: 'src/socket/index.ts', reactor: 'src/reactor/index.ts' }
/** Entries that use names of the others for things of their own; in bundle/core.js theirs begin with the entry's name. */
const OWN_NAMES = { sync: 'src/socket/sync/index.ts' }

const folder = join(root, 'bundle')
const OPTIONS = {
  absWorkingDir: root,
  outdir: folder,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  minifyWhitespace: true,
  // Has the kernel's constants written as numbers where they are used, so that hundreds of them need not be variables.
  minifySyntax: true,
  write: false,
  logLevel: 'warning',
}

/** Brings bundle/ up to date, file by file, since other processes may be importing from it. */
export async function bundle() {
  const everything = Object.values(ENTRIES).map((file) => `export * from './${file}'`)
  const passed = new Map()
  for (const [name, file] of Object.entries(ENTRIES)) passed.set(name, await exportsOf(file))
  for (const [name, file] of Object.entries(OWN_NAMES)) {
    const own = await exportsOf(file)
    everything.push(`export {${own.map((word) => `${word} as ${name}_${word}`).join()}} from './${file}'`)
    passed.set(
      name,
      own.map((word) => `${name}_${word} as ${word}`),
    )
  }
  const core = { contents: everything.join('\n'), resolveDir: root, sourcefile: 'core.ts', loader: 'ts' }
  const { outputFiles } = await build({ ...OPTIONS, stdin: core, entryNames: 'core' })
  const files = new Map(outputFiles.map(({ path, contents }) => [path, contents]))
  for (const [name, words] of passed) {
    files.set(join(folder, `${name}.js`), `export {${words.join()}} from './core.js'\n`)
  }
  for (const [path, contents] of files) replaceFile(path, contents)
  for (const path of filesUnder(folder, [''])) if (!files.has(path)) rmSync(path)
}

async function exportsOf(file) {
  const { metafile } = await build({ ...OPTIONS, entryPoints: [file], sourcemap: false, metafile: true })
  return Object.values(metafile.outputs)[0].exports
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await bundle()
