// What this process holds open, as the kernel says: /proc/self/fd, with /proc/net for the names (proc(5)).
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Each open descriptor with what it leads to: `socket:[12345]`, `anon_inode:[eventpoll]`, a path. */
export function openDescriptors(): Map<number, string> {
  const open = new Map<number, string>()
  for (const name of readdirSync('/proc/self/fd')) {
    try {
      open.set(Number(name), readlinkSync(`/proc/self/fd/${name}`))
    } catch {
      // The descriptor that read the folder: it is closed by now.
    }
  }
  return open
}

/** The sockets among the open descriptors, as `socket:[inode]`; an inode number is one socket's and not used again soon. */
export function openSockets(): Map<number, string> {
  return new Map([...openDescriptors()].filter(([, target]) => target.startsWith('socket:')))
}

const PROTOCOLS = ['tcp', 'tcp6', 'udp', 'udp6', 'unix', 'raw', 'raw6', 'packet', 'netlink']

/** The kernel's line about a socket (addresses in hexadecimal, state), with the table that it is in. */
export function describeSocket(target: string): string {
  const inode = target.slice('socket:['.length, -1)
  for (const protocol of PROTOCOLS) {
    try {
      const lines = readFileSync(`/proc/self/net/${protocol}`, 'utf8').split('\n')
      const line = lines.find((text) => text.trim().split(/\s+/).includes(inode))
      if (line !== undefined) return `${protocol} ${line.trim().replace(/\s+/g, ' ')}`
    } catch {
      // This kernel has no such table.
    }
  }
  return 'bound to nothing'
}
