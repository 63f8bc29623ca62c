/** The methods of every open socket that ask and tell its descriptor: options, flags, queues. */
import { ClosedError } from '../base/errors.ts'
import { Descriptor } from '../reactor/descriptor.ts'
import * as state from './descriptor-state.ts'
import { getOption, setOption, type Option } from './options/option.ts'

export abstract class OptionedDescriptor extends Descriptor {
  /** @internal The number, for a system call. Throws `ClosedError` naming the operation. */
  protected open(operation: string): number {
    if (this.number === -1) throw new ClosedError(operation)
    return this.number
  }

  /** Reads an option. Throws `SocketError`, `ClosedError`. See getsockopt(2). */
  get<Value, Settable>(option: Option<Value, Settable>): Value {
    return getOption(this.reactor.binding, this.open('getsockopt'), option)
  }

  /**
   * Sets an option. Throws `SocketError`, `ClosedError`, or a `TypeError` or `RangeError` for a value that the option
   * can't have. See setsockopt(2).
   */
  set<Value, Settable>(option: Option<Value, Settable>, value: NoInfer<Settable>): this {
    setOption(this.reactor.binding, this.open('setsockopt'), option, value)
    return this
  }

  /**
   * Reads an option by its numbers, in bytes: as many as the kernel answers with. Throws `SocketError`, `ClosedError`.
   * See getsockopt(2).
   * @param room how many bytes it may have; or bytes that the kernel reads first, where the option has it so
   */
  getsockopt(level: number, number: number, room: number | Uint8Array): Uint8Array {
    return state.getRawOption(this.reactor.binding, this.open('getsockopt'), level, number, room)
  }

  /** Sets an option by its numbers, to bytes or to an int. Throws `SocketError`, `ClosedError`. See setsockopt(2). */
  setsockopt(level: number, number: number, value: number | Uint8Array): this {
    state.setRawOption(this.reactor.binding, this.open('setsockopt'), level, number, value)
    return this
  }

  /**
   * Performs a request on a structure of at most 16384 bytes, and returns the structure as the kernel left it. Throws
   * `SocketError`, `ClosedError`. See ioctl(2), socket(7), netdevice(7).
   */
  ioctl(request: number, structure: Uint8Array): Uint8Array {
    return state.control(this.reactor.binding, this.open('ioctl'), request, structure)
  }

  /**
   * How many bytes the kernel has received and `recv` has not taken (FIONREAD); of datagrams, the length of the first.
   * Throws `SocketError`, `ClosedError`. See tcp(7), udp(7), unix(7).
   */
  bytesReadable(): number {
    return state.bytesReadable(this.reactor.binding, this.open('ioctl'))
  }

  /**
   * How many bytes are in the kernel's send queue (SIOCOUTQ): on TCP those that the peer has not acknowledged, on a Unix
   * socket those that it has not read. What `queuedBytes` counts is not with the kernel yet. Throws `SocketError`,
   * `ClosedError`. See tcp(7).
   */
  bytesUnsent(): number {
    return state.bytesUnsent(this.reactor.binding, this.open('ioctl'))
  }

  /**
   * How many bytes of TCP's send queue were not sent even once (SIOCOUTQNSD). Throws `SocketError`, `ClosedError`. See
   * tcp(7).
   */
  bytesNotSent(): number {
    return state.bytesNotSent(this.reactor.binding, this.open('ioctl'))
  }

  /**
   * Whether the next byte to be received is TCP's urgent one (SIOCATMARK). Throws `SocketError`, `ClosedError`. See
   * sockatmark(3).
   */
  isAtMark(): boolean {
    return state.isAtMark(this.reactor.binding, this.open('ioctl'))
  }

  /** Whether its calls return instead of waiting (O_NONBLOCK). Throws `ClosedError`. See fcntl(2). */
  isNonBlocking(): boolean {
    return state.isNonBlocking(this.reactor.binding, this.open('fcntl'))
  }

  /** Whether programs that this one becomes do not have the descriptor (FD_CLOEXEC). Throws `ClosedError`. See fcntl(2). */
  isCloseOnExec(): boolean {
    return state.isCloseOnExec(this.reactor.binding, this.open('fcntl'))
  }

  /** Changes FD_CLOEXEC. Throws `ClosedError`. See fcntl(2). */
  setCloseOnExec(isOn: boolean): this {
    state.setCloseOnExec(this.reactor.binding, this.open('fcntl'), isOn)
    return this
  }

  /**
   * Whom SIGURG goes to when urgent data comes, and SIGIO: a process, a process group as its number negated, or 0 for
   * nobody (F_GETOWN). Throws `ClosedError`. See fcntl(2).
   */
  owner(): number {
    return state.owner(this.reactor.binding, this.open('fcntl'))
  }

  /** Says whom SIGURG and SIGIO go to (F_SETOWN). Throws `SocketError`, `ClosedError`. See fcntl(2). */
  setOwner(process: number): this {
    state.setOwner(this.reactor.binding, this.open('fcntl'), process)
    return this
  }
}
