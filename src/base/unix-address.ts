/**
 * The address of a Unix socket (`sockaddr_un`, unix(7)): a path in the file system, a name in Linux's abstract
 * namespace, or none.
 *
 * `sun_path` has 108 bytes on Linux. A path takes at most 107 of them and a NUL, an abstract name a NUL and at most
 * 107 bytes, any of which may be NUL again: its length is the address's length. The kernel also accepts a path that
 * fills all 108 bytes without a NUL; it is read when another program made one, and not made here.
 */

import { type ArgumentError, argumentRangeError, argumentTypeError, argumentValueError } from './argument-error.ts'
import { printsAs } from './inspect.ts'
import { formatUnixName } from './unix-name.ts'
import { decodeUtf8, encodeUtf8, hasLoneSurrogate } from './utf8.ts'

/** The longest path or abstract name, in bytes. */
export const LONGEST_UNIX_NAME = 107

/** What a Unix address is: a path, a name in the abstract namespace, or nothing. */
export type UnixKind = 'path' | 'abstract' | 'unnamed'

/** A Unix address. It never changes; {@link unix}, {@link abstract} and {@link unnamed} make one. */
export class UnixAddress {
  readonly family = 'unix'
  readonly kind: UnixKind
  /** The path as text; undefined when it is not UTF-8 (see {@link name}), or the address is no path. */
  readonly path: string | undefined
  /** What `toString()` gives: `/run/x`, `@name`, or nothing for an unnamed address. */
  readonly text: string
  readonly #name: Uint8Array
  #packed: Uint8Array | undefined = undefined

  static {
    printsAs(this, (address) => `UnixAddress(${address.text || 'unnamed'})`)
  }

  /** Use {@link unix}, {@link abstract} or {@link unnamed}, which check the name. The bytes now belong to the address. */
  constructor(kind: UnixKind, name: Uint8Array) {
    this.kind = kind
    this.path = kind === 'path' ? decodeUtf8(name) : undefined
    this.text = formatText(kind, name)
    this.#name = name
  }

  /** The bytes of the path without its NUL, or of the abstract name without the NUL before it: a copy each time. */
  get name(): Uint8Array {
    return this.#name.slice()
  }

  /** Internal: the `sockaddr` of this address, kept by the first call that needs it. Lent; never written to. */
  get packed(): Uint8Array | undefined {
    return this.#packed
  }

  set packed(bytes: Uint8Array | undefined) {
    this.#packed = bytes
  }

  /** Whether the other value is the same kind and the same bytes. Two unnamed addresses are equal. */
  equals(other: unknown): boolean {
    // The text of two names differs when their bytes do.
    return other instanceof UnixAddress && other.kind === this.kind && other.text === this.text
  }

  /**
   * `/run/x`, `@name`, or the empty text for an unnamed address. Bytes that cannot be shown are `\xNN`, and a path
   * that would read as something else has `unix:` before it.
   */
  toString(): string {
    return this.text
  }

  toJSON(): { family: 'unix'; kind: UnixKind; text: string } {
    return { family: this.family, kind: this.kind, text: this.text }
  }
}

/**
 * A path in the file system.
 * @param path text, or bytes when it is not UTF-8; at most 107 bytes. A relative one counts from the working directory.
 * @throws TypeError when it is empty or holds a NUL, RangeError when it is too long
 */
export function unix(path: string | Uint8Array): UnixAddress {
  const bytes = checkBytes('path', path)
  if (bytes.length === 0)
    throw argumentValueError('path', 'it is empty; use unnamed() for an address without a name', path)
  if (bytes[0] === 0)
    throw argumentValueError('path', 'it starts with a NUL; use abstract() for an abstract name', path)
  if (bytes.includes(0)) throw argumentValueError('path', 'a path cannot hold a NUL', path)
  if (bytes.length > LONGEST_UNIX_NAME) throw tooLong('path', 'use a shorter path or a relative one', bytes, path)
  return new UnixAddress('path', bytes)
}

/**
 * A name in Linux's abstract namespace: no file, free again when its socket closes.
 * @param name text or bytes, without the leading NUL; at most 107 bytes, NULs among them if you like
 * @throws TypeError when it is neither text nor bytes, RangeError when it is too long
 */
export function abstract(name: string | Uint8Array): UnixAddress {
  const bytes = checkBytes('name', name)
  if (bytes.length > LONGEST_UNIX_NAME) throw tooLong('name', 'use a shorter name', bytes, name)
  return new UnixAddress('abstract', bytes)
}

/** The address of a Unix socket that is not bound. To bind to it asks Linux for a free abstract name of its choice. */
export function unnamed(): UnixAddress {
  return new UnixAddress('unnamed', new Uint8Array(0))
}

function checkBytes(name: string, value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return new Uint8Array(value)
  if (typeof value !== 'string') throw argumentTypeError(name, 'a string or a Uint8Array', value)
  if (hasLoneSurrogate(value))
    throw argumentValueError(name, 'it holds half of a surrogate pair, which has no UTF-8', value)
  return encodeUtf8(value)
}

function tooLong(name: string, advice: string, bytes: Uint8Array, got: unknown): ArgumentError {
  return argumentRangeError(name, `at most ${LONGEST_UNIX_NAME} bytes long, not ${bytes.length}; ${advice}`, got)
}

/** A path shows as itself when it reads as a path: from the root or from a directory. */
function formatText(kind: UnixKind, name: Uint8Array): string {
  if (kind === 'unnamed') return ''
  const text = formatUnixName(name)
  if (kind === 'abstract') return `@${text}`
  return /^\.{0,2}\//.test(text) ? text : `unix:${text}`
}
