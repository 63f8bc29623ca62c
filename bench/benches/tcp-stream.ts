// tcp-stream: bytes one way as fast as they go, in writes of 64 KiB; the variant says which way, seen from the server.
// An operation, for the CPU time, is one write's worth of bytes.
import { type Bench, FORMS, shapeOptions } from '../harness/bench.ts'
import { loadPlan } from '../harness/plan.ts'
import { limitServer, scriptServer, servedContenders } from '../harness/served.ts'

export const tcpStream: Bench = {
  name: 'tcp-stream',
  about: 'bytes a second one way over TCP',
  unit: 'MiB/s',
  lowerIsBetter: false,
  forms: FORMS,
  variants: ['receiving', 'sending'],
  defaults: { connections: 1, size: 65536 },
  describe: ({ variant }) => variant ?? 'receiving',
  plan: ({ quick }, count) => loadPlan(quick, count),
  contenders({ form, variant, connections, size }) {
    const served = variant === 'sending' ? ['--sending'] : []
    const loaded = variant === 'sending' ? [] : ['--sending']
    return servedContenders({
      servers: {
        ours: scriptServer('node', `berkeley/stream-${form}`, served),
        c: limitServer('limit-stream', served),
        'node:net': scriptServer('node', 'node/stream', served),
        bun: scriptServer('bun', 'bun/stream', served),
        deno: scriptServer('deno', 'deno/stream', served),
      },
      load: ['load-stream', ...loaded, ...shapeOptions({ connections, size })],
      rate: ({ operations, seconds }) => (operations * size) / seconds / 2 ** 20,
    })
  },
}
