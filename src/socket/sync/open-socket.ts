/** An open descriptor of the blocking form: its options, its addresses, and its end. It needs no reactor. */
import type { AnyAddress } from '../../base/address.ts'
import { ClosedError } from '../../base/errors.ts'
import { addon } from '../../sys/addon.ts'
import type { Binding } from '../../sys/binding.ts'
import { AF_INET, AF_INET6, SO_LINGER, SOCK_STREAM, SOL_SOCKET } from '../../sys/constants.ts'
import { warnOfLoss } from '../abandoned.ts'
import { RESET_ON_CLOSE, type SocketKind } from '../open-socket.ts'
import { getOption, setOption, type Option } from '../options/option.ts'
import { readLocalAddress, readRemoteAddress } from '../socket-names.ts'
import { checkTimeout } from '../wait.ts'

/** Closes what a program has dropped. What is closed in time is taken out before, so no number is closed twice. */
const registry = new FinalizationRegistry<number>((number) => {
  addon().close(number)
  warnOfLoss(number)
})

export abstract class OpenSocket {
  /** @internal */
  protected readonly binding: Binding
  /** @internal */
  protected readonly kind: SocketKind
  /** @internal The descriptor's number; -1 once it is closed. */
  protected number: number
  #timeout: number | undefined

  /** @internal The descriptor is owned from here on. */
  constructor(binding: Binding, number: number, kind: SocketKind) {
    this.binding = binding
    this.number = number
    this.kind = kind
    registry.register(this, number, this)
  }

  /** The descriptor's number in the process's table. Throws `ClosedError` once it is closed. */
  get fd(): number {
    return this.open('fd')
  }

  get isClosed(): boolean {
    return this.number === -1
  }

  /** The family it was made with: `AF_INET`, `AF_INET6`, `AF_UNIX`, … */
  get family(): number {
    return this.kind.family
  }

  /** The type it was made with: `SOCK_STREAM`, `SOCK_DGRAM`, `SOCK_SEQPACKET`, … */
  get type(): number {
    return this.kind.type
  }

  /** The protocol it was made with; 0 stands for the family's usual one. */
  get protocol(): number {
    return this.kind.protocol
  }

  /** @internal */
  protected get isStream(): boolean {
    return this.kind.type === SOCK_STREAM
  }

  /**
   * Milliseconds for each call that says nothing else; undefined (as in the beginning) waits for ever. Connections that
   * it accepts begin with undefined. Setting throws `TypeError` or `RangeError`.
   */
  get timeout(): number | undefined {
    return this.#timeout
  }

  set timeout(timeout: number | undefined) {
    checkTimeout('timeout', timeout)
    this.#timeout = timeout
  }

  /** @internal The number, for a system call. Throws `ClosedError` naming the operation. */
  protected open(operation: string): number {
    if (this.number === -1) throw new ClosedError(operation)
    return this.number
  }

  /** Reads an option. Throws `SocketError`, `ClosedError`. See getsockopt(2). */
  get<Value, Settable>(option: Option<Value, Settable>): Value {
    return getOption(this.binding, this.open('getsockopt'), option)
  }

  /**
   * Sets an option. Throws `SocketError`, `ClosedError`, or a `TypeError` or `RangeError` for a value that the option
   * can't have. See setsockopt(2).
   */
  set<Value, Settable>(option: Option<Value, Settable>, value: NoInfer<Settable>): this {
    setOption(this.binding, this.open('setsockopt'), option, value)
    return this
  }

  /** The address it is bound to. Throws `SocketError`, `ClosedError`. See getsockname(2). */
  get localAddress(): AnyAddress {
    return readLocalAddress(this.binding, this.open('getsockname'))
  }

  /** The address of its peer; undefined while it has none. Throws `SocketError`, `ClosedError`. See getpeername(2). */
  get remoteAddress(): AnyAddress | undefined {
    return readRemoteAddress(this.binding, this.open('getpeername'))
  }

  /**
   * close(2). What was sent is still delivered, unless input is unread: then TCP resets the connection (`finish` does
   * not). Closing a closed socket does nothing.
   */
  close(): void {
    if (this.number === -1) return
    const { number } = this
    this.number = -1
    registry.unregister(this)
    this.binding.close(number)
  }

  /** Closes at once and, on TCP, resets the peer. */
  abort(): void {
    if (this.number === -1) return
    const isInet = this.family === AF_INET || this.family === AF_INET6
    if (this.isStream && isInet) this.binding.setsockopt(this.number, SOL_SOCKET, SO_LINGER, RESET_ON_CLOSE)
    this.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
