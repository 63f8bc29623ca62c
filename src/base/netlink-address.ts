/** The address of a netlink socket (`sockaddr_nl`, netlink(7)). */
import { checkInteger } from './argument-error.ts'
import { printsAs } from './inspect.ts'

const MAX_UINT32 = 0xffff_ffff

/** A port id and a mask of groups. It never changes; {@link netlink} makes one. */
export class NetlinkAddress {
  readonly family = 'netlink'
  /** Who: 0 is the kernel; for `bind` 0 has the kernel choose one. Often, and not always, a process's number. */
  readonly portId: number
  /** The multicast groups 1 to 32, one bit each; those above are joined by NETLINK_ADD_MEMBERSHIP. */
  readonly groups: number
  #packed: Uint8Array | undefined = undefined

  static {
    printsAs(this, (address) => `NetlinkAddress(${address.toString()})`)
  }

  /** Internal: takes what {@link netlink} has checked, or the kernel has given. */
  constructor(portId: number, groups: number) {
    this.portId = portId
    this.groups = groups
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
    return other instanceof NetlinkAddress && other.portId === this.portId && other.groups === this.groups
  }

  /** `netlink:1234`, `netlink:0 groups 0x11` */
  toString(): string {
    return `netlink:${this.portId}${this.groups === 0 ? '' : ` groups 0x${this.groups.toString(16)}`}`
  }

  toJSON(): { family: 'netlink'; portId: number; groups: number } {
    return { family: this.family, portId: this.portId, groups: this.groups }
  }
}

/**
 * An address of a netlink socket: `netlink()` is the kernel's, and to `bind` a free one.
 * @throws TypeError or RangeError for a number that does not fit
 */
export function netlink(portId: number = 0, groups: number = 0): NetlinkAddress {
  return new NetlinkAddress(
    checkInteger('portId', portId, 0, MAX_UINT32),
    checkInteger('groups', groups, 0, MAX_UINT32),
  )
}
