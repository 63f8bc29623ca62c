// Runs the rounds of a comparison. In a round every contender is measured once, one after another; each round begins
// with the next one, so that whoever follows whom, and who comes first after a pause, hurts nobody in particular.
import type { Contender, Sample } from './contender.ts'
import type { Plan } from './plan.ts'

export interface RoundsObserver {
  /** Before a contender is measured. */
  step(round: number, rounds: number, contender: string): void
  /** A contender that failed takes no further part. */
  failed(contender: string, error: Error): void
}

/** The samples of each contender, in the order of the rounds; a contender that failed is not among them. */
export async function runRounds(
  plan: Plan,
  contenders: readonly Contender[],
  observer: RoundsObserver,
): Promise<Map<string, Sample[]>> {
  const samples = new Map<string, Sample[]>(contenders.map(({ name }) => [name, []]))

  /** Does something with a contender that is still taking part. */
  const attempt = async (round: number, contender: Contender, action: () => Promise<void>): Promise<void> => {
    if (!samples.has(contender.name)) return
    observer.step(round, plan.rounds, contender.name)
    try {
      await action()
    } catch (error) {
      samples.delete(contender.name)
      observer.failed(contender.name, error instanceof Error ? error : new Error(String(error)))
      await contender.stop()
    }
  }

  for (let round = 1; round <= plan.rounds; round++) {
    const age = (round - 1) % plan.roundsAServer
    const isLast = age === plan.roundsAServer - 1 || round === plan.rounds
    for (const contender of rotated(contenders, round - 1)) {
      await attempt(round, contender, async () => {
        if (age === 0) await begin(contender, plan)
        samples.get(contender.name)?.push(await contender.measure(plan.window))
        if (isLast) await contender.stop()
      })
    }
  }
  return samples
}

async function begin(contender: Contender, plan: Plan): Promise<void> {
  await contender.start()
  if (plan.warmUp !== undefined) await contender.measure(plan.warmUp)
}

function rotated<T>(list: readonly T[], by: number): T[] {
  const first = by % list.length
  return [...list.slice(first), ...list.slice(0, first)]
}
