/** socket(2) and socketpair(2) with their checks; what they make is close-on-exec and non-blocking in every form. */
import { argumentValueError, checkInteger } from '../base/argument-error.ts'
import type { Binding } from '../sys/binding.ts'
import { AF_UNIX, SOCK_CLOEXEC, SOCK_NONBLOCK } from '../sys/constants.ts'
import { systemError } from '../sys/system-error.ts'

/** A new descriptor. Throws `SocketError`, `TypeError`, `RangeError`. */
export function openDescriptor(binding: Binding, family: number, type: number, protocol: number): number {
  checkInteger('family', family, 0, 0xffff)
  checkType(type)
  checkInteger('protocol', protocol, 0, 0xffff)
  const number = binding.socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol)
  if (number < 0) throw systemError(number, 'socket')
  return number
}

/** Two descriptors of Unix sockets, connected to each other. Throws `SocketError`, `TypeError`, `RangeError`. */
export function openPair(binding: Binding, type: number): Int32Array {
  checkType(type)
  const numbers = new Int32Array(2)
  const result = binding.socketpair(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, numbers)
  if (result < 0) throw systemError(result, 'socketpair')
  return numbers
}

function checkType(type: number): void {
  checkInteger('type', type, 0, 0x7fffffff)
  if ((type & (SOCK_CLOEXEC | SOCK_NONBLOCK)) === 0) return
  throw argumentValueError('type', 'SOCK_CLOEXEC and SOCK_NONBLOCK are always set; leave them out', type)
}
