// tcp-latency: the round trip of a message that finds the server asleep. The variant says which quantile the rate is;
// both are in the JSON line.
//
// The load asks without sleeping, so that only the server has to be woken, and pauses between messages. Without the
// pause its next message arrives while a slow server still tidies up after the last, and spares it the waking up:
// then the slower server has the shorter round trips (node:net made 17 us where the limit made 23).
import { type Bench, FORMS, shapeOptions } from '../harness/bench.ts'
import { loadPlan } from '../harness/plan.ts'
import { servedContenders } from '../harness/served.ts'
import { echoServers } from './echo-servers.ts'

const PAUSE_MICROSECONDS = '50'

export const tcpLatency: Bench = {
  name: 'tcp-latency',
  about: 'round trip of one message at a time over TCP',
  unit: 'us',
  lowerIsBetter: true,
  forms: FORMS,
  variants: ['p50', 'p99'],
  defaults: { connections: 1, size: 64 },
  describe: ({ variant }) => variant ?? 'p50',
  plan: ({ quick }, count) => loadPlan(quick, count),
  contenders: ({ form, variant, connections, size }) =>
    servedContenders({
      servers: echoServers(form),
      load: ['load-echo', '--spin', '--pause', PAUSE_MICROSECONDS, ...shapeOptions({ connections, size })],
      rate: ({ p50_us = 0, p99_us = 0 }) => (variant === 'p99' ? p99_us : p50_us),
      more: ({ p50_us = 0, p99_us = 0 }) => ({ p50_us, p99_us }),
    }),
}
