/** Structures of TCP's options, but for TCP_INFO: keys, congestion control, what a connection is repaired with. */
import type { Address } from '../../base/address.ts'
import { argumentRangeError, argumentTypeError, argumentValueError, checkInteger } from '../../base/argument-error.ts'
import { tcp_md5sig, tcp_repair_opt, tcp_repair_window } from '../../sys/layout.ts'
import { packAddress } from '../../sys/sockaddr.ts'
import { bytesWithin } from './codec.ts'
import { checkObject } from './interface.ts'
import type { Codec } from './option.ts'
import { blank, LITTLE_ENDIAN, uint32s, viewOf } from './structure.ts'

/** The key of TCP's MD5 signatures (RFC 2385) for a peer; an empty one removes it. */
export interface Md5Signature {
  /** The peer's address; its port does not matter. */
  readonly address: Address
  /** At most 80 bytes. */
  readonly key: Uint8Array
}

const MOST_KEY_BYTES = tcp_md5sig.size - tcp_md5sig.tcpm_key

export const md5Signature: Codec<never, Md5Signature> = {
  byteLength: 0,
  read: () => undefined as never,
  write: (value, name) => {
    checkObject(value, 'an object as { address: inet(…), key: bytes }', name)
    const { address, key } = value
    if (!(key instanceof Uint8Array)) throw argumentTypeError(`${name}.key`, 'a Uint8Array', key)
    if (key.length > MOST_KEY_BYTES)
      throw argumentRangeError(`${name}.key`, `at most ${MOST_KEY_BYTES} bytes long`, key)
    const packed = packAddress(address)
    if (address.family === 'unix')
      throw argumentValueError(`${name}.address`, 'it must be made by inet() or inet6()', address)
    const { bytes, view } = blank(tcp_md5sig.size)
    bytes.set(packed, tcp_md5sig.tcpm_addr)
    view.setUint16(tcp_md5sig.tcpm_keylen, key.length, LITTLE_ENDIAN)
    bytes.set(key, tcp_md5sig.tcpm_key)
    return bytes
  },
}

/** The keys of TCP Fast Open's cookies: one of 16 bytes, or the one in use and a second that is still taken. */
export const fastOpenKey: Codec<Uint8Array> = {
  ...bytesWithin(32),
  write: (value, name) => {
    if (!(value instanceof Uint8Array)) throw argumentTypeError(name, 'a Uint8Array', value)
    if (value.length !== 16 && value.length !== 32) throw argumentRangeError(name, '16 or 32 bytes long', value)
    return value
  },
}

/** What a congestion control tells of itself, as numbers of 32 bits: `union tcp_cc_info` of linux/inet_diag.h. */
export const congestionInfo: Codec<readonly number[], never> = {
  byteLength: 64,
  read: uint32s,
  write: () => new Uint8Array(0),
}

/** The windows of a connection under repair: `struct tcp_repair_window`. */
export interface RepairWindow {
  readonly sendWl1: number
  readonly sendWindow: number
  readonly maxWindow: number
  readonly receiveWindow: number
  readonly receiveWup: number
}

const WINDOW_FIELDS = [
  ['sendWl1', tcp_repair_window.snd_wl1],
  ['sendWindow', tcp_repair_window.snd_wnd],
  ['maxWindow', tcp_repair_window.max_window],
  ['receiveWindow', tcp_repair_window.rcv_wnd],
  ['receiveWup', tcp_repair_window.rcv_wup],
] as const

export const repairWindow: Codec<RepairWindow> = {
  byteLength: tcp_repair_window.size,
  read: (bytes) => {
    const view = viewOf(bytes, tcp_repair_window.size)
    return Object.fromEntries(
      WINDOW_FIELDS.map(([field, at]) => [field, view.getUint32(at, LITTLE_ENDIAN)]),
    ) as unknown as RepairWindow
  },
  write: (value, name) => {
    checkObject(value, 'an object as TCP_REPAIR_WINDOW gives it', name)
    const { bytes, view } = blank(tcp_repair_window.size)
    for (const [field, at] of WINDOW_FIELDS) {
      view.setUint32(at, checkInteger(`${name}.${field}`, value[field], 0, 0xffff_ffff), LITTLE_ENDIAN)
    }
    return bytes
  },
}

/** An option of TCP as it was negotiated: its code (RFC 9293: 2 segment size, 3 window scale, …) and value. */
export interface RepairOption {
  readonly code: number
  readonly value: number
}

/** More than TCP has room for. */
const MOST_REPAIR_OPTIONS = 40

export const repairOptions: Codec<never, readonly RepairOption[]> = {
  byteLength: 0,
  read: () => undefined as never,
  write: (value, name) => {
    if (!Array.isArray(value)) throw argumentTypeError(name, 'an array of { code, value }', value)
    if (value.length > MOST_REPAIR_OPTIONS)
      throw argumentRangeError(`${name}.length`, `<= ${MOST_REPAIR_OPTIONS}`, value.length)
    const { bytes, view } = blank(value.length * tcp_repair_opt.size)
    for (const [index, option] of (value as readonly RepairOption[]).entries()) {
      const part = `${name}[${index}]`
      checkObject(option, 'an object { code, value }', part)
      const at = index * tcp_repair_opt.size
      const code = checkInteger(`${part}.code`, option.code, 0, 0xff)
      view.setUint32(at + tcp_repair_opt.opt_code, code, LITTLE_ENDIAN)
      const setting = checkInteger(`${part}.value`, option.value, 0, 0xffff_ffff)
      view.setUint32(at + tcp_repair_opt.opt_val, setting, LITTLE_ENDIAN)
    }
    return bytes
  },
}
