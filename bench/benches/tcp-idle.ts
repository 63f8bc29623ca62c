// tcp-idle: what a server's resident memory grows by for each connection that has been echoed one message and is then
// left alone. Memory that a process has once had it keeps, so that every round has servers of its own.
import { type Bench, FORMS, shapeOptions } from '../harness/bench.ts'
import { scriptServer, servedContenders } from '../harness/served.ts'
import { echoServers } from './echo-servers.ts'

/** What a program with so many connections would give each of them: room for its one short message. (Deno's; ours reads.) */
const BUFFER_BYTES = 256

export const tcpIdle: Bench = {
  name: 'tcp-idle',
  about: 'memory for each idle connection',
  unit: 'bytes/connection',
  lowerIsBetter: true,
  forms: FORMS,
  variants: [],
  defaults: { connections: 10_000, size: 64 },
  describe: ({ connections }) => `${connections} connections`,
  plan: ({ quick }) => ({
    rounds: quick ? 2 : 5,
    warmUp: undefined,
    window: { warmUp: quick ? 0.4 : 1, seconds: 0 }, // the warm-up is how long memory may settle before it is read
    roundsAServer: 1,
  }),
  contenders: ({ form, connections, size }) =>
    servedContenders({
      servers: {
        ...echoServers(form, BUFFER_BYTES),
        ...(form === 'promise' ? { ours: scriptServer('node', 'berkeley/echo-read') } : {}),
      },
      load: ['load-idle', ...shapeOptions({ connections, size })],
      rate: ({ grown_bytes = 0, operations }) => grown_bytes / operations,
    }),
}
