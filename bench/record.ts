// Keeps what was measured: bench/results.json has the last result of each row and form, with its date and commit, and
// bench/RESULTS.md is written from it. What stands in RESULTS.md below the heading "Notes" is people's and stays.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { benches } from './benches/catalogue.ts'
import { type Form, FORMS } from './harness/bench.ts'
import type { Result } from './harness/comparison.ts'
import { root } from './harness/paths.ts'
import { commit, machine } from './machine.ts'
import { settingsFor } from './arguments.ts'
import { judge, rows } from './targets.ts'

interface Recorded {
  readonly date: string
  readonly commit: string
  readonly machine: string
  readonly result: Result
}

const dataFile = join(root, 'bench', 'results.json')
const pageFile = join(root, 'bench', 'RESULTS.md')
const NOTES = '## Notes\n'

/** Takes a result in, in the place of the one before, and writes both files anew. */
export async function record(result: Result): Promise<void> {
  const recorded = JSON.parse(await readOr(dataFile, '{}')) as Record<string, Recorded>
  const date = new Date().toISOString().slice(0, 10)
  recorded[keyOf(result)] = { date, commit: await commit(), machine: machine(), result }
  await writeFile(dataFile, `${JSON.stringify(recorded, null, 2)}\n`)
  const page = await readOr(pageFile, '')
  const notes = page.includes(NOTES) ? page.slice(page.indexOf(NOTES)) : NOTES
  await writeFile(pageFile, `${pageOf(recorded)}\n${notes}`)
}

function keyOf({ name, variant, form }: Pick<Result, 'name' | 'variant' | 'form'>): string {
  return `${name} | ${variant} | ${form}`
}

function pageOf(recorded: Readonly<Record<string, Recorded>>): string {
  const machines = new Set(Object.values(recorded).map((one) => one.machine))
  return [
    '# Results',
    '',
    'Written by `npm run bench -- all --record` (or with one name instead of `all`); [README.md](README.md) says what is',
    'measured, and what the numbers mean. A ratio above 1 is good. Targets come first, then all the numbers.',
    '',
    ...[...machines].map((one) => `Measured on: ${one}.`),
    '',
    '## Targets',
    '',
    '| bench | form | target | reached | | commit | date |',
    '| --- | --- | --- | ---: | --- | --- | --- |',
    ...eachRow(recorded, (one, targets) => targets.map((target) => targetLine(one, target))),
    '',
    '## Numbers',
    '',
    'Medians of the rounds. In brackets: the ratios of rate and of CPU time per operation.',
    '',
    '| bench | form | unit | contender | rate | CPU µs/op | RSS MiB |',
    '| --- | --- | --- | --- | ---: | ---: | ---: |',
    ...eachRow(recorded, (one) => numberLines(one)),
    '',
  ].join('\n')
}

type Targets = NonNullable<(typeof rows)[number]['targets'][Form]>

/** The lines for each row and form of the table that has been recorded, in the table's order. */
function eachRow(
  recorded: Readonly<Record<string, Recorded>>,
  lines: (one: Recorded, targets: Targets) => string[],
): string[] {
  return rows.flatMap(({ bench: name, variant, shape = {}, targets }) =>
    FORMS.flatMap((form) => {
      const bench = benches.find((one) => one.name === name)
      const wanted = targets[form]
      if (bench === undefined || wanted === undefined) return []
      const settings = settingsFor(bench, { form, variant, shape, quick: false })
      const one = recorded[keyOf({ name, variant: bench.describe(settings), form })]
      return one === undefined ? [] : lines(one, wanted)
    }),
  )
}

function targetLine({ result, commit: hash, date }: Recorded, target: Targets[number]): string {
  const { target: wanted, reached, passed } = judge(target, result)
  const verdict = passed === undefined ? '' : passed ? 'pass' : '**miss**'
  return `| \`${result.name}\` ${result.variant} | ${result.form} | ${wanted} | ${reached} | ${verdict} | ${hash} | ${date} |`
}

function numberLines({ result }: Recorded): string[] {
  const { name, variant, form, unit, ours, peers } = result
  const heading = `| \`${name}\` ${variant} | ${form} | ${unit}`
  return [
    `${heading} | ours | ${ours.rate} | ${ours.cpu_us} | ${ours.rss_mb} |`,
    ...Object.entries(peers).map(
      ([peer, { rate, rate_ratio, cpu_us, cpu_ratio, rss_mb }]) =>
        `| | | | ${peer} | ${rate} (${rate_ratio}) | ${cpu_us} (${cpu_ratio}) | ${rss_mb} |`,
    ),
  ]
}

async function readOr(path: string, otherwise: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return otherwise
  }
}
