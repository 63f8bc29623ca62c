// tcp-accept: connections opened, one byte echoed, closed, a second; so many of them at once.
import { type Bench, FORMS, shapeOptions } from '../harness/bench.ts'
import { loadPlan } from '../harness/plan.ts'
import { servedContenders } from '../harness/served.ts'
import { echoServers } from './echo-servers.ts'

export const tcpAccept: Bench = {
  name: 'tcp-accept',
  about: 'connections opened, one byte echoed, closed, a second',
  unit: 'connections/s',
  lowerIsBetter: false,
  forms: FORMS,
  variants: [],
  defaults: { connections: 50, size: 1 },
  describe: ({ connections, size }) => `${connections} at once, ${size} B`,
  plan: ({ quick }, count) => loadPlan(quick, count),
  contenders: ({ form, connections, size }) =>
    servedContenders({
      servers: echoServers(form),
      load: ['load-accept', ...shapeOptions({ connections, size })],
      rate: ({ operations, seconds }) => operations / seconds,
      more: ({ p50_us = 0, p99_us = 0 }) => ({ p50_us, p99_us }),
    }),
}
