// Properties that hold for random values (fast-check). FAST_CHECK_SEED repeats a run; a failure says which seed it had.
import * as fc from 'fast-check'

const seed = Number(process.env['FAST_CHECK_SEED'] ?? Date.now() % 0x7fff_ffff)

/** Checks that the predicate neither throws nor returns false for random values. The report of a failure has the seed. */
export function holds<Value>(
  values: fc.Arbitrary<Value>,
  predicate: (value: Value) => boolean | void,
  runs = 1000,
): void {
  fc.assert(fc.property(values, predicate), { seed, numRuns: runs })
}

/** Random values in a list, for a peer that is asked about all of them at once. Say `seedNote` where one fails. */
export function sample<Value>(values: fc.Arbitrary<Value>, count: number): Value[] {
  return fc.sample(values, { seed, numRuns: count })
}

/** How to repeat the run. */
export const seedNote: string = `FAST_CHECK_SEED=${seed}`
