/**
 * What all connections of one listener share (and a channel of datagrams has): the handler, the limits, where errors are
 * reported, and the context of asynchronous calls that the handler was attached in. Nothing of this is made anew for a
 * connection or an event.
 */
import { AsyncResource } from 'node:async_hooks'
import { argumentTypeError, argumentValueError, checkInteger } from '../base/argument-error.ts'
import { SocketError } from '../base/errors.ts'
import type { Reactor } from '../reactor/reactor.ts'
import { checkFunction } from './arguments.ts'

/** What happens to a send that a full queue has no room for. */
export type QueuePolicy = 'wait' | 'drop' | 'close'

/** The limits of what is used in the handler form, and where its errors go. */
export interface ServiceOptions<Subject> {
  /** How many bytes may wait for a slow reader, 16 MiB if not given. A single longer send is taken when nothing waits. */
  readonly queueLimitBytes?: number | undefined
  /**
   * What a full queue does: `close` (the default) aborts the connection with `QueueFullError`; `drop` drops what is
   * sent, and counts it; `wait` refuses it, and `drain` tells when to send again. `send` returns -1 in each case.
   */
  readonly whenQueueFull?: QueuePolicy | undefined
  /** Where a handler's error is reported. Without it, as a process warning. */
  readonly onError?: ((error: unknown, subject: Subject | undefined) => void) | undefined
}

const DEFAULT_QUEUE_LIMIT_BYTES = 16 * 1024 * 1024

/** What `Handler` objects are called with is a `Subject`: a connection, a channel of datagrams. */
export class Service<Handler, Subject> {
  readonly handler: Handler
  readonly queueLimitBytes: number
  readonly whenQueueFull: QueuePolicy
  readonly context: AsyncResource = new AsyncResource('berkeley:handler', { requireManualDestroy: true })
  /** Called when a subject of this service is gone. */
  onGone: (() => void) | undefined
  readonly #reactor: Reactor
  readonly #onError: ServiceOptions<Subject>['onError']

  constructor(reactor: Reactor, handler: Handler, options: ServiceOptions<Subject>, defaultPolicy: QueuePolicy) {
    const { queueLimitBytes = DEFAULT_QUEUE_LIMIT_BYTES, whenQueueFull = defaultPolicy, onError } = options
    if (!['wait', 'drop', 'close'].includes(whenQueueFull)) {
      throw argumentValueError('options.whenQueueFull', "it must be 'wait', 'drop' or 'close'", whenQueueFull)
    }
    if (onError !== undefined) checkFunction('options.onError', onError)
    this.handler = handler
    this.queueLimitBytes = checkInteger('options.queueLimitBytes', queueLimitBytes, 0, Number.MAX_SAFE_INTEGER)
    this.whenQueueFull = whenQueueFull
    this.onGone = undefined
    this.#reactor = reactor
    this.#onError = onError
  }

  /** A handler threw, or its promise was rejected. */
  report(error: unknown, subject: Subject | undefined): void {
    this.#reactor.handlerErrors++
    reportError(error, this.#onError, subject)
  }
}

/** Checks an object of handlers. Throws a `TypeError` that names the handler at fault. */
export function checkHandler(handler: unknown, required: string, optional: readonly string[]): void {
  if (typeof handler !== 'object' || handler === null) throw argumentTypeError('handler', 'an object', handler)
  const handlers = handler as Record<string, unknown>
  checkFunction(`handler.${required}`, handlers[required])
  for (const name of optional) {
    if (handlers[name] !== undefined) checkFunction(`handler.${name}`, handlers[name])
  }
}

/**
 * Hands an error to the hook; without one, or when the hook fails itself, it becomes a process warning, unless it says
 * only that a peer broke its connection.
 */
export function reportError<Subject>(
  error: unknown,
  hook: ((error: unknown, subject: Subject) => void) | undefined,
  subject: Subject,
): void {
  if (hook !== undefined) {
    try {
      hook(error, subject)
      return
    } catch (second) {
      warn(second)
    }
  }
  if (!isPeersDoing(error)) warn(error)
}

/** A peer that breaks its connection is a server's everyday: only a hook is told. */
function isPeersDoing(error: unknown): boolean {
  return error instanceof SocketError && (error.status === 'connectionReset' || error.status === 'brokenPipe')
}

function warn(error: unknown): void {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.emitWarning(`A handler failed, and its socket was closed: ${detail}`, 'SocketHandlerWarning')
}
