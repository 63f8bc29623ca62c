/**
 * A socket option as a value: its name, where the kernel keeps it, and how its value is spelled in bytes. The tables
 * beside this file are made of these; types, documentation and tests follow from the tables.
 */
import { argumentTypeError, argumentValueError } from '../../base/argument-error.ts'
import type { Binding } from '../../sys/binding.ts'
import { ERANGE } from '../../sys/constants.ts'
import { systemError } from '../../sys/system-error.ts'

/** How a value is spelled: `read` gives what `get` returns, `write` takes what `set` is given. */
export interface Codec<Value, Settable = Value> {
  /** The room that the kernel is given for its answer. */
  readonly byteLength: number
  /** The most room that it is given where it says that there was too little (ERANGE); `byteLength` if absent. */
  readonly mostBytes?: number
  /** What the kernel reads before it answers, where it does. It is as long as the room for the answer. */
  request?(): Uint8Array
  /** The value in an answer, which may be shorter than `byteLength`, and empty. */
  read(bytes: Uint8Array): Value
  /**
   * The bytes of a value. Throws a `TypeError` or a `RangeError` for one that the option can't have.
   * @param name what the error calls the value
   */
  write(value: Settable, name: string): Uint8Array
  /** Whether the bytes are the instructions of a program, which the kernel takes by their address. */
  readonly isProgram?: boolean
}

/** An option that a socket may have; `socket.get(option)` and `socket.set(option, value)` take one. */
export interface Option<Value, Settable = Value> {
  /** The kernel's name. */
  readonly name: string
  /** The level, and the number within it, as setsockopt(2) takes them. */
  readonly level: number
  readonly number: number
  readonly codec: Codec<Value, Settable>
  /** Whether the kernel lets it be read, set, or both. */
  readonly direction: 'both' | 'get' | 'set'
  /** The version of Linux that brought it: `4.18`. */
  readonly since: string
  /** The man page, or the page of the kernel's own documentation, that describes it. */
  readonly man: string
  /** The level for a value, where that is not always the same: multicast options are IPv4's or IPv6's. */
  levelFor?(value: Settable): number
}

/** Reads an option of the descriptor. Throws `SocketError`. */
export function getOption<Value, Settable>(binding: Binding, fd: number, option: Option<Value, Settable>): Value {
  checkOption(option)
  const { codec } = option
  if (option.direction === 'set') throw argumentValueError('option', `${option.name} can only be set`, option.name)
  for (let room = codec.byteLength; ; room *= 2) {
    const bytes = codec.request?.() ?? new Uint8Array(room)
    const length = binding.getsockopt(fd, option.level, option.number, bytes)
    if (length >= 0) return codec.read(bytes.subarray(0, length))
    if (length !== -ERANGE || room * 2 > (codec.mostBytes ?? 0)) throw systemError(length, `getsockopt ${option.name}`)
  }
}

/** Sets an option of the descriptor. Throws `SocketError`, or a `TypeError` or `RangeError` for a value it can't have. */
export function setOption<Value, Settable>(
  binding: Binding,
  fd: number,
  option: Option<Value, Settable>,
  value: Settable,
): void {
  checkOption(option)
  const { codec, name } = option
  if (option.direction === 'get') throw argumentValueError('option', `${name} can only be read`, name)
  const bytes = codec.write(value, `value of ${name}`)
  const level = option.levelFor?.(value) ?? option.level
  const result =
    codec.isProgram === true
      ? binding.setsockoptProgram(fd, level, option.number, bytes)
      : binding.setsockopt(fd, level, option.number, bytes)
  if (result < 0) throw systemError(result, `setsockopt ${name}`)
}

function checkOption(option: unknown): void {
  if (typeof option === 'object' && option !== null && 'codec' in option) return
  throw argumentTypeError('option', 'an option such as SO_REUSEADDR', option)
}
