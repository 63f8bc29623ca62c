/**
 * What this system supports: asked of the kernel once, with sockets that are closed again, and remembered. What the
 * process has no right to use is supported all the same.
 */
import { argumentTypeError, checkInteger } from '../base/argument-error.ts'
import { addon } from '../sys/addon.ts'
import {
  AF_INET,
  AF_INET6,
  AF_NETLINK,
  AF_PACKET,
  AF_UNIX,
  AF_VSOCK,
  EACCES,
  EMFILE,
  ENFILE,
  ENOBUFS,
  ENOMEM,
  ENOPROTOOPT,
  ENOTSUP,
  EPERM,
  IPPROTO_ICMP,
  IPPROTO_ICMPV6,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPPROTO_MPTCP,
  IPPROTO_TCP,
  SO_PEERPIDFD,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_RAW,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  SOL_ICMPV6,
  SOL_MPTCP,
  SOL_NETLINK,
  SOL_PACKET,
  SOL_RAW,
  SOL_SOCKET,
  SOL_UDP,
} from '../sys/constants.ts'
import { systemError } from '../sys/system-error.ts'
import type { Option } from './options/option.ts'

/** A kind of socket: what is left out may be any that the family has. */
export interface SupportedKind {
  readonly family: number
  readonly type?: number
  readonly protocol?: number
}

/** Answers by what was asked. */
const answers = new Map<string, boolean>()

/**
 * Whether this system knows an option, or has a kind of socket: `supports(TCP_FASTOPEN)`,
 * `supports({ family: AF_VSOCK })`, `supports({ family: AF_INET, type: SOCK_STREAM, protocol: IPPROTO_MPTCP })`. What
 * needs a right that the process lacks is supported. Asked of the kernel at the first call, and remembered in this
 * thread. Throws `SocketError` when there is no descriptor or memory to ask with, and a `TypeError` or `RangeError`.
 */
export function supports(what: Option<unknown, never> | SupportedKind): boolean {
  const isOption = typeof what === 'object' && what !== null && 'codec' in what
  const key = isOption ? `${what.level}:${what.number}:${what.direction}` : keyOfKind(what)
  let answer = answers.get(key)
  if (answer === undefined) {
    answer = isOption ? knowsOption(what) : hasKind(what)
    answers.set(key, answer)
  }
  return answer
}

function keyOfKind(kind: SupportedKind): string {
  if (typeof kind !== 'object' || kind === null) {
    throw argumentTypeError('what', 'an option such as TCP_FASTOPEN, or a kind of socket as { family: AF_VSOCK }', kind)
  }
  const { family, type, protocol } = kind
  checkInteger('what.family', family, 0, 0xffff)
  if (type !== undefined) checkInteger('what.type', type, 0, 0x7ff)
  if (protocol !== undefined) checkInteger('what.protocol', protocol, 0, 0xffff)
  return `${family},${type},${protocol}`
}

type Kind = readonly [family: number, type: number, protocol: number]

/** What the kernel says where the process lacks a right; all else that it refuses, it does not have. */
const NO_RIGHT: ReadonlySet<number> = new Set([-EACCES, -EPERM])
/** What it says when it can't answer. */
const NO_ANSWER: ReadonlySet<number> = new Set([-EMFILE, -ENFILE, -ENOBUFS, -ENOMEM])

function open([family, type, protocol]: Kind): number {
  const fd = addon().socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol)
  if (NO_ANSWER.has(fd)) throw systemError(fd, 'socket')
  return fd
}

function hasKind({ family, type, protocol = 0 }: SupportedKind): boolean {
  const types = type === undefined ? [SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_RAW] : [type]
  return types.some((each) => {
    const fd = open([family, each, protocol])
    if (fd >= 0) addon().close(fd)
    return fd >= 0 || NO_RIGHT.has(fd)
  })
}

const TCP: Kind = [AF_INET, SOCK_STREAM, 0]
const UDP: Kind = [AF_INET, SOCK_DGRAM, 0]
const TCP6: Kind = [AF_INET6, SOCK_STREAM, 0]
const UDP6: Kind = [AF_INET6, SOCK_DGRAM, 0]
const UNIX: Kind = [AF_UNIX, SOCK_STREAM, 0]
const ICMP: Kind = [AF_INET, SOCK_RAW, IPPROTO_ICMP]
const ICMPV6: Kind = [AF_INET6, SOCK_RAW, IPPROTO_ICMPV6]

/** The sockets that may know the options of a level. */
const SOCKETS_OF_LEVEL: ReadonlyMap<number, readonly Kind[]> = new Map<number, readonly Kind[]>([
  [SOL_SOCKET, [UNIX, TCP, UDP, [AF_PACKET, SOCK_RAW, 0]]],
  [IPPROTO_IP, [UDP, TCP, ICMP]],
  [IPPROTO_IPV6, [UDP6, TCP6, ICMPV6]],
  [IPPROTO_TCP, [TCP]],
  [SOL_UDP, [UDP]],
  [SOL_MPTCP, [[AF_INET, SOCK_STREAM, IPPROTO_MPTCP]]],
  [AF_VSOCK, [[AF_VSOCK, SOCK_STREAM, 0]]],
  [SOL_PACKET, [[AF_PACKET, SOCK_RAW, 0]]],
  [SOL_NETLINK, [[AF_NETLINK, SOCK_RAW, 0]]],
  [SOL_RAW, [ICMP]],
  [SOL_ICMPV6, [ICMPV6]],
])

/** A socket of another level than these may be any. */
const ANY: readonly Kind[] = [UNIX, TCP, UDP]

function knowsOption(option: Option<unknown, never>): boolean {
  let couldAsk = false
  let lacksRight = false
  for (const kind of SOCKETS_OF_LEVEL.get(option.level) ?? ANY) {
    const fd = open(kind)
    if (fd < 0) {
      lacksRight ||= NO_RIGHT.has(fd)
      continue
    }
    couldAsk = true
    const result = ask(fd, option)
    addon().close(fd)
    if (result !== -ENOPROTOOPT && result !== -ENOTSUP) return true
  }
  // Of sockets that only root may open, nothing more can be told than that there are such.
  return lacksRight && !couldAsk
}

/**
 * Reads the option, or if it can't be read, sets it on a socket that nobody uses, to an int that is 0. What lacks a
 * right, a connection or a longer value is refused with another errno than what is not known.
 */
function ask(fd: number, option: Option<unknown, never>): number {
  const { level, number, direction, codec } = option
  if (direction === 'set') return addon().setsockoptInt(fd, level, number, 0)
  if (level === SOL_SOCKET && number === SO_PEERPIDFD) return addon().getsockopt(fd, level, number, new Uint8Array(0))
  return addon().getsockopt(fd, level, number, codec.request?.() ?? new Uint8Array(codec.byteLength))
}
