/**
 * `getaddrinfo` of an address that is written in numbers: answered here, without a thread and without a system call, and
 * as glibc answers. Everything that is not plainly such a question is left to the resolver, errors too.
 */
import { inet, inet6, type Address } from '../../base/address.ts'
import { parseInetText } from '../../base/inet-text.ts'
import { parseInet6Text } from '../../base/inet6-text.ts'
import {
  AF_INET,
  AF_INET6,
  AF_UNSPEC,
  AI_CANONNAME,
  AI_NUMERICHOST,
  AI_NUMERICSERV,
  AI_PASSIVE,
  IPPROTO_TCP,
  IPPROTO_UDP,
  SOCK_DGRAM,
  SOCK_RAW,
  SOCK_STREAM,
} from '../../sys/constants.ts'
import { Addrinfo } from './addrinfo.ts'

/** The flags that change nothing in what an address in numbers means, but for the name. */
const PLAIN_FLAGS = AI_PASSIVE | AI_CANONNAME | AI_NUMERICHOST | AI_NUMERICSERV

/** What a socket of each type speaks if nothing else is asked for, in the resolver's order. */
const KINDS = [
  { type: SOCK_STREAM, protocol: IPPROTO_TCP },
  { type: SOCK_DGRAM, protocol: IPPROTO_UDP },
  { type: SOCK_RAW, protocol: 0 },
] as const

/** A question, checked. */
export interface Question {
  readonly host: string | undefined
  readonly service: string | undefined
  readonly family: number
  readonly type: number
  readonly protocol: number
  readonly flags: number
}

/** The answers, or undefined when the resolver has to be asked. */
export function answerLiteral(question: Question): Addrinfo[] | undefined {
  const { host, service, type, protocol, flags } = question
  if (host === undefined || (flags & ~PLAIN_FLAGS) !== 0) return undefined
  if (service !== undefined && !/^[0-9]{1,5}$/.test(service)) return undefined
  const port = Number(service ?? 0)
  if (port > 65535 || !isCommon(type, protocol)) return undefined
  const found = addressOf(host, port, question.family)
  if (found === undefined) return undefined
  const kinds = KINDS.filter(
    (kind) => (type || kind.type) === kind.type && (protocol || kind.protocol) === kind.protocol,
  )
  const { family, address } = found
  return kinds.map((kind, i) => {
    const name = i === 0 && (flags & AI_CANONNAME) !== 0 ? host : undefined
    return new Addrinfo(family, kind.type, kind.protocol, address, name)
  })
}

/** Whether the type and the protocol go together, and the resolver has no rule of its own for them. */
function isCommon(type: number, protocol: number): boolean {
  if (type === 0) return protocol === 0 || protocol === IPPROTO_TCP || protocol === IPPROTO_UDP
  if (type === SOCK_STREAM) return protocol === 0 || protocol === IPPROTO_TCP
  return type === SOCK_DGRAM && (protocol === 0 || protocol === IPPROTO_UDP)
}

function addressOf(host: string, port: number, family: number): { family: number; address: Address } | undefined {
  const wantsInet = family === AF_UNSPEC || family === AF_INET
  const wantsInet6 = family === AF_UNSPEC || family === AF_INET6
  if (wantsInet && typeof parseInetText(host) !== 'string') return { family: AF_INET, address: inet(host, port) }
  if (wantsInet6 && typeof parseInet6Text(host) !== 'string') return { family: AF_INET6, address: inet6(host, port) }
  return undefined
}
