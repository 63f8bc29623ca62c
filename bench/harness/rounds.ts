// Runs the rounds of a comparison. In a round every contender is measured once, one after another; each round begins
// with the next one, so that whoever follows whom, and who comes first after a pause, hurts nobody in particular.
import type { Contender, Sample } from './contender.ts'
import type { Plan } from './plan.ts'

export interface RoundsObserver {
  /** Before a contender is started or measured; `round` is 0 while they warm up. */
  step(round: number, contender: string): void
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
    observer.step(round, contender.name)
    try {
      await action()
    } catch (error) {
      samples.delete(contender.name)
      observer.failed(contender.name, error instanceof Error ? error : new Error(String(error)))
      await contender.stop()
    }
  }
  const begin = async (contender: Contender): Promise<void> => {
    await contender.start()
    if (plan.warmUp !== undefined) await contender.measure(plan.warmUp)
  }

  if (!plan.freshServers) {
    for (const contender of contenders) await attempt(0, contender, () => begin(contender))
  }
  for (let round = 1; round <= plan.rounds; round++) {
    for (const contender of rotated(contenders, round - 1)) {
      await attempt(round, contender, async () => {
        if (plan.freshServers) await begin(contender)
        samples.get(contender.name)?.push(await contender.measure(plan.window))
        if (plan.freshServers) await contender.stop()
      })
    }
  }
  if (!plan.freshServers) await Promise.all(contenders.map((contender) => contender.stop()))
  return samples
}

function rotated<T>(list: readonly T[], by: number): T[] {
  const first = by % list.length
  return [...list.slice(first), ...list.slice(0, first)]
}
