// The rows of the table in RESULTS.md: what is run, and what each form is to reach.
import type { Form, Shape } from './harness/bench.ts'
import type { Result } from './harness/comparison.ts'

/** A ratio against a peer that is to be at least so much, or a rate of ours that is to be at most so much. */
export type Target =
  | { readonly ratio: 'rate_ratio' | 'cpu_ratio'; readonly peer: string; readonly least: number }
  | { readonly atMost: number }

export interface Row {
  readonly bench: string
  readonly variant?: string
  readonly shape?: Partial<Shape>
  readonly targets: Readonly<Partial<Record<Form, readonly Target[]>>>
}

function rate(peer: string, least: number): Target {
  return { ratio: 'rate_ratio', peer, least }
}

/** "No worse than 1.1 of theirs", where less is better and the ratio is theirs over ours. */
const noWorse = 1 / 1.1

const echo: Row['targets'] = {
  handler: [rate('c', 0.95), rate('node:net', 1.4), rate('bun', 1), { ratio: 'cpu_ratio', peer: 'c', least: noWorse }],
  promise: [rate('c', 0.9), rate('node:net', 1.35)],
}
const latency: Row['targets'] = { handler: [rate('node:net', noWorse)], promise: [rate('node:net', noWorse)] }
const stream: Row['targets'] = { handler: [rate('node:net', 1), rate('c', 0.9)], promise: [rate('node:net', 1)] }

export const rows: readonly Row[] = [
  { bench: 'tcp-echo', targets: echo },
  { bench: 'tcp-echo', shape: { connections: 500 }, targets: echo },
  { bench: 'tcp-latency', variant: 'p50', targets: latency },
  { bench: 'tcp-latency', variant: 'p99', targets: latency },
  { bench: 'tcp-stream', variant: 'receiving', targets: stream },
  { bench: 'tcp-stream', variant: 'sending', targets: stream },
  {
    bench: 'tcp-accept',
    targets: { handler: [rate('node:net', 1.35), rate('c', 0.85)], promise: [rate('node:net', 1.1)] },
  },
  { bench: 'tcp-idle', targets: { handler: [rate('node:net', 4)], promise: [rate('node:net', 2)] } },
  { bench: 'udp-echo', targets: { handler: [rate('node:dgram', 1.5)], promise: [rate('node:dgram', 1)] } },
  { bench: 'unix-echo', targets: { handler: [rate('node:net', 1.4)], promise: [rate('node:net', 1.2)] } },
  { bench: 'start', targets: { handler: [{ atMost: 15 }] } },
]

export interface Verdict {
  readonly target: string
  readonly reached: string
  /** Undefined where the peer was not there. */
  readonly passed: boolean | undefined
}

/** How a result compares with a target, in words for the table. */
export function judge(target: Target, result: Result): Verdict {
  if ('atMost' in target) {
    const value = result.ours.rate
    return {
      target: `at most ${target.atMost} ${result.unit}`,
      reached: value.toFixed(1),
      passed: value <= target.atMost,
    }
  }
  const what = target.ratio === 'rate_ratio' ? 'rate' : 'CPU'
  const wanted = `${what} ≥ ${target.least.toFixed(2)} × ${target.peer}`
  const reached = result.peers[target.peer]?.[target.ratio]
  if (reached === undefined) return { target: wanted, reached: 'not measured', passed: undefined }
  return { target: wanted, reached: reached.toFixed(2), passed: reached >= target.least }
}
