// npm run bench: one comparison, or with `all` and `--record` those of the table in RESULTS.md.
import { type Arguments, ArgumentError, parseArguments, settingsFor, usage } from './arguments.ts'
import { benches } from './benches/catalogue.ts'
import type { Bench, Settings } from './harness/bench.ts'
import { buildPrograms } from './harness/build.ts'
import { endChildrenWithHarness } from './harness/children.ts'
import { compare, type Result } from './harness/comparison.ts'
import { progress } from './harness/progress.ts'
import { report } from './harness/report.ts'
import { record } from './record.ts'
import { rows } from './targets.ts'

interface Job {
  readonly bench: Bench
  readonly settings: Settings
}

/** What the arguments ask for: with "all" or --record the rows of the table, each in the forms that have targets. */
function jobsFor(args: Arguments): Job[] {
  const benchOf = (name: string): Bench => {
    const bench = benches.find((one) => one.name === name)
    if (bench === undefined) throw new ArgumentError(`no bench is called '${name}'`)
    return bench
  }
  if (args.name !== 'all' && !args.record) {
    const bench = benchOf(args.name)
    return [{ bench, settings: settingsFor(bench, args) }]
  }
  if (args.variant !== undefined || Object.keys(args.shape).length > 0) {
    throw new ArgumentError('the rows of the table say themselves with which numbers they are run')
  }
  return rows
    .filter((row) => args.name === 'all' || row.bench === args.name)
    .flatMap(({ bench: name, variant, shape = {}, targets }) => {
      const bench = benchOf(name)
      const forms = bench.forms.filter((form) => targets[form] !== undefined && (args.form ?? form) === form)
      return forms.map((form) => ({ bench, settings: settingsFor(bench, { form, variant, shape, quick: args.quick }) }))
    })
}

async function run({ bench, settings }: Job, json: boolean): Promise<Result | undefined> {
  const observer = progress(`${bench.name} (${settings.form}, ${bench.describe(settings)})`)
  const comparison = await compare(bench, settings, observer)
  observer.done()
  if (!json) console.log(`${report(bench, settings, comparison)}\n`)
  else if (comparison.result !== undefined) console.log(JSON.stringify(comparison.result))
  if (comparison.result === undefined) process.exitCode = 1
  return comparison.result
}

async function main(): Promise<void> {
  const args = parseArguments(process.argv.slice(2))
  const jobs = jobsFor(args)
  endChildrenWithHarness()
  await buildPrograms()
  for (const job of jobs) {
    const result = await run(job, args.json)
    if (args.record && result !== undefined) await record(result)
  }
}

try {
  await main()
} catch (error) {
  if (!(error instanceof ArgumentError)) throw error
  console.error(`${error.message}\n\n${usage}`)
  process.exitCode = 2
}
