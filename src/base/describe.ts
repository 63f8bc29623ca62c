/**
 * A short text of any value, for messages about arguments: what the caller passed, never more than a line of it.
 *
 * It never throws and never calls into the value, whatever it is (a revoked proxy, a getter that throws, a hostile
 * `toString`), because it runs while another error is being made.
 */

const LONGEST_TEXT = 64

/** A quoted, escaped text, cut after 64 characters: `'a\u0000b'`. */
export function quote(text: string): string {
  if (text.length <= LONGEST_TEXT) return `'${escape(text)}'`
  return `'${escape(text.slice(0, LONGEST_TEXT))}'… (${text.length} characters)`
}

/** A text on one line, what does not print as its code: `a\u0000b`. */
export function escape(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(/\\"/g, '"')
    .replace(/[\u007f-\u009f\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** What a value is, in a few words: `'80'`, `70000`, `10n`, `undefined`, `an instance of Map`, `a Uint8Array of 5 bytes`. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quote(value)
    case 'bigint':
      return `${value}n`
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value)
    case 'function':
      return 'a function'
    case 'object':
      return value === null ? 'null' : describeObject(value)
    default:
      return String(value)
  }
}

function describeObject(value: object): string {
  try {
    if (value instanceof Uint8Array) return `a Uint8Array of ${value.length} bytes`
    if (Array.isArray(value)) return `an array of ${value.length}`
    const name: unknown = (Object.getPrototypeOf(value) as object | null)?.constructor?.name
    return typeof name === 'string' && name !== '' && name !== 'Object' ? `an instance of ${name}` : 'an object'
  } catch {
    return 'an object'
  }
}
