/**
 * Finds and loads the addon; the only file that does. Nothing is loaded before the first use, so that importing
 * constants, addresses or protocols needs no binary.
 */
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
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
  checkTables(loaded.tables)
  lookUpInterfacesWith((name) => loaded.if_nametoindex(name))
  return loaded
}

/**
 * `BERKELEY_ADDON_DIRECTORY` names a directory that holds other builds of both files (the tests under the sanitizers
 * use it); then come what the package shipped for this system, and what a checkout built.
 */
function load(file: string): unknown {
  const root = new URL('../../../', import.meta.url)
  const chosen = process.env['BERKELEY_ADDON_DIRECTORY']
  const candidates =
    chosen === undefined
      ? [
          new URL(`native/build/${file}`, root),
          new URL(`prebuilds/${process.platform}-${process.arch}/${file}`, root),
        ].map((url) => fileURLToPath(url))
      : [`${chosen}/${file}`]
  const path = candidates.find((candidate) => existsSync(candidate))
  if (path === undefined) throw addonError(`there is no binary of it for ${process.platform} on ${process.arch}`)
  const module: { exports: unknown } = { exports: {} }
  try {
    process.dlopen(module, path, constants.dlopen.RTLD_LAZY)
  } catch (cause) {
    throw addonError(`${path} does not load here`, cause)
  }
  return module.exports
}

function addonError(why: string, cause?: unknown): Error {
  const message = `berkeley's addon is not available: ${why}. Run "npm run build" in its folder; that needs a C compiler.`
  return Object.assign(new Error(message, { cause }), { code: 'ERR_ADDON' })
}
