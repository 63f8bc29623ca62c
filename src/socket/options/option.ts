/**
 * A socket option as a value: its name, where the kernel keeps it, and how its value is spelled in bytes. The tables
 * beside this file are made of these; types, documentation and tests follow from the tables.
 */
import { argumentTypeError, argumentValueError } from '../../base/argument-error.ts'
import type { Binding } from '../../sys/binding.ts'
import { systemError } from '../../sys/system-error.ts'

/** How a value is spelled: `read` after the kernel filled in `byteLength` bytes (or fewer), `write` before it reads. */
export interface Codec<Value> {
  /** What a value must be, for the error's sentence. */
  readonly expected: string
  readonly byteLength: number
  accepts(value: unknown): value is Value
  write(value: Value): Uint8Array
  read(bytes: Uint8Array): Value
}

/** An option that a socket may have; `socket.get(option)` and `socket.set(option, value)` take one. */
export interface Option<Value> {
  /** The kernel's name. */
  readonly name: string
  /** The level, and the number within it, as setsockopt(2) takes them. */
  readonly level: number
  readonly number: number
  readonly codec: Codec<Value>
  /** Whether the kernel lets it be read, set, or both. */
  readonly direction: 'both' | 'get' | 'set'
  /** The man page that describes it. */
  readonly man: string
}

/** Reads an option of the descriptor. Throws `SocketError`. */
export function getOption<Value>(binding: Binding, fd: number, option: Option<Value>): Value {
  checkOption(option)
  if (option.direction === 'set') throw argumentValueError('option', `${option.name} can only be set`, option.name)
  const bytes = new Uint8Array(option.codec.byteLength)
  const length = binding.getsockopt(fd, option.level, option.number, bytes)
  if (length < 0) throw systemError(length, `getsockopt ${option.name}`)
  return option.codec.read(bytes.subarray(0, length))
}

/** Sets an option of the descriptor. Throws `SocketError`, or a `TypeError` for a value that the option can't have. */
export function setOption<Value>(binding: Binding, fd: number, option: Option<Value>, value: Value): void {
  checkOption(option)
  if (option.direction === 'get') throw argumentValueError('option', `${option.name} can only be read`, option.name)
  if (!option.codec.accepts(value)) throw argumentTypeError(`value of ${option.name}`, option.codec.expected, value)
  const result = binding.setsockopt(fd, option.level, option.number, option.codec.write(value))
  if (result < 0) throw systemError(result, `setsockopt ${option.name}`)
}

function checkOption(option: unknown): void {
  if (typeof option === 'object' && option !== null && 'codec' in option) return
  throw argumentTypeError('option', 'an option such as SO_REUSEADDR', option)
}
