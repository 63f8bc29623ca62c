// start: how much longer a Node program lives that imports the library and opens and closes a listener than an empty
// one (`node -e ''`), on whichever cores it gets, as a program that a user starts. Each measurement alternates the two
// a few times and takes the median of each, so that what is subtracted was measured under the same weather. There is
// no limit in C for this: C has no import.
import { type Bench } from '../harness/bench.ts'
import { type Command, runPinned } from '../harness/children.ts'
import type { Contender, Sample } from '../harness/contender.ts'
import { builtProgram, serverFile } from '../harness/paths.ts'
import type { LoadReport } from '../harness/served.ts'
import { median } from '../harness/statistics.ts'

const RUNS = 5

export const start: Bench = {
  name: 'start',
  about: 'time to import and open a listener, over an empty Node program',
  unit: 'ms',
  lowerIsBetter: true,
  forms: ['handler'], // opening a listener is the same in all
  variants: [],
  defaults: {},
  describe: () => 'import and listen',
  plan: ({ quick }) => ({
    rounds: quick ? 7 : 21,
    warmUp: undefined,
    window: { warmUp: 0, seconds: 0 },
    roundsAServer: Number.POSITIVE_INFINITY,
  }),
  contenders: () => [contender('ours', 'berkeley/start'), contender('node:net', 'node/start')],
}

function contender(name: string, server: string): Contender {
  return {
    name,
    start: async () => void (await runOnce([serverFile(server)])), // so that its files are in the page cache
    measure: () => measure(serverFile(server)),
    stop: async () => {},
  }
}

async function measure(file: string): Promise<Sample> {
  const [empty, full]: [LoadReport[], LoadReport[]] = [[], []]
  for (let run = 0; run < RUNS; run++) {
    empty.push(await runOnce(['-e', '']))
    full.push(await runOnce([file]))
  }
  const [emptySeconds, seconds] = [empty, full].map((reports) => median(reports.map((report) => report.seconds)))
  const total_ms = (seconds ?? 0) * 1000
  const empty_ms = (emptySeconds ?? 0) * 1000
  return {
    rate: total_ms - empty_ms,
    cpuMicroseconds: median(full.map((report) => report.cpu_seconds)) * 1e6,
    residentMegabytes: median(full.map((report) => report.resident_bytes)) / 2 ** 20,
    more: { total_ms, empty_ms },
  }
}

async function runOnce(args: readonly string[]): Promise<LoadReport> {
  const command: Command = { program: builtProgram('load-start'), arguments: [process.execPath, ...args] }
  return JSON.parse(await runPinned('any', command)) as LoadReport
}
