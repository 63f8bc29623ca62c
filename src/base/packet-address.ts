/** The address of a packet socket, which is one of the link layer (`sockaddr_ll`, packet(7)). */
import { argumentTypeError, argumentValueError, checkInteger } from './argument-error.ts'
import { printsAs } from './inspect.ts'

/** The parts of a link-layer address; for `bind` only `protocol` and `interface` count. */
export interface PacketParts {
  /** The Ethernet protocol number: 0x0800 is IPv4, 3 (`ETH_P_ALL`) every one. 0 by default. */
  readonly protocol?: number
  /** The interface, by name or number; 0 (the default) is any. */
  readonly interface?: number | string
  /** The device's hardware address, `02:00:5e:10:00:01`: where to send. Empty by default. */
  readonly hardwareAddress?: string
  /** `ARPHRD_…`, as the kernel tells it: 1 is Ethernet, 772 the loopback. 0 by default. */
  readonly hardwareType?: number
  /** `PACKET_…`, as the kernel tells it: 0 to this host, 1 broadcast, 2 multicast, 3 to another host, 4 sent by us. */
  readonly packetType?: number
}

/** What is left of a `sockaddr_storage` for it; the longest that devices have (InfiniBand's) is 20 bytes. */
const LONGEST_HARDWARE_ADDRESS = 116

/** A link-layer address. It never changes; {@link packet} makes one. */
export class PacketAddress {
  readonly family = 'packet'
  /** The Ethernet protocol number. */
  readonly protocol: number
  /** The interface's name or number; 0 when it is any. */
  readonly interface: number | string
  /** In hexadecimal with colons; empty when there is none. */
  readonly hardwareAddress: string
  readonly hardwareType: number
  readonly packetType: number
  #packed: Uint8Array | undefined = undefined

  static {
    printsAs(this, (address) => `PacketAddress(${address.toString()})`)
  }

  /** Internal: takes what {@link packet} has checked, or the kernel has given. */
  constructor(parts: Required<PacketParts>) {
    this.protocol = parts.protocol
    this.interface = parts.interface
    this.hardwareAddress = parts.hardwareAddress
    this.hardwareType = parts.hardwareType
    this.packetType = parts.packetType
  }

  /** Internal: the `sockaddr` of this address, kept by the first call that needs it. Lent; never written to. */
  get packed(): Uint8Array | undefined {
    return this.#packed
  }

  set packed(bytes: Uint8Array | undefined) {
    this.#packed = bytes
  }

  /** Whether the other value is the same in every part. An interface's name and its number count as different. */
  equals(other: unknown): boolean {
    return (
      other instanceof PacketAddress &&
      other.protocol === this.protocol &&
      other.interface === this.interface &&
      other.hardwareAddress === this.hardwareAddress &&
      other.hardwareType === this.hardwareType &&
      other.packetType === this.packetType
    )
  }

  /** `packet:eth0 0x0800 02:00:5e:10:00:01` */
  toString(): string {
    const protocol = `0x${this.protocol.toString(16).padStart(4, '0')}`
    return `packet:${this.interface} ${protocol}${this.hardwareAddress === '' ? '' : ` ${this.hardwareAddress}`}`
  }

  toJSON(): Required<PacketParts> & { family: 'packet' } {
    const { family, protocol, hardwareAddress, hardwareType, packetType } = this
    return { family, protocol, interface: this.interface, hardwareAddress, hardwareType, packetType }
  }
}

/**
 * A link-layer address, to bind a packet socket to an interface and a protocol, or to send to a device.
 * @throws TypeError when the hardware address or the interface is none, RangeError for a number that does not fit
 */
export function packet(parts: PacketParts = {}): PacketAddress {
  if (typeof parts !== 'object' || parts === null) throw argumentTypeError('parts', 'an object', parts)
  const { protocol = 0, hardwareAddress = '', hardwareType = 0, packetType = 0 } = parts
  return new PacketAddress({
    protocol: checkInteger('parts.protocol', protocol, 0, 0xffff),
    interface: checkInterface(parts.interface ?? 0),
    hardwareAddress: formatHardwareAddress(parseHardwareAddress(hardwareAddress)),
    hardwareType: checkInteger('parts.hardwareType', hardwareType, 0, 0xffff),
    packetType: checkInteger('parts.packetType', packetType, 0, 0xff),
  })
}

function checkInterface(value: unknown): number | string {
  if (typeof value === 'number') return checkInteger('parts.interface', value, 0, 0x7fff_ffff)
  if (typeof value !== 'string') throw argumentTypeError('parts.interface', "an interface's name or number", value)
  if (value === '' || value.includes('\0')) throw argumentValueError('parts.interface', 'it is no name', value)
  return value
}

/** The bytes of a hardware address: numbers of two hexadecimal digits, with colons or hyphens between. */
export function parseHardwareAddress(text: string): Uint8Array {
  if (typeof text !== 'string') throw argumentTypeError('hardwareAddress', 'a string', text)
  if (text === '') return new Uint8Array(0)
  if (!/^[0-9a-f]{2}(?:[:-][0-9a-f]{2})*$/i.test(text)) {
    throw argumentValueError('hardwareAddress', 'write bytes of two hexadecimal digits, with colons between', text)
  }
  const bytes = Uint8Array.from(text.split(/[:-]/), (byte) => Number.parseInt(byte, 16))
  if (bytes.length <= LONGEST_HARDWARE_ADDRESS) return bytes
  throw argumentValueError('hardwareAddress', `it is longer than ${LONGEST_HARDWARE_ADDRESS} bytes`, text)
}

/** The text of a hardware address: `02:00:5e:10:00:01`. */
export function formatHardwareAddress(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':')
}
