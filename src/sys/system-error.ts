/** From what a system call returned to the error that a program sees. */
import type { AnyAddress } from '../base/address.ts'
import { SocketError } from '../base/errors.ts'
import * as errno from './platform/linux/errno.ts'

/** Two names of one number (EAGAIN and EWOULDBLOCK): the one that people know. */
const KNOWN_BY = ['EAGAIN', 'EDEADLK', 'EOPNOTSUPP']
const names = new Map<number, string>()

/** The name of an errno, given as the kernel's positive number: `ECONNREFUSED`. */
export function errnoName(number: number): string {
  if (names.size === 0) {
    for (const [name, value] of Object.entries(errno)) {
      if (!names.has(value) || KNOWN_BY.includes(name)) names.set(value, name)
    }
  }
  return names.get(number) ?? `errno ${number}`
}

/** The error for a call's negative result. */
export function systemError(result: number, syscall: string, address?: AnyAddress): SocketError {
  return new SocketError({ code: errnoName(-result), errno: result, syscall, address })
}
