// Which core serves and which one loads: the first two that this process may run on.
import { readFileSync } from 'node:fs'

/** The numbers in a list such as "0-3,8" (cpuset(7)). */
export function parseCoreList(text: string): number[] {
  return text
    .trim()
    .split(',')
    .flatMap((range) => {
      const [first = 0, last = first] = range.split('-').map(Number)
      return Array.from({ length: last - first + 1 }, (_, index) => first + index)
    })
}

export interface Cores {
  readonly server: number
  readonly load: number
}

/** On a machine with one core both are the same, and the numbers mean little. */
export function chooseCores(): Cores {
  const allowed = /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync('/proc/self/status', 'utf8'))
  const [server = 0, load = server] = parseCoreList(allowed?.[1] ?? '0')
  return { server, load }
}
