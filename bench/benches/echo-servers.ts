// The servers that echo what they read from a stream, for the benches that differ only in the load.
import type { Form } from '../harness/bench.ts'
import { limitServer, scriptServer, type ServedBench } from '../harness/served.ts'

/** `bufferBytes` is for those whose caller brings the buffer: the promise form of this project, and Deno. */
export function echoServers(form: Form, bufferBytes = 4096): ServedBench['servers'] {
  const buffer = ['--buffer', String(bufferBytes)]
  return {
    ours: scriptServer('node', `berkeley/echo-${form}`, buffer),
    c: limitServer('limit-echo'),
    'node:net': scriptServer('node', 'node/echo'),
    bun: scriptServer('bun', 'bun/echo'),
    deno: scriptServer('deno', 'deno/echo', buffer),
  }
}
