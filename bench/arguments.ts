// The command line of `npm run bench`.
import { parseArgs } from 'node:util'
import { benches } from './benches/catalogue.ts'
import { type Bench, type Form, FORMS, type Settings, type Shape } from './harness/bench.ts'

/** What is wrong with the arguments, for the user to read. */
export class ArgumentError extends Error {}

export interface Arguments {
  /** A bench's name, or "all". */
  readonly name: string
  readonly form: Form | undefined
  readonly variant: string | undefined
  readonly shape: Partial<Shape>
  readonly quick: boolean
  readonly json: boolean
  readonly record: boolean
}

export const usage: string = [
  'usage: npm run bench -- NAME [--form handler|promise] [--variant NAME] [--connections N] [--size BYTES]',
  '                        [--in-flight N] [--quick] [--json]',
  '       npm run bench -- all|NAME --record     runs the rows of the table and writes bench/RESULTS.md',
  '',
  ...benches.map(({ name, about, variants }) => {
    const choice = variants.length === 0 ? '' : ` (--variant ${variants.join('|')})`
    return `  ${name.padEnd(12)} ${about}${choice}`
  }),
].join('\n')

export function parseArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args)
  const [name, ...others] = positionals
  if (name === undefined) throw new ArgumentError('which bench?')
  if (others.length > 0) throw new ArgumentError(`one bench at a time: what is '${others.join(' ')}'?`)
  if (name !== 'all' && !benches.some((bench) => bench.name === name))
    throw new ArgumentError(`no bench is called '${name}'`)
  const form = values.form as Form | undefined
  const shape = {
    ...numberOption('connections', values.connections, 'connections'),
    ...numberOption('size', values.size, 'size'),
    ...numberOption('in-flight', values['in-flight'], 'inFlight'),
  }
  return { name, form, variant: values.variant, shape, quick: values.quick, json: values.json, record: values.record }
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const numbers = { connections: text, size: text, 'in-flight': text }
  const flags = { quick: flag, json: flag, record: flag }
  try {
    const options = { form: text, variant: text, ...numbers, ...flags }
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    throw new ArgumentError(error instanceof Error ? error.message : String(error))
  }
}

function numberOption(name: string, text: string | undefined, key: keyof Shape): Partial<Shape> {
  if (text === undefined) return {}
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1)
    throw new ArgumentError(`--${name} takes a whole number, not '${text}'`)
  return { [key]: value }
}

/** The arguments as this bench's settings, what is left out being its first row; throws on what it doesn't have. */
export function settingsFor(
  bench: Bench,
  { form, variant, shape, quick }: Omit<Arguments, 'name' | 'json' | 'record'>,
): Settings {
  const chosen = form ?? bench.forms[0] ?? 'handler'
  if (!FORMS.includes(chosen)) throw new ArgumentError(`--form is one of ${FORMS.join(', ')}, not '${chosen}'`)
  if (!bench.forms.includes(chosen)) throw new ArgumentError(`${bench.name} has no ${chosen} form`)
  if (variant !== undefined && !bench.variants.includes(variant)) {
    const choice = bench.variants.length === 0 ? 'has no variants' : `has the variants ${bench.variants.join(', ')}`
    throw new ArgumentError(`${bench.name} ${choice}, not '${variant}'`)
  }
  for (const key of Object.keys(shape) as (keyof Shape)[]) {
    if (bench.defaults[key] === undefined) throw new ArgumentError(`${bench.name} does not take --${optionNames[key]}`)
  }
  const numbers = { connections: 1, size: 1, inFlight: 1, ...bench.defaults, ...shape }
  return { ...numbers, form: chosen, variant: variant ?? bench.variants[0], quick }
}

const optionNames: Record<keyof Shape, string> = { connections: 'connections', size: 'size', inFlight: 'in-flight' }
