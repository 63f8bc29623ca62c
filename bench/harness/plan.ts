// How the time of a comparison is spent.
import type { Window } from './contender.ts'

/**
 * Many short windows rather than a few long ones: on a shared machine the speed of a core changes from second to
 * second, and what a round compares should have been measured close together. And servers that live for many windows
 * rather than for one, since starting one and letting its JIT warm up takes longer than a window does. But a
 * process can be lucky for life (where its code and its heap came to lie), so all are started anew every few rounds.
 * README.md, "How it is measured", has the numbers behind this.
 */
export interface Plan {
  readonly rounds: number
  /** Given to each server when it has started, and thrown away: so long a JIT takes. Undefined: nothing is. */
  readonly warmUp: Window | undefined
  readonly window: Window
  /** After so many windows a server is replaced by a new one. */
  readonly roundsAServer: number
}

const RAMP_SECONDS = 0.1
const QUICK_BUDGET_SECONDS = 16
const QUICK_ROUNDS = 12
const ROUNDS_A_SERVER = 4

/** For servers that are loaded for a stretch of time. A quick plan takes as long whatever the number of contenders. */
export function loadPlan(quick: boolean, contenders: number): Plan {
  const quickSeconds = Math.min(0.5, QUICK_BUDGET_SECONDS / (QUICK_ROUNDS * contenders) - RAMP_SECONDS)
  return {
    rounds: quick ? QUICK_ROUNDS : 24,
    warmUp: { warmUp: 0, seconds: quick ? 0.5 : 1 },
    window: { warmUp: RAMP_SECONDS, seconds: quick ? quickSeconds : 0.4 },
    roundsAServer: ROUNDS_A_SERVER,
  }
}
