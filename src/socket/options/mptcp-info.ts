/**
 * What the kernel knows of a connection by several paths (Documentation/networking/mptcp.rst, linux/mptcp.h), and of
 * each of its subflows. The structures grow at their ends, as TCP_INFO does.
 */
import type { AnyAddress } from '../../base/address.ts'
import { mptcp_subflow_addrs, mptcp_subflow_data, sockaddr_storage } from '../../sys/layout.ts'
import { unpackAddress } from '../../sys/sockaddr.ts'
import type { Codec } from './option.ts'
import { blank, LITTLE_ENDIAN, neverWritten, readFields, viewOf, type Field } from './structure.ts'
import { readTcpInfo, type TcpInfo } from './tcp-info.ts'

/** The state of an MPTCP connection. A field that the kernel is too old for is absent. */
export interface MptcpInfo {
  /** Subflows besides the first, and addresses that were announced and accepted; and the most of each. */
  readonly subflows: number
  readonly addressesSignalled: number
  readonly addressesAccepted: number
  readonly mostSubflows: number
  readonly mostAddressesSignalled: number
  readonly mostAddressesAccepted: number
  /** A mask: 1, it fell back to plain TCP; 2, the peer's key was received. */
  readonly flags: number
  readonly token: number
  /** Sequence numbers: of the next byte to write, the first not acknowledged, the next to be received. */
  readonly writeSequence: number
  readonly unacknowledgedSequence: number
  readonly receiveSequence: number
  readonly localAddressesUsed?: number
  readonly mostLocalAddresses?: number
  /** 1 if checksums are on. */
  readonly checksumEnabled?: number
  /** Since 6.5. */
  readonly retransmits?: number
  readonly bytesRetransmitted?: number
  readonly bytesSent?: number
  readonly bytesReceived?: number
  readonly bytesAcked?: number
  /** Since 6.7: all subflows, the first among them. */
  readonly totalSubflows?: number
  /** Since 6.10. */
  readonly lastDataSentMs?: number
  readonly lastDataReceivedMs?: number
  readonly lastAckReceivedMs?: number
}

const FIELDS: readonly Field[] = [
  ['subflows', 1],
  ['addressesSignalled', 1],
  ['addressesAccepted', 1],
  ['mostSubflows', 1],
  ['mostAddressesSignalled', 1],
  ['mostAddressesAccepted', 1],
  ['flags', 4],
  ['token', 4],
  ['writeSequence', 8],
  ['unacknowledgedSequence', 8],
  ['receiveSequence', 8],
  ['localAddressesUsed', 1],
  ['mostLocalAddresses', 1],
  ['checksumEnabled', 1],
  ['retransmits', 4],
  ['bytesRetransmitted', 8],
  ['bytesSent', 8],
  ['bytesReceived', 8],
  ['bytesAcked', 8],
  ['totalSubflows', 1],
  [undefined, 1],
  [undefined, 1],
  [undefined, 1],
  ['lastDataSentMs', 4],
  ['lastDataReceivedMs', 4],
  ['lastAckReceivedMs', 4],
]
/** As far as the first version had it (5.16). */
const LEAST_BYTES = 40

export const mptcpInfo: Codec<MptcpInfo, never> = {
  byteLength: 256,
  read: (bytes) => {
    const whole = new Uint8Array(Math.max(bytes.length, LEAST_BYTES))
    whole.set(bytes)
    return readFields(FIELDS, whole) as unknown as MptcpInfo
  },
  write: neverWritten,
}

/** The addresses of a subflow, by which path it goes. */
export interface MptcpSubflow {
  readonly local: AnyAddress
  readonly remote: AnyAddress
}

/** More subflows than one connection has. */
const MOST_SUBFLOWS = 32
const HEADER_BYTES = mptcp_subflow_data.size
const TCP_INFO_BYTES = 512

/** A list with a `struct mptcp_subflow_data` before it, which says how long each element is. */
function subflows<Value>(elementBytes: number, readOne: (bytes: Uint8Array) => Value): Codec<readonly Value[], never> {
  const byteLength = HEADER_BYTES + MOST_SUBFLOWS * elementBytes
  return {
    byteLength,
    request: () => {
      const { bytes, view } = blank(byteLength)
      view.setUint32(mptcp_subflow_data.size_subflow_data, HEADER_BYTES, LITTLE_ENDIAN)
      view.setUint32(mptcp_subflow_data.size_user, elementBytes, LITTLE_ENDIAN)
      return bytes
    },
    read: (bytes) => {
      const header = viewOf(bytes, HEADER_BYTES)
      const known = header.getUint32(mptcp_subflow_data.size_kernel, LITTLE_ENDIAN)
      const stride = header.getUint32(mptcp_subflow_data.size_user, LITTLE_ENDIAN)
      const values: Value[] = []
      if (stride === 0) return values
      for (let at = HEADER_BYTES; at + stride <= bytes.length; at += stride) {
        values.push(readOne(bytes.subarray(at, at + Math.min(stride, known))))
      }
      return values
    },
    write: neverWritten,
  }
}

export const subflowInfo: Codec<readonly TcpInfo[], never> = subflows(TCP_INFO_BYTES, readTcpInfo)

export const subflowAddresses: Codec<readonly MptcpSubflow[], never> = subflows(mptcp_subflow_addrs.size, (bytes) => {
  const whole = new Uint8Array(mptcp_subflow_addrs.size)
  whole.set(bytes)
  const addressAt = (offset: number): AnyAddress => unpackAddress(whole, offset, sockaddr_storage.size)
  return { local: addressAt(mptcp_subflow_addrs.sa_local), remote: addressAt(mptcp_subflow_addrs.sa_remote) }
})
