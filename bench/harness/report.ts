// A comparison as a table for people.
import type { Bench, Settings } from './bench.ts'
import { type Comparison, numbersOf, rateRatios } from './comparison.ts'
import type { Sample } from './contender.ts'
import { median } from './statistics.ts'

const COLUMNS = ['', 'rate', 'CPU µs/op', 'RSS MiB', 'busy', 'rate ratio', 'CPU ratio']

/** The heading, a line for each contender, and the ratios round by round. */
export function report(bench: Bench, settings: Settings, { result, samples }: Comparison): string {
  const heading = `${bench.name}, ${settings.form} form: ${bench.describe(settings)} (rate in ${bench.unit})`
  const rows = [...samples].map(([name, ofOne]) => {
    const { rate, cpu_us, rss_mb } = numbersOf(ofOne)
    const peer = result?.peers[name]
    const ratio = peer === undefined ? ['', ''] : [peer.rate_ratio.toFixed(2), peer.cpu_ratio.toFixed(2)]
    return [name, readable(rate), cpu_us.toFixed(2), rss_mb.toFixed(1), busy(ofOne)].concat(ratio)
  })
  const more = [...samples].flatMap(([name, ofOne]) => furtherNumbers(name, ofOne))
  return [heading, ...align([COLUMNS, ...rows]), ...more, ...roundByRound(bench, samples)].join('\n')
}

function busy(samples: readonly Sample[]): string {
  const shares = samples.flatMap((sample) => (sample.busy === undefined ? [] : [sample.busy]))
  return shares.length === 0 ? '' : `${(median(shares) * 100).toFixed(0)}%`
}

function furtherNumbers(contender: string, samples: readonly Sample[]): string[] {
  const { rate: _rate, cpu_us: _cpu, rss_mb: _rss, ...more } = numbersOf(samples)
  const entries = Object.entries(more)
  return entries.length === 0 ? [] : [`${contender}: ${entries.map(([name, value]) => `${name} ${value}`).join(', ')}`]
}

function roundByRound(bench: Bench, samples: ReadonlyMap<string, readonly Sample[]>): string[] {
  const ours = samples.get('ours')
  if (ours === undefined) return []
  const direction = bench.lowerIsBetter ? 'theirs over ours' : 'ours over theirs'
  const lines = [...samples]
    .filter(([name]) => name !== 'ours')
    .map(([name, theirs]) => {
      const byRound = rateRatios(bench, ours, theirs).map((ratio) => (Number.isFinite(ratio) ? ratio.toFixed(2) : '-'))
      return [name].concat(byRound)
    })
  return lines.length === 0 ? [] : [`rate ratio round by round (${direction}):`, ...align(lines)]
}

function readable(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en')
  return value.toFixed(value >= 100 ? 0 : 2)
}

/** The first column to the left, the others to the right. */
function align(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length)
  return rows.map((row) =>
    row
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join('  '),
  )
}
