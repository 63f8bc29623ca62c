/**
 * Options, flags and queues of a socket that this library does not own: one of Node's modules, or one that is known by
 * its number alone.
 */
import { addon } from '../sys/addon.ts'
import * as state from './descriptor-state.ts'
import { descriptorBehind, type DescriptorHolder } from './foreign-descriptor.ts'
import { getOption, setOption, type Option } from './options/option.ts'

/**
 * The options of a socket that someone else owns. The descriptor is looked up at each call, so what is closed
 * meanwhile is told and not mistaken for another; for a number alone that is up to the caller. Each call throws
 * `SocketError` for what the kernel refuses, and a `TypeError` where there is no descriptor.
 */
export class SocketOptions {
  readonly #holder: DescriptorHolder

  /** @internal See {@link optionsOf}. */
  constructor(holder: DescriptorHolder) {
    this.#holder = holder
  }

  /** The descriptor's number, as it is now. */
  get fd(): number {
    return descriptorBehind(this.#holder)
  }

  /** Reads an option. See getsockopt(2). */
  get<Value, Settable>(option: Option<Value, Settable>): Value {
    return getOption(addon(), this.fd, option)
  }

  /** Sets an option. Throws a `TypeError` or `RangeError` for a value that the option can't have. See setsockopt(2). */
  set<Value, Settable>(option: Option<Value, Settable>, value: NoInfer<Settable>): this {
    setOption(addon(), this.fd, option, value)
    return this
  }

  /** Reads an option by its numbers, in bytes; `room` is how many there may be, or what the kernel reads first. */
  getsockopt(level: number, number: number, room: number | Uint8Array): Uint8Array {
    return state.getRawOption(addon(), this.fd, level, number, room)
  }

  /** Sets an option by its numbers, to bytes or to an int. See setsockopt(2). */
  setsockopt(level: number, number: number, value: number | Uint8Array): this {
    state.setRawOption(addon(), this.fd, level, number, value)
    return this
  }

  /** Performs a request on a structure; returns the structure as the kernel left it. See ioctl(2). */
  ioctl(request: number, structure: Uint8Array): Uint8Array {
    return state.control(addon(), this.fd, request, structure)
  }

  /** How many bytes the kernel has received that were not taken (FIONREAD); of datagrams, the length of the first. */
  bytesReadable(): number {
    return state.bytesReadable(addon(), this.fd)
  }

  /** How many bytes are in the kernel's send queue (SIOCOUTQ); on TCP, those that the peer has not acknowledged. */
  bytesUnsent(): number {
    return state.bytesUnsent(addon(), this.fd)
  }

  /** How many bytes of TCP's send queue were not sent even once (SIOCOUTQNSD). */
  bytesNotSent(): number {
    return state.bytesNotSent(addon(), this.fd)
  }

  /** Whether the next byte to be received is TCP's urgent one (SIOCATMARK). See sockatmark(3). */
  isAtMark(): boolean {
    return state.isAtMark(addon(), this.fd)
  }

  /** Whether calls on it return instead of waiting (O_NONBLOCK). See fcntl(2). */
  isNonBlocking(): boolean {
    return state.isNonBlocking(addon(), this.fd)
  }

  /** Changes O_NONBLOCK, for every descriptor of the same socket. Node's own sockets must have it. See fcntl(2). */
  setNonBlocking(isOn: boolean): this {
    state.setNonBlocking(addon(), this.fd, isOn)
    return this
  }

  /** Whether programs that this one becomes do not have the descriptor (FD_CLOEXEC). See fcntl(2). */
  isCloseOnExec(): boolean {
    return state.isCloseOnExec(addon(), this.fd)
  }

  /** Changes FD_CLOEXEC. See fcntl(2). */
  setCloseOnExec(isOn: boolean): this {
    state.setCloseOnExec(addon(), this.fd, isOn)
    return this
  }

  /** Whom SIGURG and SIGIO go to: a process, a process group negated, or 0 for nobody (F_GETOWN). See fcntl(2). */
  owner(): number {
    return state.owner(addon(), this.fd)
  }

  /** Says whom SIGURG and SIGIO go to (F_SETOWN). See fcntl(2). */
  setOwner(process: number): this {
    state.setOwner(addon(), this.fd, process)
    return this
  }
}

/**
 * The options of a socket that someone else owns: a `node:net` Socket or Server, a `node:dgram` Socket, a request,
 * response or server of `node:http`, or the number of a descriptor. Throws a `TypeError` for what has no descriptor now:
 * a socket that is not open yet, or is closed.
 */
export function optionsOf(target: DescriptorHolder): SocketOptions {
  descriptorBehind(target)
  return new SocketOptions(target)
}
