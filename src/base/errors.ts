/**
 * The errors of the library. docs/errors.md has a heading for each code; test/base/errors.test.ts compares.
 *
 * `SocketError` is what the kernel refused, in the shape of Node's own system errors, so that code which branches on
 * `code`, `errno`, `syscall`, `address` and `port` goes on working. The others are what the library itself refuses.
 * An operation that a signal stops rejects with the signal's own reason, which is none of these. Faults in arguments
 * are `TypeError` and `RangeError` (argument-error.ts).
 */

import { type AnyAddress, type EndpointAddress, formatEndpoint } from './address.ts'
import { adviceFor } from './advice.ts'
import { meaningOf, type Status, statusOfName } from './status.ts'

export {
  argumentRangeError,
  argumentTypeError,
  argumentValueError,
  type ArgumentError,
  type ArgumentErrorCode,
  checkInteger,
} from './argument-error.ts'
export { explain, type Explanation, type ForeignError, statusOf } from './portable-status.ts'
export { errorName, ERROR_SYSTEMS, type ErrorSystem } from './error-numbers.ts'
export type { Status } from './status.ts'

/** What a {@link SocketError} is made of. */
export interface KernelFault {
  /** The name of errno: `ECONNREFUSED`. */
  readonly code: string
  /** The number of errno, negated or not; the error's is negative, as Node's. */
  readonly errno: number
  /** The system call's name: `connect`. */
  readonly syscall: string
  /** The address that the call was about. */
  readonly address?: AnyAddress | undefined
  /** What to do, as a clause, in place of what advice.ts would say. */
  readonly advice?: string
}

/**
 * The kernel refused a call. The message says which, on what address, why, and what to do where there is something:
 * `connect ECONNREFUSED 127.0.0.1:80: connection refused. Nothing listens there; start the server, …`.
 */
export class SocketError extends Error {
  /** The number of errno, negated: -111. */
  readonly errno: number
  /** The name of errno: `ECONNREFUSED`. */
  readonly code: string
  /** The system call that failed: `connect`. */
  readonly syscall: string
  /** The host (with its zone) or the Unix socket's name as text, when the call was about an address. */
  declare readonly address?: string
  /** The port, when the address has one. */
  declare readonly port?: number
  /** The portable word for `code`. */
  readonly status: Status

  static {
    named(this, 'SocketError')
  }

  constructor(fault: KernelFault) {
    super(kernelMessage(fault))
    this.errno = -Math.abs(fault.errno)
    this.code = fault.code
    this.syscall = fault.syscall
    const { address } = fault
    if (address !== undefined) {
      if (address.family === 'inet' || address.family === 'inet6') {
        this.address = address.family === 'inet' ? address.host : address.zonedHost
        this.port = address.port
      } else {
        this.address = address.toString()
      }
    }
    this.status = statusOfName(fault.code)
  }
}

/** The socket is closed: it was before the call, or became so while the call waited. */
export class ClosedError extends Error {
  readonly code = 'ERR_SOCKET_CLOSED'

  static {
    named(this, 'ClosedError')
  }

  /**
   * @param operation the method that was called: `recv`
   * @param what what is closed
   */
  constructor(operation: string, what: string = 'socket') {
    super(`${operation}: the ${what} is closed; make a new one`)
  }
}

/** Another call of the same kind is still waiting on the socket. */
export class BusyError extends Error {
  readonly code = 'ERR_SOCKET_BUSY'

  static {
    named(this, 'BusyError')
  }

  /** @param operation the method that was called: `recv` */
  constructor(operation: string) {
    super(`${operation}: an earlier call is still waiting on this socket; await it first, or stop it with its signal`)
  }
}

/** The time given to an operation was over before it was done. What it did until then is done. */
export class TimeoutError extends Error {
  readonly code = 'ERR_SOCKET_TIMEOUT'
  /** The method that was called: `connect`. */
  readonly operation: string
  /** The time that it was given, in milliseconds. */
  readonly timeoutMs: number

  static {
    named(this, 'TimeoutError')
  }

  constructor(operation: string, timeoutMs: number) {
    super(`${operation}: not done within ${timeoutMs} ms; allow more time, or try again`)
    this.operation = operation
    this.timeoutMs = timeoutMs
  }
}

/** A `Cancellation` ended a blocking call, or was set already when it began. What it did until then is done. */
export class CanceledError extends Error {
  readonly code = 'ERR_SOCKET_CANCELED'
  /** The method that was called: `accept`. */
  readonly operation: string

  static {
    named(this, 'CanceledError')
  }

  constructor(operation: string) {
    super(`${operation}: canceled by another thread; call reset() on the cancellation before you use it again`)
    this.operation = operation
  }
}

/** The peer finished before all the bytes were there that the operation was to receive. */
export class EndOfStreamError extends Error {
  readonly code = 'ERR_END_OF_STREAM'
  /** How many bytes came before the end; they are in the caller's buffer. */
  readonly receivedBytes: number

  static {
    named(this, 'EndOfStreamError')
  }

  constructor(operation: string, receivedBytes: number, expectedBytes: number) {
    super(`${operation}: the peer finished after ${receivedBytes} of ${expectedBytes} bytes`)
    this.receivedBytes = receivedBytes
  }
}

/** Bytes of the socket were received already and wait to be taken; the operation would overtake them. */
export class ReadAheadError extends Error {
  readonly code = 'ERR_READ_AHEAD'
  /** How many bytes wait. */
  readonly waitingBytes: number

  static {
    named(this, 'ReadAheadError')
  }

  constructor(operation: string, waitingBytes: number) {
    super(`${operation}: ${waitingBytes} bytes that were received before come first; take them with recv or read`)
    this.waitingBytes = waitingBytes
  }
}

/** More was queued than the limit allows, because the peer reads too slowly. */
export class QueueFullError extends Error {
  readonly code = 'ERR_QUEUE_FULL'
  /** The bytes that wait, without those refused. */
  readonly queuedBytes: number
  /** The limit, in bytes. */
  readonly limitBytes: number

  static {
    named(this, 'QueueFullError')
  }

  constructor(operation: string, queuedBytes: number, limitBytes: number) {
    super(
      `${operation}: the queue is full, with ${queuedBytes} bytes waiting of at most ${limitBytes}; ` +
        'send again after drain, or raise queueLimitBytes',
    )
    this.queuedBytes = queuedBytes
    this.limitBytes = limitBytes
  }
}

/** On the prototype, where `Error` has it too, so that it is in the stack's first line and not printed twice. */
function named(constructor: { readonly prototype: Error }, name: string): void {
  Object.defineProperty(constructor.prototype, 'name', { value: name, writable: true, configurable: true })
}

/** Whether the address is one of those that have a text as an endpoint. */
function isEndpoint(address: AnyAddress): address is EndpointAddress {
  return address.family === 'inet' || address.family === 'inet6' || address.family === 'unix'
}

function kernelMessage({ code, syscall, address, advice }: KernelFault): string {
  const target = address === undefined ? '' : ` ${isEndpoint(address) ? formatEndpoint(address) : address.toString()}`
  const meaning = meaningOf(code)
  const remedy = advice ?? adviceFor(code, { syscall, address })
  const sentence = remedy === '' ? '' : remedy[0]?.toUpperCase() + remedy.slice(1)
  const explanation = meaning && sentence ? `${meaning}. ${sentence}` : meaning || sentence
  return explanation === '' ? `${syscall} ${code}${target}` : `${syscall} ${code}${target}: ${explanation}`
}
