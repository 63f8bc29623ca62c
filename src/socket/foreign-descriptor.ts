/**
 * The descriptor behind an object of Node's own: a `node:net` Socket or Server, a `node:dgram` Socket, a request,
 * response or server of `node:http`. Node has no public way to it, so this file, and no other, reads `_handle.fd` and
 * dgram's state, which is kept under a symbol. Nothing of Node is imported: objects are known by what they hold.
 */
import { argumentTypeError, argumentValueError, checkInteger } from '../base/argument-error.ts'

const LARGEST_DESCRIPTOR = 0x7fffffff
/** How many objects deep a descriptor is looked for: a response has a socket, which has a handle. */
const DEEPEST = 3

/** What has a descriptor: its number, an object with `fd` (a socket of this library), or one of Node's. */
export type DescriptorHolder = number | object

/**
 * The number of the descriptor behind `holder`, as it is now. It stays the holder's: it may close it at any time.
 * Throws a `TypeError` that says why where there is none, and what `fd` throws on a closed socket of this library.
 * @param holder a number, or an object that holds a descriptor
 * @param name the argument that it was, for the error
 */
export function descriptorBehind(holder: DescriptorHolder, name: string = 'target'): number {
  if (typeof holder === 'number') return checkInteger(name, holder, 0, LARGEST_DESCRIPTOR)
  if (typeof holder !== 'object' || holder === null) {
    throw argumentTypeError(name, 'the number of a descriptor, or a socket', holder)
  }
  const found = numberOf(holder, DEEPEST)
  if (found === undefined) {
    throw argumentTypeError(
      name,
      'the number of a descriptor, or a socket of node:net, node:dgram or node:http',
      holder,
    )
  }
  if (found < 0) throw argumentValueError(name, reasonOf(holder), holder)
  return found
}

/** The descriptor's number; -1 where the object could have one and has none now; undefined where it never has. */
function numberOf(holder: object, depth: number): number | undefined {
  const fd = property(holder, 'fd')
  if (typeof fd === 'number') return fd
  const handle = handleOf(holder)
  if (isObject(handle)) {
    const number = property(handle, 'fd')
    return typeof number === 'number' ? number : -1
  }
  if (handle === null) return -1
  const socket = property(holder, 'socket')
  if (depth > 1 && isObject(socket)) return numberOf(socket, depth - 1)
  return socket === null ? -1 : undefined
}

/** The handle of libuv's that the object holds; null where it holds none now, undefined where it is no such object. */
export function handleOf(holder: object): unknown {
  const state = Object.getOwnPropertySymbols(holder).find((symbol) => symbol.description === 'state symbol')
  // `_handle` of a dgram socket is deprecated, and says so on the console.
  if (state === undefined) return property(holder, '_handle')
  const held = property(holder, state)
  return isObject(held) ? (property(held, 'handle') ?? null) : undefined
}

function reasonOf(holder: object): string {
  if ('encrypted' in holder && holder.encrypted === true) {
    return 'its TLS runs over a stream that is no socket of the kernel; pass the socket that carries it'
  }
  return 'it has no descriptor now: it is not open yet, or closed, or this runtime does not tell'
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function property(holder: object, key: PropertyKey): unknown {
  return (holder as Readonly<Record<PropertyKey, unknown>>)[key]
}
