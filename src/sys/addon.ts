/**
 * Finds and loads the addon; the only file that does. Nothing is loaded before the first use, so that importing
 * constants, addresses or protocols needs no binary.
 */
import type { Binding, LibuvBinding } from './binding.ts'
import { checkTables } from './check-tables.ts'
import { lookUpInterfacesWith } from './sockaddr.ts'

let binding: Binding | undefined
let libuvBinding: LibuvBinding | undefined

/** The system calls. Throws an error with the code `ERR_ADDON` where no binary fits this system. */
export function addon(): Binding {
  return (binding ??= loadBinding())
}

/** The waker that libuv drives; only for Node itself. */
export function libuvAddon(): LibuvBinding {
  return (libuvBinding ??= load('berkeley-uv.node') as LibuvBinding)
}

function loadBinding(): Binding {
  const loaded = load('berkeley.node') as Binding
  checkTables(loaded.tables, (index) => loaded.tableName(index))
  lookUpInterfacesWith((name) => loaded.if_nametoindex(name))
  return loaded
}

/** The package's folder, as seen from dist/src/sys/, and from bundle/, where all of src/ is one file. */
const ROOTS = ['../', '../../../']

/**
 * `BERKELEY_ADDON_DIRECTORY` names a directory that holds other builds of both files (the tests under the sanitizers
 * use it); otherwise come what a checkout built, and what the package shipped for this system.
 *
 * Each place is simply tried: loading `node:fs` to look first would cost a program more than the addon does.
 */
function load(file: string): unknown {
  const chosen = process.env['BERKELEY_ADDON_DIRECTORY']
  const shipped = `prebuilds/${process.platform}-${process.arch}`
  const folders = ROOTS.flatMap((root) => [`${root}native/build`, `${root}${shipped}`])
  const paths =
    chosen === undefined
      ? folders.map((folder) => decodeURIComponent(new URL(`${folder}/${file}`, import.meta.url).pathname))
      : [`${chosen}/${file}`]
  let failure: unknown
  for (const path of paths) {
    const module: { exports: unknown } = { exports: {} }
    try {
      process.dlopen(module, path)
      return module.exports
    } catch (error) {
      if (!isAbsent(error)) throw addonError(`${path} does not load here`, error)
      failure = error
    }
  }
  throw addonError(`there is no binary of it for ${process.platform} on ${process.arch}`, failure)
}

/** What dlopen(3) says of a file that is not there; any other failure is one of the file. */
function isAbsent(error: unknown): boolean {
  return error instanceof Error && /no such file|not found/i.test(error.message)
}

function addonError(why: string, cause: unknown): Error {
  const message = `berkeley's addon is not available: ${why}. Run "npm run build" in its folder; that needs a C compiler.`
  return Object.assign(new Error(message, { cause }), { code: 'ERR_ADDON' })
}
