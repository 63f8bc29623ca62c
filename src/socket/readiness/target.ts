/** What readiness can be asked of: any descriptor, whoever it belongs to. */
import { argumentTypeError, checkInteger } from '../../base/argument-error.ts'
import { ClosedError } from '../../base/errors.ts'
import { Descriptor } from '../../reactor/descriptor.ts'

/** A socket of the library, a descriptor's number, or another object that has one as its `fd`. */
export type PollTarget = number | { readonly fd: number }

/** The descriptor's number. Throws `ClosedError` naming the operation, `TypeError` or `RangeError` naming the argument. */
export function numberOf(target: PollTarget, name: string, operation: string): number {
  if (target instanceof Descriptor) {
    if (target.isClosed) throw new ClosedError(operation)
    return target.number
  }
  if (typeof target === 'number') return checkInteger(name, target, 0, 0x7fffffff)
  const fd: unknown = typeof target === 'object' && target !== null ? target.fd : undefined
  if (typeof fd !== 'number') {
    throw argumentTypeError(name, 'a socket, a descriptor number, or an object with one as fd', target)
  }
  return checkInteger(`${name}.fd`, fd, 0, 0x7fffffff)
}
