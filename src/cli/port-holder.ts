/** Which process has a port, as far as /proc lets this user see (proc(5), /proc/net/tcp). */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

const LISTENING = '0A'

/** `node (process 123)`, or `a process of another user`, for a TCP or UDP port; undefined when nothing has it. */
export function portHolder(protocol: 'tcp' | 'udp', port: number): string | undefined {
  const inodes = new Set([...inodesOf(protocol, port), ...inodesOf(`${protocol}6`, port)])
  if (inodes.size === 0) return undefined
  for (const process of list('/proc')) {
    if (/^[0-9]+$/.test(process) && holdsOne(process, inodes)) return `${nameOf(process)} (process ${process})`
  }
  return 'a process of another user'
}

function inodesOf(table: string, port: number): string[] {
  const inodes: string[] = []
  for (const line of read(`/proc/net/${table}`).split('\n').slice(1)) {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/)
    const isBound = table.startsWith('udp') || state === LISTENING
    if (isBound && inode !== undefined && Number.parseInt(local.slice(local.indexOf(':') + 1), 16) === port) {
      inodes.push(inode)
    }
  }
  return inodes
}

function holdsOne(process: string, inodes: ReadonlySet<string>): boolean {
  const folder = `/proc/${process}/fd`
  return list(folder).some((descriptor) => {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${descriptor}`))?.[1]
      return inode !== undefined && inodes.has(inode)
    } catch {
      return false // closed meanwhile
    }
  })
}

function nameOf(process: string): string {
  return read(`/proc/${process}/comm`).trim() || 'a program'
}

/** Empty where this user may not look, or what was there is gone. */
function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
