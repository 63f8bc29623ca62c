// One comparison from beginning to end: its contenders run their rounds, and what they gave becomes a result.
import type { Bench, Settings } from './bench.ts'
import type { Sample } from './contender.ts'
import { type RoundsObserver, runRounds } from './rounds.ts'
import { median, ratios, significant } from './statistics.ts'

/** Medians over the rounds, under the names that the JSON line has, with the bench's further numbers. */
export interface Numbers {
  readonly rate: number
  readonly cpu_us: number
  readonly rss_mb: number
  readonly [more: string]: number
}

/** Ours over theirs for the rate (theirs over ours where less is better), theirs over ours for CPU: above 1 is good. */
export interface PeerNumbers extends Numbers {
  readonly rate_ratio: number
  readonly cpu_ratio: number
}

/** What `--json` prints. */
export interface Result {
  readonly name: string
  readonly variant: string
  readonly form: string
  readonly unit: string
  readonly rounds: number
  readonly ours: Numbers
  readonly peers: Readonly<Record<string, PeerNumbers>>
}

export interface Comparison {
  /** Undefined when ours failed: then there is nothing to compare. */
  readonly result: Result | undefined
  /** All samples, by contender. */
  readonly samples: ReadonlyMap<string, readonly Sample[]>
}

export async function compare(bench: Bench, settings: Settings, observer: RoundsObserver): Promise<Comparison> {
  const contenders = bench.contenders(settings)
  const plan = bench.plan(settings, contenders.length)
  const samples = await runRounds(plan, contenders, observer)
  const ours = samples.get('ours')
  if (ours === undefined) return { result: undefined, samples }
  const peers: Record<string, PeerNumbers> = {}
  for (const [name, theirs] of samples) {
    if (name === 'ours') continue
    const rate_ratio = significant(median(rateRatios(bench, ours, theirs)))
    const cpu_ratio = significant(median(cpuRatios(ours, theirs)))
    peers[name] = { ...numbersOf(theirs), rate_ratio, cpu_ratio }
  }
  const { name, unit } = bench
  const heading = { name, variant: bench.describe(settings), form: settings.form, unit, rounds: plan.rounds }
  return { result: { ...heading, ours: numbersOf(ours), peers }, samples }
}

/** Round by round, above 1 being good. */
export function rateRatios(bench: Bench, ours: readonly Sample[], theirs: readonly Sample[]): number[] {
  const [mine, others] = [ours.map(({ rate }) => rate), theirs.map(({ rate }) => rate)]
  return bench.lowerIsBetter ? ratios(others, mine) : ratios(mine, others)
}

function cpuRatios(ours: readonly Sample[], theirs: readonly Sample[]): number[] {
  return ratios(
    theirs.map((sample) => sample.cpuMicroseconds),
    ours.map((sample) => sample.cpuMicroseconds),
  )
}

export function numbersOf(samples: readonly Sample[]): Numbers {
  const names = Object.keys(samples[0]?.more ?? {})
  const more = names.map((name) => [name, significant(median(samples.map((sample) => sample.more?.[name] ?? 0)))])
  return {
    rate: significant(median(samples.map(({ rate }) => rate))),
    cpu_us: significant(median(samples.map(({ cpuMicroseconds }) => cpuMicroseconds))),
    rss_mb: significant(median(samples.map(({ residentMegabytes }) => residentMegabytes))),
    ...Object.fromEntries(more),
  }
}
