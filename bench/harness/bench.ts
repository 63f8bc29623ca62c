// What a bench is: a name, what may be varied, and how to make its contenders.
import type { Contender } from './contender.ts'
import type { Plan } from './plan.ts'

/** Which of this project's interfaces is measured. */
export type Form = 'handler' | 'promise'

export const FORMS: readonly Form[] = ['handler', 'promise']

/** The numbers that a bench can be run with. */
export interface Shape {
  readonly connections: number
  /** Bytes of a message, or of a write. */
  readonly size: number
  /** Messages under way on each connection (for UDP: in all). */
  readonly inFlight: number
}

/** The numbers as the load programs take them. */
export function shapeOptions({ connections, size, inFlight }: Partial<Shape>): string[] {
  const options = Object.entries({ '--connections': connections, '--size': size, '--in-flight': inFlight })
  return options.flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)]))
}

export interface Settings extends Shape {
  readonly form: Form
  /** One of the bench's variants; undefined where it has none. */
  readonly variant: string | undefined
  readonly quick: boolean
}

export interface Bench {
  readonly name: string
  /** One line for the list of benches. */
  readonly about: string
  readonly unit: string
  /** Whether less is better: then a ratio of rates is theirs over ours, so that above 1 is good all the same. */
  readonly lowerIsBetter: boolean
  readonly forms: readonly Form[]
  /** The first is the one that is left out. */
  readonly variants: readonly string[]
  /** The numbers that it has, with what is left out; one that isn't named can't be given. */
  readonly defaults: Partial<Shape>
  /** What the JSON line and the heading call this way of running it. */
  describe(settings: Settings): string
  plan(settings: Settings, contenders: number): Plan
  contenders(settings: Settings): Contender[]
}
