// tcp-echo, and the same over a Unix stream: messages echoed a second, over many connections in a closed loop.
import { type Bench, FORMS, type Settings, shapeOptions } from '../harness/bench.ts'
import type { Contender } from '../harness/contender.ts'
import { loadPlan } from '../harness/plan.ts'
import { servedContenders } from '../harness/served.ts'
import { echoServers } from './echo-servers.ts'

function contenders(settings: Settings, unix: boolean): Contender[] {
  const { connections, inFlight, size } = settings
  return servedContenders({
    servers: echoServers(settings.form),
    unix,
    load: ['load-echo', ...shapeOptions({ connections, inFlight, size })],
    rate: ({ operations, seconds }) => operations / seconds,
    more: ({ p50_us = 0, p99_us = 0 }) => ({ p50_us, p99_us }),
  })
}

const echo: Omit<Bench, 'name' | 'about' | 'contenders'> = {
  unit: 'messages/s',
  lowerIsBetter: false,
  forms: FORMS,
  variants: [],
  defaults: { connections: 50, size: 64, inFlight: 1 },
  describe: ({ connections, inFlight, size }) => `${connections} connections, ${inFlight} in flight, ${size} B`,
  plan: ({ quick }, count) => loadPlan(quick, count),
}

export const tcpEcho: Bench = {
  ...echo,
  name: 'tcp-echo',
  about: 'messages echoed a second over TCP',
  contenders: (settings) => contenders(settings, false),
}

export const unixEcho: Bench = {
  ...echo,
  name: 'unix-echo',
  about: 'messages echoed a second over a Unix stream',
  contenders: (settings) => contenders(settings, true),
}
