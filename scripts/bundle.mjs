// Bundles the entries of the package, so that importing one reads a file or two and not sixty: that is most of what a
// program pays before its first socket. Entries share their code in chunks, so that there is one copy of each class and
// one reactor a thread whichever entries a program imports. What goes out has the names and comments of the sources.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { filesUnder, replaceFile, root } from './files.mjs'

/** The entries, by the name of their file in bundle/; package.json's exports name the same. */
const ENTRIES = { index: 'src/index.ts', socket: 'src/socket/index.ts', reactor: 'src/reactor/index.ts' }

/** Brings bundle/ up to date, file by file, since other processes may be importing from it. */
export async function bundle() {
  const folder = join(root, 'bundle')
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: Object.entries(ENTRIES).map(([out, file]) => ({ in: file, out })),
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    minifyWhitespace: true,
    write: false,
    logLevel: 'warning',
  })
  for (const { path, contents } of outputFiles) replaceFile(path, contents)
  const current = new Set(outputFiles.map(({ path }) => path))
  for (const path of filesUnder(folder, [''])) if (!current.has(path)) rmSync(path)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await bundle()
