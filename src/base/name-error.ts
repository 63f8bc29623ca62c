/** The resolver's errors: what getaddrinfo(3) and getnameinfo(3) answer instead of an address or a name. */
import { meaningOf, type Status, statusOfName } from './status.ts'

/** What a {@link NameError} is made of. */
export interface NameFault {
  /** `EAI_NONAME` */
  readonly code: string
  /** The number of the error on this system. */
  readonly errno: number
  /** `getaddrinfo` or `getnameinfo` */
  readonly syscall: string
  readonly host?: string | undefined
  readonly service?: string | undefined
}

/** What to do, for the errors where there is something. */
const REMEDIES: Readonly<Record<string, string>> = {
  EAI_ADDRFAMILY: 'Ask for the other family, or for AF_UNSPEC',
  EAI_AGAIN: 'Try again later; if it stays so, check the name servers in /etc/resolv.conf and the network',
  EAI_BADFLAGS: 'Check the flags: AI_CANONNAME needs a host, and AI_ALL needs AI_V4MAPPED',
  EAI_FAIL: 'The name server refused or is broken; ask another one',
  EAI_FAMILY: 'Ask for AF_INET, AF_INET6, or AF_UNSPEC',
  EAI_IDN_ENCODE: 'Write the name in ASCII, as xn--…',
  EAI_NODATA: 'The name is there, but has no address; check which records it has',
  EAI_NONAME: 'Check the spelling; with AI_NUMERICHOST or AI_NUMERICSERV only numbers are understood',
  EAI_SERVICE: 'Give a port number, or a service of /etc/services that this type of socket has',
  EAI_SOCKTYPE: 'Ask for a type and a protocol that go together, or leave one out',
}

/**
 * A name could not be looked up. The message says which call, on what, why, and what to do:
 * `getaddrinfo EAI_NONAME no-such-host: no such host or service. Check the spelling; …`.
 */
export class NameError extends Error {
  /** The error's name: `EAI_NONAME`. */
  readonly code: string
  /** The error's number on this system: -2. */
  readonly errno: number
  /** `getaddrinfo` or `getnameinfo`. */
  readonly syscall: string
  /** The host that was asked for, if one was; Node's name for it. */
  declare readonly hostname?: string
  /** The service that was asked for, if one was. */
  declare readonly service?: string
  /** The portable word for `code`. */
  readonly status: Status

  static {
    Object.defineProperty(this.prototype, 'name', { value: 'NameError', writable: true, configurable: true })
  }

  constructor({ code, errno, syscall, host, service }: NameFault) {
    const asked = [host, service].filter((name) => name !== undefined && name !== '').join(' ')
    const remedy = REMEDIES[code]
    const target = asked === '' ? '' : ` ${asked}`
    super(`${syscall} ${code}${target}: ${meaningOf(code)}${remedy === undefined ? '' : `. ${remedy}`}`)
    this.code = code
    this.errno = errno
    this.syscall = syscall
    if (host !== undefined) this.hostname = host
    if (service !== undefined) this.service = service
    this.status = statusOfName(code)
  }
}

/** More lookups wait than the limit allows. */
export class LookupsFullError extends Error {
  readonly code = 'ERR_LOOKUPS_FULL'

  static {
    Object.defineProperty(this.prototype, 'name', { value: 'LookupsFullError', writable: true, configurable: true })
  }

  /** @param limit how many may wait */
  constructor(operation: string, limit: number) {
    super(`${operation}: ${limit} lookups wait already, since the name servers do not answer; try again later`)
  }
}
