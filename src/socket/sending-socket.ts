/**
 * Sending in the promise form, and what both directions share: one operation waits to read and one to write, each is
 * tried first, and none begins on a socket that is closed or busy.
 */
import type { AnyAddress } from '../base/address.ts'
import { BusyError } from '../base/errors.ts'
import { READABLE, WRITABLE } from '../reactor/engine.ts'
import { POLLOUT } from '../sys/constants.ts'
import { packAddress } from '../sys/sockaddr.ts'
import { systemError } from '../sys/system-error.ts'
import { checkAddress, checkBytes, checkParts } from './arguments.ts'
import type { Option } from './options/option.ts'
import { COPY_LIMIT_BYTES, QueueingSocket, wouldWait } from './queueing-socket.ts'
import { callAttempt, pollOne, type Attempt } from './readiness/attempt.ts'
import { checkWaiting, type Pending, Wait, type Waitable, type Waiting } from './wait.ts'

/** What `recv`, `send` and their like take. */
export interface TransferOptions extends Waiting {
  /** `MSG_…` flags, joined by `|`. */
  readonly flags?: number | undefined
}

const DONE: Promise<void> = Promise.resolve()

export abstract class SendingSocket extends QueueingSocket implements Waitable {
  /** @internal */
  reading: Pending | undefined = undefined
  /** @internal */
  writing: Pending | undefined = undefined
  /** @internal `shutdown` waits for what is held back. */
  protected isShutdownDue = false
  /** What a send that had been taken failed with: told to the next. */
  #sendError: Error | undefined = undefined

  /** @internal Whether something other than `reading` takes what comes in. */
  protected abstract get isInputTaken(): boolean

  /**
   * Sends what the kernel takes now, at least one byte; returns how many. Rejects with `SocketError`, `TimeoutError`,
   * `ClosedError`, `BusyError` or the signal's reason. See send(2).
   */
  send(bytes: Uint8Array, options?: TransferOptions): Promise<number> {
    return this.wait(WRITABLE, 'send', options, false, () => {
      checkBytes('bytes', bytes)
      return this.#send(bytes, 0, options?.flags ?? 0)
    })
  }

  /** Sends what the kernel takes now; undefined when that is nothing. Throws `SocketError`, `ClosedError`, `BusyError`. */
  trySend(bytes: Uint8Array, flags: number = 0): number | undefined {
    checkBytes('bytes', bytes)
    this.checkStart('trySend', WRITABLE, undefined)
    return this.#send(bytes, 0, flags)
  }

  #send(bytes: Uint8Array, offset: number, flags: number): number | undefined {
    if (!this.canSend()) return undefined
    const n = this.reactor.binding.send(this.number, bytes, offset, bytes.length - offset, flags)
    if (wouldWait(n)) return undefined
    if (n < 0) throw systemError(n, 'send')
    return n
  }

  /** @internal Whether nothing is before what is sent now. Throws what an earlier send ended with. */
  protected canSend(): boolean {
    this.flushOwn()
    const error = this.#sendError
    this.#sendError = undefined
    if (error !== undefined) throw error
    return this.heldBack === undefined
  }

  /**
   * Sends all of it. Up to `COPY_LIMIT_BYTES` on a stream are taken at once: they go out with what others send in this
   * turn, and an error is told to the next send. Rejects as `send`; when it does, some bytes may have been sent.
   */
  sendAll(bytes: Uint8Array, waiting?: Waiting): Promise<void> {
    let sent = 0
    try {
      checkBytes('bytes', bytes)
      this.checkStart('sendAll', WRITABLE, waiting)
      if (bytes.length <= COPY_LIMIT_BYTES && this.isStream && this.heldBack === undefined) {
        if (this.#sendError !== undefined) this.canSend()
        this.queue(bytes)
        return DONE
      }
    } catch (error) {
      return Promise.reject(error)
    }
    const attempt = (): true | undefined => {
      while (sent < bytes.length) {
        const n = this.#send(bytes, sent, 0)
        if (n === undefined) return undefined
        sent += n
      }
      return true
    }
    return this.wait(WRITABLE, 'sendAll', waiting, false, attempt).then(ignore)
  }

  /** Sends a datagram to an address. Rejects as `send`. See sendto(2). */
  sendTo(bytes: Uint8Array, address: AnyAddress, options?: TransferOptions): Promise<number> {
    return this.wait(WRITABLE, 'sendTo', options, false, () => {
      checkBytes('bytes', bytes)
      checkAddress('address', address, this.kind.family)
      return this.#sendTo(bytes, address, options?.flags ?? 0)
    })
  }

  /** Sends a datagram if the kernel takes it now. Throws `SocketError`, `ClosedError`, `BusyError`. */
  trySendTo(bytes: Uint8Array, address: AnyAddress, flags: number = 0): number | undefined {
    checkBytes('bytes', bytes)
    checkAddress('address', address, this.kind.family)
    this.checkStart('trySendTo', WRITABLE, undefined)
    return this.#sendTo(bytes, address, flags)
  }

  #sendTo(bytes: Uint8Array, address: AnyAddress, flags: number): number | undefined {
    if (!this.canSend()) return undefined
    const n = this.reactor.binding.sendto(this.number, bytes, 0, bytes.length, flags, packAddress(address))
    if (wouldWait(n)) return undefined
    if (n < 0) throw systemError(n, 'sendto', address)
    return n
  }

  /** Sends several parts as one, as much as the kernel takes now; returns how many bytes. Rejects as `send`. See writev(2). */
  writev(parts: readonly Uint8Array[], options?: TransferOptions): Promise<number> {
    return this.wait(WRITABLE, 'writev', options, false, () => {
      checkParts('parts', parts)
      if (!this.canSend()) return undefined
      const n = this.reactor.binding.writev(this.number, parts, options?.flags ?? 0)
      if (wouldWait(n)) return undefined
      if (n < 0) throw systemError(n, 'writev')
      return n
    })
  }

  /**
   * Waits until the socket can be written, behind what `sendAll` has taken. With a function it makes any system call
   * wait: the function is called with the descriptor's number, at once and whenever the socket can be written, until it
   * returns true. It must not block, nor close the descriptor. Rejects with what it throws, and as `send`.
   */
  whenWritable(attempt?: Attempt, waiting?: Waiting): Promise<void> {
    const isDone = (): true | undefined => {
      if (!this.canSend()) return undefined
      if (attempt !== undefined) return callAttempt(attempt, this.number)
      return pollOne(this.reactor.binding, this.number, POLLOUT) === 0 ? undefined : true
    }
    return this.wait(WRITABLE, 'whenWritable', waiting, false, isDone).then(ignore)
  }

  /** @internal Whether an operation can begin. Throws `ClosedError`, `BusyError`, a signal's reason, or what `waiting` is at fault. */
  protected checkStart(operation: string, interest: number, waiting: Waiting | undefined): void {
    if (waiting !== undefined) checkWaiting(waiting)
    this.open(operation)
    waiting?.signal?.throwIfAborted()
    const isBusy = interest === WRITABLE ? this.writing !== undefined : this.reading !== undefined || this.isInputTaken
    if (isBusy) throw new BusyError(operation)
  }

  /** @internal Tries at once (unless it is known to be in vain), and waits if need be. */
  protected wait<Result>(
    interest: number,
    operation: string,
    waiting: Waiting | undefined,
    isVain: boolean,
    attempt: () => Result | undefined,
  ): Promise<Result> {
    try {
      this.checkStart(operation, interest, waiting)
      const result = isVain ? undefined : attempt()
      if (result !== undefined) return Promise.resolve(result)
      return new Wait(this, interest, operation, attempt, waiting).promise
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** @internal */
  protected writable(): void {
    try {
      if (!this.sendHeldBack()) return
      if (this.isShutdownDue) this.endWriting()
    } catch (error) {
      this.dropQueue()
      this.#sendError = error as Error
    }
    this.isShutdownDue = false
    this.writing?.fire()
  }

  /** @internal */
  protected override flushFailed(error: Error): void {
    this.dropQueue()
    this.#sendError = error
    if (this.writing !== undefined) queueMicrotask(() => this.writing?.fire())
  }

  /** @internal */
  stopWaiting(interest: number): void {
    if (interest === READABLE) this.reading = undefined
    else this.writing = undefined
    if (interest === READABLE || this.heldBack === undefined) this.reactor.disarm(this, interest)
  }

  /** Sets an option, after what `sendAll` has taken is with the kernel. */
  override set<Value, Settable>(option: Option<Value, Settable>, value: NoInfer<Settable>): this {
    this.flushOwn()
    return super.set(option, value)
  }

  /** Sets an option by its numbers, after what `sendAll` has taken is with the kernel. */
  override setsockopt(level: number, number: number, value: number | Uint8Array): this {
    this.flushOwn()
    return super.setsockopt(level, number, value)
  }
}

/** For promises of nothing. */
export function ignore(): void {}
