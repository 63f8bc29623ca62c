// udp-echo: datagrams echoed a second, received and sent one a call, from 16 peers that keep 128 under way in all.
import { type Bench, FORMS, shapeOptions } from '../harness/bench.ts'
import { loadPlan } from '../harness/plan.ts'
import { limitServer, scriptServer, servedContenders } from '../harness/served.ts'

export const udpEcho: Bench = {
  name: 'udp-echo',
  about: 'datagrams echoed a second over UDP',
  unit: 'datagrams/s',
  lowerIsBetter: false,
  forms: FORMS,
  variants: [],
  defaults: { connections: 16, size: 64, inFlight: 128 },
  describe: ({ connections, inFlight, size }) => `${inFlight} in flight from ${connections} peers, ${size} B`,
  plan: ({ quick }, count) => loadPlan(quick, count),
  contenders: ({ form, connections, inFlight, size }) =>
    servedContenders({
      servers: {
        ours: scriptServer('node', `berkeley/udp-${form}`),
        c: limitServer('limit-udp'),
        'node:dgram': scriptServer('node', 'node/udp'),
        bun: scriptServer('bun', 'bun/udp'),
        deno: scriptServer('deno', 'deno/udp'),
      },
      load: ['load-udp', ...shapeOptions({ connections, inFlight, size })],
      rate: ({ operations, seconds }) => operations / seconds,
      more: ({ p50_us = 0, p99_us = 0, lost = 0 }) => ({ p50_us, p99_us, lost }),
    }),
}
