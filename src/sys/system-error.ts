/** From what a system call returned to the error that a program sees. */
import type { AnyAddress } from '../base/address.ts'
import { SocketError } from '../base/errors.ts'
import { ERRNO_NAMES } from './platform/linux/errno-names.ts'

/** The name of an errno, given as the kernel's positive number: `ECONNREFUSED`. */
export function errnoName(number: number): string {
  return ERRNO_NAMES[number] ?? `errno ${number}`
}

/** The error for a call's negative result. */
export function systemError(result: number, syscall: string, address?: AnyAddress): SocketError {
  return new SocketError({ code: errnoName(-result), errno: result, syscall, address })
}
