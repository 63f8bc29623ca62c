// How the time of a comparison is spent.
import type { Window } from './contender.ts'

/**
 * Many short windows rather than a few long ones: on a shared machine the speed of a core changes from second to
 * second, and what a round compares should have been measured close together. See "How it is measured" in README.md.
 */
export interface Plan {
  readonly rounds: number
  /** Given to each contender once, when it has started, and thrown away: so long a JIT takes. Undefined: nothing is. */
  readonly warmUp: Window | undefined
  readonly window: Window
  /** Whether each round starts every server anew, or they live from the first round to the last. */
  readonly freshServers: boolean
}

const RAMP_SECONDS = 0.1
const QUICK_BUDGET_SECONDS = 22
const QUICK_ROUNDS = 9

/** For the servers that are kept: quick plans fit the budget, whatever the number of contenders. */
export function keptServersPlan(quick: boolean, contenders: number): Plan {
  const seconds = quick ? Math.min(0.5, QUICK_BUDGET_SECONDS / (QUICK_ROUNDS * contenders) - RAMP_SECONDS) : 1
  return {
    rounds: quick ? QUICK_ROUNDS : 15,
    warmUp: { warmUp: 0, seconds: quick ? 0.7 : 1.5 },
    window: { warmUp: RAMP_SECONDS, seconds },
    freshServers: false,
  }
}
