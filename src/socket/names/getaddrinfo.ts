/** Names to addresses: getaddrinfo(3). */
import { isAddress } from '../../base/address.ts'
import { argumentRangeError, argumentTypeError, argumentValueError, checkInteger } from '../../base/argument-error.ts'
import { addon } from '../../sys/addon.ts'
import { unpackAddress } from '../../sys/sockaddr.ts'
import { checkWaiting, type Waiting } from '../wait.ts'
import { Addrinfo } from './addrinfo.ts'
import { answerLiteral, type Question } from './literal.ts'
import { type Answer, lookUp } from './lookups.ts'

/** What to look for, and how long. */
export interface AddrinfoHints extends Waiting {
  /** `AF_INET`, `AF_INET6`, or `AF_UNSPEC` (the default) for both. */
  readonly family?: number
  /** `SOCK_STREAM`, `SOCK_DGRAM`, `SOCK_RAW`; 0 (the default) for each that there is. */
  readonly type?: number
  /** `IPPROTO_TCP`, …; 0 (the default) for the one that the type has. */
  readonly protocol?: number
  /** `AI_…` flags; 0 by default. */
  readonly flags?: number
}

/** The longest name that is handed to the resolver, in bytes (`NI_MAXHOST`); of a service too. */
export const LONGEST_NAME_BYTES = 1025

/**
 * The addresses of a host and a service, in the order in which they are to be tried. Each answer's family, type,
 * protocol and address can be handed to `new Socket`, `bind` and `connect`.
 *
 * Without a host the answers are the loopback addresses, or with `AI_PASSIVE` the wildcard addresses. A service's name
 * finds the port, and the protocols that have it. An address in numbers with a port in numbers is answered at once; all
 * else is looked up in a thread of its own, by the system's resolver (getaddrinfo(3)).
 *
 * Rejects with `NameError` (code `EAI_…`), `TimeoutError`, `LookupsFullError`, the signal's reason, or `SocketError`
 * where the kernel is at fault.
 */
export async function getaddrinfo(
  host: string | undefined,
  service?: string | number,
  hints: AddrinfoHints = {},
): Promise<Addrinfo[]> {
  checkWaiting(hints)
  const { family = 0, type = 0, protocol = 0, flags = 0 } = hints
  const question: Question = {
    host: host === undefined ? undefined : checkName('host', host),
    service: checkService(service),
    family: checkInteger('hints.family', family, 0, 0xffff),
    type: checkInteger('hints.type', type, 0, 0x7fffffff),
    protocol: checkInteger('hints.protocol', protocol, 0, 0x7fffffff),
    flags: checkInteger('hints.flags', flags, -0x8000_0000, 0x7fffffff),
  }
  hints.signal?.throwIfAborted()
  return answerLiteral(question) ?? unpackAnswer(await ask(question, hints))
}

function ask(question: Question, hints: AddrinfoHints): Promise<Answer> {
  const { host, service } = question
  const words = Int32Array.of(question.flags, question.family, question.type, question.protocol)
  return lookUp(
    { syscall: 'getaddrinfo', host, service },
    (resolver, id) => addon().resolverGetaddrinfo(resolver, id, host ?? null, service ?? null, words),
    hints,
  )
}

/** Checks a name. The C library would end it at a NUL. */
export function checkName(what: string, name: unknown): string {
  if (typeof name !== 'string') throw argumentTypeError(what, 'a string, or undefined', name)
  if (name.includes('\0')) throw argumentValueError(what, 'it has a NUL in it, which no name can have', name)
  const { byteLength } = new TextEncoder().encode(name)
  if (byteLength > LONGEST_NAME_BYTES) {
    throw argumentRangeError(what, `at most ${LONGEST_NAME_BYTES} bytes long`, name)
  }
  return name
}

function checkService(service: unknown): string | undefined {
  if (service === undefined) return undefined
  if (typeof service === 'number') return String(checkInteger('service', service, 0, 65535))
  if (typeof service !== 'string') throw argumentTypeError('service', 'a string, a number, or undefined', service)
  return checkName('service', service)
}

const ENTRY_HEAD_BYTES = 16
const ENTRY_ALIGNMENT = 8

/** As native code packed it: four words and an address for each entry. */
function unpackAnswer({ bytes, name }: Answer): Addrinfo[] {
  const answers: Addrinfo[] = []
  for (let at = 0; at < bytes.length;) {
    const [family = 0, type = 0, protocol = 0, length = 0] = new Int32Array(bytes.buffer, bytes.byteOffset + at, 4)
    const address = unpackAddress(bytes, at + ENTRY_HEAD_BYTES, length)
    const canonicalName = answers.length === 0 && name !== '' ? name : undefined
    if (isAddress(address)) answers.push(new Addrinfo(family, type, protocol, address, canonicalName))
    at += Math.ceil((ENTRY_HEAD_BYTES + length) / ENTRY_ALIGNMENT) * ENTRY_ALIGNMENT
  }
  return answers
}
