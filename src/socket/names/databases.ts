/**
 * The system's databases of services and protocols (/etc/services, /etc/protocols, or what nsswitch.conf(5) names), and
 * the host's own name. These are read at once: they are files of this machine.
 */
import { argumentTypeError, argumentRangeError, checkInteger } from '../../base/argument-error.ts'
import { addon } from '../../sys/addon.ts'
import type { DatabaseEntry } from '../../sys/binding.ts'
import { systemError } from '../../sys/system-error.ts'

/** A service, as servent(3) has it. */
export interface Service {
  readonly name: string
  readonly port: number
  /** `tcp`, `udp`, … */
  readonly protocol: string
  readonly aliases: readonly string[]
}

/** A protocol, as protoent(3) has it. */
export interface Protocol {
  readonly name: string
  /** What `new Socket` takes: 6 for `tcp`. */
  readonly number: number
  readonly aliases: readonly string[]
}

const LONGEST_NAME = 255

function checkName(what: string, name: unknown): string {
  if (typeof name !== 'string') throw argumentTypeError(what, 'a string', name)
  if (new TextEncoder().encode(name).byteLength > LONGEST_NAME) {
    throw argumentRangeError(what, `at most ${LONGEST_NAME} bytes long`, name)
  }
  return name
}

/** The service that has a name, of any protocol or of the one named; undefined if there is none. getservbyname(3). */
export function getservbyname(name: string, protocol?: string): Service | undefined {
  const of = protocol === undefined ? null : checkName('protocol', protocol)
  return serviceOf(addon().getservbyname(checkName('name', name), of), 'getservbyname')
}

/** The service at a port, of any protocol or of the one named; undefined if there is none. getservbyport(3). */
export function getservbyport(port: number, protocol?: string): Service | undefined {
  const of = protocol === undefined ? null : checkName('protocol', protocol)
  return serviceOf(addon().getservbyport(checkInteger('port', port, 0, 65535), of), 'getservbyport')
}

/** The protocol that has a name (`tcp`); undefined if there is none. getprotobyname(3). */
export function getprotobyname(name: string): Protocol | undefined {
  return protocolOf(addon().getprotobyname(checkName('name', name)), 'getprotobyname')
}

/** The protocol that has a number (6); undefined if there is none. getprotobynumber(3). */
export function getprotobynumber(number: number): Protocol | undefined {
  return protocolOf(addon().getprotobynumber(checkInteger('number', number, 0, 0x7fffffff)), 'getprotobynumber')
}

/** The host's name, as the kernel has it. Throws `SocketError`. gethostname(2). */
export function gethostname(): string {
  const name = addon().gethostname()
  if (typeof name === 'number') throw systemError(name, 'gethostname')
  return name
}

function serviceOf(entry: DatabaseEntry | number, call: string): Service | undefined {
  if (isAbsent(entry, call)) return undefined
  const [port, name = '', protocol = '', ...aliases] = entry
  return { name, port, protocol, aliases }
}

function protocolOf(entry: DatabaseEntry | number, call: string): Protocol | undefined {
  if (isAbsent(entry, call)) return undefined
  const [number, name = '', ...aliases] = entry
  return { name, number, aliases }
}

function isAbsent(entry: DatabaseEntry | number, call: string): entry is number {
  if (typeof entry !== 'number') return false
  if (entry < 0) throw systemError(entry, call)
  return true
}
