/**
 * What to do about an error of the kernel: a clause that ends its message, where there is something to do.
 *
 * One errno means different things in different calls (EACCES: a port below 1024, a broadcast, a file's mode), so each
 * entry looks at the call and the address. Where the kernel gives one errno for two reasons, the clause names both.
 */

import { type AnyAddress, Inet6Address, InetAddress, UnixAddress } from './address.ts'
import { quote } from './describe.ts'

/** The call that failed. */
export interface FailedCall {
  /** The system call's name, `connect`. */
  readonly syscall: string
  /** The address that it was given, if it takes one. */
  readonly address?: AnyAddress | undefined
}

type Advice = string | ((call: FailedCall) => string)

const ADVICE: Readonly<Record<string, Advice>> = {
  EACCES: adviseAccess,
  EADDRINUSE: adviseInUse,
  EADDRNOTAVAIL: adviseNotAvailable,
  EAFNOSUPPORT: (call) =>
    call.syscall === 'socket'
      ? 'this kernel does not have that family'
      : "use an address of the socket's own family: inet() with AF_INET, inet6() with AF_INET6, unix() with AF_UNIX",
  EBADF: 'the descriptor was closed, or it never was one',
  ECONNABORTED: 'the peer was gone before the connection was accepted; accept the next',
  ECONNREFUSED: adviseRefused,
  ECONNRESET: 'the peer closed it with data unread, or its program ended; connect again',
  EDESTADDRREQ: 'connect the socket, or name the destination with each message',
  EHOSTDOWN: 'the machine does not answer on its network; check that it runs and that the address is right',
  EHOSTUNREACH:
    'nothing answers for that address, or a router refuses; check that the machine runs and the address is right',
  EINVAL: adviseInvalid,
  EISCONN: 'a connected socket sends without a destination; make a new one for another peer',
  EMFILE: 'close sockets that are no longer used, or raise the limit (ulimit -n)',
  EMSGSIZE: 'send a smaller message, or raise SO_SNDBUF; UDP takes at most 65507 bytes over IPv4',
  ENETDOWN: 'bring the interface up (ip link shows which are down)',
  ENETUNREACH: adviseUnreachable,
  ENFILE: 'close files in any program, or raise the limit (sysctl fs.file-max)',
  ENOBUFS: "the kernel's queue is full; send more slowly",
  ENODEV: (call) =>
    call.address instanceof Inet6Address && call.address.scope !== 0
      ? `no interface has the name or number ${quote(String(call.address.scope))} (ip link lists them)`
      : 'there is no such interface (ip link lists them)',
  ENOENT: (call) =>
    call.syscall === 'bind' ? 'make the directory first' : 'start the server first, or check the path',
  ENOPROTOOPT: 'this kernel, or this type of socket, does not have the option',
  ENOTCONN: 'connect the socket first, name the destination of a datagram, or use the socket that accept gave',
  ENOTSOCK: "pass a socket's descriptor",
  ENOTSUP: adviseOperation, // The same number as EOPNOTSUPP, and the name that Node gives it.
  EOPNOTSUPP: adviseOperation,
  EPERM: advisePermission,
  EPIPE: 'the connection is closed or was shut down for writing; send nothing more on it',
  EPROTONOSUPPORT: 'this family and type do not have that protocol; 0 chooses the usual one',
  EPROTOTYPE: (call) =>
    call.address instanceof UnixAddress
      ? 'the socket there has another type; connect with the type it was made with (stream, datagram or seqpacket)'
      : 'the protocol belongs to another type of socket; 0 chooses the usual one',
  ESOCKTNOSUPPORT: 'this family does not have that type of socket',
  ETIMEDOUT: 'nobody answered; the machine may be down, or a firewall drops what is sent to it',
  ETOOMANYREFS: 'receive the descriptors that were sent before sending more',
}

/** What to do about the error, as a clause that can stand as a sentence; the empty text when nothing general can be said. */
export function adviceFor(code: string, call: FailedCall): string {
  const advice = Object.hasOwn(ADVICE, code) ? ADVICE[code] : undefined
  return typeof advice === 'function' ? advice(call) : (advice ?? '')
}

function isInet(address: AnyAddress | undefined): address is InetAddress | Inet6Address {
  return address instanceof InetAddress || address instanceof Inet6Address
}

function adviseAccess({ syscall, address }: FailedCall): string {
  if (address instanceof UnixAddress) {
    return syscall === 'bind'
      ? 'this user may not make a file in that directory; choose another, or change its mode'
      : 'this user may not write to that socket; change its mode or owner, or that of its directories'
  }
  if (syscall === 'socket') return 'this user may not open such a socket; run as root, or grant CAP_NET_RAW'
  if (syscall === 'bind' && isInet(address) && address.port > 0 && address.port < 1024) {
    return 'ports below 1024 need a privilege; choose a higher one, or grant CAP_NET_BIND_SERVICE'
  }
  if (address instanceof InetAddress && syscall !== 'bind') {
    return 'for a broadcast address set SO_BROADCAST to true first; for another one, a route or a firewall forbids it'
  }
  return ''
}

function adviseInUse({ syscall, address }: FailedCall): string {
  if (address instanceof UnixAddress) {
    return address.kind === 'path'
      ? 'the file is there already; bindUnix() replaces one on which nothing listens'
      : 'another socket has that name; choose another name'
  }
  if (syscall === 'connect') return 'that connection exists already; bind to another local port, or to none'
  return 'stop the program that holds it (ss -tulpn shows which), or choose another port'
}

function adviseNotAvailable({ syscall }: FailedCall): string {
  if (syscall === 'bind') return 'no interface of this machine has that address (ip address lists them)'
  return 'no local port is free for it; close connections, or widen net.ipv4.ip_local_port_range'
}

function adviseRefused({ syscall, address }: FailedCall): string {
  if (address instanceof UnixAddress) return 'no program listens on that socket; start the server'
  if (syscall === 'connect') return 'nothing listens there; start the server, or check the address and port'
  return 'a datagram sent earlier found nothing bound at its destination; start the receiver, or check its address'
}

function adviseInvalid({ syscall, address }: FailedCall): string {
  if (address instanceof Inet6Address && address.scope === 0 && /^fe[89ab]/.test(address.host)) {
    return `a link-local address needs the interface it belongs to; write ${address.host}%eth0 with yours`
  }
  if (isInet(address) && address.port === 0 && syscall.startsWith('send')) return 'nothing can be sent to port 0'
  if (syscall === 'bind') return 'the socket has an address already, or the address is of another family'
  if (syscall === 'accept' || syscall === 'accept4') return 'call listen first'
  return ''
}

function adviseOperation({ syscall }: FailedCall): string {
  if (/^(?:accept4?|listen)$/.test(syscall)) return 'only stream and seqpacket sockets listen and accept'
  return 'this family or type of socket does not have it'
}

function advisePermission({ syscall }: FailedCall): string {
  if (syscall === 'socket') return 'this type of socket needs root, or CAP_NET_RAW'
  if (syscall === 'epoll_ctl') return 'files and directories are always ready, and nothing waits for them; use node:fs'
  if (syscall === 'setsockopt') return 'this option needs root, or CAP_NET_ADMIN'
  if (/^(?:send|connect)/.test(syscall)) return 'a firewall rule of this machine forbids it'
  return ''
}

function adviseUnreachable({ address }: FailedCall): string {
  if (address instanceof Inet6Address) {
    return address.scope === 0
      ? 'there is no route; this machine may have no IPv6, so try the IPv4 address (ip -6 route lists routes)'
      : `there is no route; check that the interface ${quote(String(address.scope))} exists and is up (ip link lists them)`
  }
  return 'there is no route; check the network connection (ip route lists routes)'
}
