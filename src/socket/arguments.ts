/** Checks of what callers pass, before any system call. Each throws a `TypeError` or a `RangeError` that names it. */
import { isAddress, type AnyAddress, OtherAddress } from '../base/address.ts'
import { argumentTypeError } from '../base/argument-error.ts'

export function checkBytes(name: string, bytes: unknown): asserts bytes is Uint8Array {
  if (!(bytes instanceof Uint8Array)) throw argumentTypeError(name, 'a Uint8Array', bytes)
}

export function checkParts(name: string, parts: unknown): asserts parts is readonly Uint8Array[] {
  if (!Array.isArray(parts)) throw argumentTypeError(name, 'an array of Uint8Arrays', parts)
  for (const part of parts) checkBytes(name, part)
}

export function checkAddress(name: string, address: unknown): asserts address is AnyAddress {
  if (isAddress(address) || address instanceof OtherAddress) return
  throw argumentTypeError(name, 'an address, made by inet(), inet6(), unix() or parseEndpoint()', address)
}

export function checkFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw argumentTypeError(name, 'a function', value)
}
