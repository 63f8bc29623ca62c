// tcp-latency: the round trip of one message on an otherwise idle connection. The variant says which quantile the rate
// is; both are in the JSON line. The load asks without waiting, so that only the server has to be woken.
import { type Bench, FORMS, shapeOptions } from '../harness/bench.ts'
import { keptServersPlan } from '../harness/plan.ts'
import { servedContenders } from '../harness/served.ts'
import { echoServers } from './echo-servers.ts'

export const tcpLatency: Bench = {
  name: 'tcp-latency',
  about: 'round trip of one message at a time over TCP',
  unit: 'us',
  lowerIsBetter: true,
  forms: FORMS,
  variants: ['p50', 'p99'],
  defaults: { connections: 1, size: 64 },
  describe: ({ variant }) => variant ?? 'p50',
  plan: ({ quick }, count) => keptServersPlan(quick, count),
  contenders: ({ form, variant, connections, size }) =>
    servedContenders({
      servers: echoServers(form),
      load: ['load-echo', '--spin', ...shapeOptions({ connections, size })],
      rate: ({ p50_us = 0, p99_us = 0 }) => (variant === 'p99' ? p99_us : p50_us),
      more: ({ p50_us = 0, p99_us = 0 }) => ({ p50_us, p99_us }),
    }),
}
