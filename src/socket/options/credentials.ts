/** Who is at the other end of a Unix socket: `struct ucred`, groups, and its security label (unix(7)). */
import { ucred } from '../../sys/layout.ts'
import type { Codec } from './option.ts'
import { LITTLE_ENDIAN, neverWritten, uint32s, viewOf } from './structure.ts'

/** A process, and the user and group that it ran as when it connected or listened. */
export interface Credentials {
  /** 0 if it is in another namespace of processes, or there is none. */
  readonly pid: number
  /** 4294967295 if there is none; likewise `gid`. */
  readonly uid: number
  readonly gid: number
}

export const credentials: Codec<Credentials, never> = {
  byteLength: ucred.size,
  read: (bytes) => {
    const view = viewOf(bytes, ucred.size)
    return {
      pid: view.getInt32(ucred.pid, LITTLE_ENDIAN),
      uid: view.getUint32(ucred.uid, LITTLE_ENDIAN),
      gid: view.getUint32(ucred.gid, LITTLE_ENDIAN),
    }
  },
  write: neverWritten,
}

/** As many as NGROUPS_MAX. */
const MOST_GROUPS = 65_536

export const groups: Codec<readonly number[], never> = {
  byteLength: 32 * 4,
  mostBytes: MOST_GROUPS * 4,
  read: uint32s,
  write: neverWritten,
}
