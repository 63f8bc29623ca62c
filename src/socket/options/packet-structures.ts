/** Structures of packet sockets (packet(7), linux/if_packet.h). */
import { argumentRangeError, argumentTypeError, checkInteger } from '../../base/argument-error.ts'
import { packet_mreq, tpacket_rollover_stats, tpacket_stats } from '../../sys/layout.ts'
import { checkObject, toInterfaceNumber } from './interface.ts'
import type { Codec } from './option.ts'
import { blank, LITTLE_ENDIAN, neverWritten, uint64, viewOf } from './structure.ts'

/** What an interface is to receive besides what is sent to it: `PACKET_MR_…`. */
export interface PacketMembership {
  readonly interface: number | string
  readonly type: number
  /** The link-layer address, for PACKET_MR_MULTICAST and PACKET_MR_UNICAST. */
  readonly address?: Uint8Array
}

const MOST_ADDRESS_BYTES = packet_mreq.size - packet_mreq.mr_address

/** `struct packet_mreq` */
export const packetMembership: Codec<never, PacketMembership> = {
  byteLength: 0,
  read: () => undefined as never,
  write: (value, name) => {
    checkObject(value, "an object as { interface: 'eth0', type: PACKET_MR_PROMISC }", name)
    const { address = new Uint8Array(0) } = value
    if (!(address instanceof Uint8Array)) throw argumentTypeError(`${name}.address`, 'a Uint8Array', address)
    if (address.length > MOST_ADDRESS_BYTES) {
      throw argumentRangeError(`${name}.address`, `at most ${MOST_ADDRESS_BYTES} bytes long`, address)
    }
    const { bytes, view } = blank(packet_mreq.size)
    view.setInt32(packet_mreq.mr_ifindex, toInterfaceNumber(value.interface, `${name}.interface`), LITTLE_ENDIAN)
    view.setUint16(packet_mreq.mr_type, checkInteger(`${name}.type`, value.type, 0, 0xffff), LITTLE_ENDIAN)
    view.setUint16(packet_mreq.mr_alen, address.length, LITTLE_ENDIAN)
    bytes.set(address, packet_mreq.mr_address)
    return bytes
  },
}

/** How many packets came, those that were dropped among them, and how many of them were dropped. */
export interface PacketStatistics {
  readonly packets: number
  readonly drops: number
}

/** `struct tpacket_stats`; a socket with a ring of the third version answers with one number more. */
export const packetStatistics: Codec<PacketStatistics, never> = {
  byteLength: tpacket_stats.size + 4,
  read: (bytes) => {
    const view = viewOf(bytes, tpacket_stats.size)
    return {
      packets: view.getUint32(tpacket_stats.tp_packets, LITTLE_ENDIAN),
      drops: view.getUint32(tpacket_stats.tp_drops, LITTLE_ENDIAN),
    }
  },
  write: neverWritten,
}

/** Packets that were passed to another socket of the fanout group: all, those of large flows, those that none had room for. */
export interface RolloverStatistics {
  readonly all: number
  readonly huge: number
  readonly failed: number
}

/** `struct tpacket_rollover_stats` */
export const rolloverStatistics: Codec<RolloverStatistics, never> = {
  byteLength: tpacket_rollover_stats.size,
  read: (bytes) => {
    const view = viewOf(bytes, tpacket_rollover_stats.size)
    return {
      all: uint64(view, tpacket_rollover_stats.tp_all),
      huge: uint64(view, tpacket_rollover_stats.tp_huge),
      failed: uint64(view, tpacket_rollover_stats.tp_failed),
    }
  },
  write: neverWritten,
}

/** A group of sockets that share what comes in: its number, and how they do, `PACKET_FANOUT_…` with flags. */
export interface PacketFanout {
  readonly group: number
  readonly mode: number
}

export const packetFanout: Codec<PacketFanout> = {
  byteLength: 4,
  read: (bytes) => {
    const word = viewOf(bytes, 4).getUint32(0, LITTLE_ENDIAN)
    return { group: word & 0xffff, mode: word >>> 16 }
  },
  write: (value, name) => {
    checkObject(value, 'an object as { group: 1, mode: PACKET_FANOUT_HASH }', name)
    const group = checkInteger(`${name}.group`, value.group, 0, 0xffff)
    const mode = checkInteger(`${name}.mode`, value.mode, 0, 0xffff)
    const { bytes, view } = blank(4)
    view.setUint32(0, mode * 0x10000 + group, LITTLE_ENDIAN)
    return bytes
  },
}
