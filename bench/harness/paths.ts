// Where the parts of the benches are: the C sources and what is built from them, the compiled servers, the peers.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The top folder of the checkout; this file runs from dist/bench/harness/. */
export const root: string = fileURLToPath(new URL('../../../', import.meta.url))

export const sourceFolder: string = join(root, 'bench', 'c')
export const buildFolder: string = join(root, 'bench', 'build')
export const peersFolder: string = join(root, 'bench', 'peers')

/** A program built from bench/c. */
export function builtProgram(name: string): string {
  return join(buildFolder, name)
}

/** The compiled form of bench/servers/NAME.ts. */
export function serverFile(name: string): string {
  return join(root, 'dist', 'bench', 'servers', `${name}.js`)
}
