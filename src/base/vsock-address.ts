/** The address of a socket between a virtual machine and its host (`sockaddr_vm`, vsock(7)). */
import { checkInteger } from './argument-error.ts'
import { printsAs } from './inspect.ts'

const MAX_UINT32 = 0xffff_ffff

/** A context, which is a machine, and a port in it. It never changes; {@link vsock} makes one. */
export class VsockAddress {
  readonly family = 'vsock'
  /** The machine: 2 is the host, 1 this machine's loopback, 4294967295 (`VMADDR_CID_ANY`) any. */
  readonly contextId: number
  /** 32 bits; 4294967295 (`VMADDR_PORT_ANY`) has the kernel choose one. */
  readonly port: number
  /** `svm_flags`: 1 (`VMADDR_FLAG_TO_HOST`) sends through the host to another machine. */
  readonly flags: number
  #packed: Uint8Array | undefined = undefined

  static {
    printsAs(this, (address) => `VsockAddress(${address.toString()})`)
  }

  /** Internal: takes what {@link vsock} has checked, or the kernel has given. */
  constructor(contextId: number, port: number, flags: number) {
    this.contextId = contextId
    this.port = port
    this.flags = flags
  }

  /** Internal: the `sockaddr` of this address, kept by the first call that needs it. Lent; never written to. */
  get packed(): Uint8Array | undefined {
    return this.#packed
  }

  set packed(bytes: Uint8Array | undefined) {
    this.#packed = bytes
  }

  /** Whether the other value is the same in every part. */
  equals(other: unknown): boolean {
    return (
      other instanceof VsockAddress &&
      other.contextId === this.contextId &&
      other.port === this.port &&
      other.flags === this.flags
    )
  }

  /** `vsock:2:1024` */
  toString(): string {
    return `vsock:${this.contextId}:${this.port}`
  }

  toJSON(): { family: 'vsock'; contextId: number; port: number; flags: number } {
    return { family: this.family, contextId: this.contextId, port: this.port, flags: this.flags }
  }
}

/**
 * An address of a socket between machines. -1 stands for any context, or any port, as in C.
 * @throws TypeError or RangeError for a number that does not fit
 */
export function vsock(contextId: number, port: number, flags: number = 0): VsockAddress {
  return new VsockAddress(
    checkInteger('contextId', contextId, -1, MAX_UINT32) >>> 0,
    checkInteger('port', port, -1, MAX_UINT32) >>> 0,
    checkInteger('flags', flags, 0, 0xff),
  )
}
