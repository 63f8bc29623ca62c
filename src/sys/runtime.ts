/**
 * Which runtime this is, and how it differs from the others where that matters here; the only place that knows. It goes
 * by the name: Bun and Deno export names of Node's that abort, or do nothing, when they are used.
 */

export type Runtime = 'node' | 'bun' | 'deno'

/** The runtime that this program runs in. */
export const runtime: Runtime = nameOf(process.versions)

function nameOf(versions: Readonly<Record<string, string | undefined>>): Runtime {
  if (versions['bun'] !== undefined) return 'bun'
  return versions['deno'] === undefined ? 'node' : 'deno'
}

/** Whether addons can poll by libuv: Bun aborts when one does, and Deno's tells of a descriptor only once. */
export const hasLibuv: boolean = runtime === 'node'
