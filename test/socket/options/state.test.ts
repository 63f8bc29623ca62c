// Options that depend on the socket's state, and how the kernel's refusals surface.
import assert from 'node:assert/strict'
import { closeSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import * as berkeley from '../../../src/index.ts'
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  inet,
  inet6,
  SOCK_DGRAM,
  SOCK_STREAM,
  Socket,
  SocketError,
  socketpair,
} from '../../../src/index.ts'
import { needs } from '../../support/needs.ts'
import { closedAfterEach } from '../../support/opened.ts'
import { kindNeeds, open } from './kinds.ts'

const opened = closedAfterEach()

async function connected(family: number = AF_INET): Promise<[client: Socket, server: Socket]> {
  const any = family === AF_INET ? inet('127.0.0.1', 0) : inet6('::1', 0)
  const listener = opened(new Socket(family, SOCK_STREAM)).bind(any).listen()
  const client = opened(new Socket(family, SOCK_STREAM))
  const accepted = listener.accept()
  await client.connect(listener.localAddress)
  return [client, opened((await accepted).peer)]
}

test('what the kernel refuses is a SocketError with the option’s name and a portable status', () => {
  const tcp = opened(open('tcp'))
  const udp = opened(open('udp'))
  const unix = opened(open('unix'))
  for (const [attempt, code, syscall, status] of [
    [() => tcp.set(berkeley.IP_TTL, 0), 'EINVAL', 'setsockopt IP_TTL', 'invalidArgument'],
    [() => tcp.set(berkeley.IP_TTL, 256), 'EINVAL', 'setsockopt IP_TTL', 'invalidArgument'],
    [() => tcp.set(berkeley.TCP_KEEPCNT, 128), 'EINVAL', 'setsockopt TCP_KEEPCNT', 'invalidArgument'],
    [() => tcp.get(berkeley.IPV6_V6ONLY), 'ENOTSUP', 'getsockopt IPV6_V6ONLY', 'notSupported'],
    [() => udp.get(berkeley.TCP_NODELAY), 'ENOTSUP', 'getsockopt TCP_NODELAY', 'notSupported'],
    [() => udp.set(berkeley.TCP_NODELAY, true), 'ENOPROTOOPT', 'setsockopt TCP_NODELAY', 'optionNotSupported'],
    [() => unix.set(berkeley.IP_TTL, 1), 'ENOTSUP', 'setsockopt IP_TTL', 'notSupported'],
    [() => tcp.set(berkeley.UDP_CORK, true), 'ENOPROTOOPT', 'setsockopt UDP_CORK', 'optionNotSupported'],
    [() => tcp.get(berkeley.MPTCP_INFO), 'ENOTSUP', 'getsockopt MPTCP_INFO', 'notSupported'],
    [() => tcp.set(berkeley.TCP_CONGESTION, 'none such'), 'ENOENT', 'setsockopt TCP_CONGESTION', 'notFound'],
    [() => udp.get(berkeley.IP_MTU), 'ENOTCONN', 'getsockopt IP_MTU', 'notConnected'],
  ] as const) {
    assert.throws(attempt, (error) => {
      assert.ok(error instanceof SocketError)
      assert.deepEqual([error.code, error.syscall, error.status], [code, syscall, status])
      return true
    })
  }
})

test('what is no option, and a socket that is closed', () => {
  const socket = opened(open('tcp'))
  for (const wrong of [undefined, null, 'SO_REUSEADDR', 2, {}]) {
    // @ts-expect-error no option
    assert.throws(() => socket.get(wrong), { code: 'ERR_INVALID_ARG_TYPE', message: /option/ })
    // @ts-expect-error no option
    assert.throws(() => socket.set(wrong, true), { code: 'ERR_INVALID_ARG_TYPE', message: /option/ })
  }
  socket.close()
  assert.throws(() => socket.get(berkeley.SO_TYPE), { code: 'ERR_SOCKET_CLOSED' })
  assert.throws(() => socket.set(berkeley.SO_REUSEADDR, true), { code: 'ERR_SOCKET_CLOSED' })
})

test('types: what can only be read has nothing to set, and the other way around', () => {
  const socket = opened(open('tcp'))
  // @ts-expect-error it can only be read
  assert.throws(() => socket.set(berkeley.SO_TYPE, 1), TypeError)
  // @ts-expect-error a switch is no number
  assert.throws(() => socket.set(berkeley.TCP_NODELAY, 1), TypeError)
  const on: boolean = socket.get(berkeley.TCP_NODELAY)
  const linger: number | undefined = socket.get(berkeley.SO_LINGER)
  assert.deepEqual([on, linger], [false, undefined])
})

test('what tells of the socket itself', { skip: needs({ root: false }) }, async () => {
  const [client, server] = await connected()
  assert.equal(client.get(berkeley.SO_DOMAIN), AF_INET)
  assert.equal(client.get(berkeley.SO_TYPE), SOCK_STREAM)
  assert.equal(client.get(berkeley.SO_PROTOCOL), berkeley.IPPROTO_TCP)
  assert.equal(client.get(berkeley.SO_ACCEPTCONN), false)
  assert.equal(client.get(berkeley.SO_ERROR), 0)
  assert.equal(client.get(berkeley.SO_SNDLOWAT), 1)
  assert.equal(client.get(berkeley.TCP_IS_MPTCP), false)
  // A packet of IPv4 has at most 65535 bytes, whatever the interface takes.
  const mtu = Math.min(65_535, Number(readFileSync('/sys/class/net/lo/mtu', 'utf8')))
  assert.equal(client.get(berkeley.IP_MTU), mtu)
  const cookies = [client, server].map((socket) => socket.get(berkeley.SO_COOKIE))
  assert.equal(new Set(cookies).size, 2)
  assert.equal(client.get(berkeley.SO_COOKIE), cookies[0])
  assert.equal(client.get(berkeley.SO_NETNS_COOKIE), server.get(berkeley.SO_NETNS_COOKIE))
  const memory = client.get(berkeley.SO_MEMINFO)
  assert.equal(memory.receiveBuffer, client.get(berkeley.SO_RCVBUF))
  assert.equal(memory.sendBuffer, client.get(berkeley.SO_SNDBUF))
  assert.equal(memory.drops, 0)
  assert.ok(client.get(berkeley.SO_INCOMING_NAPI_ID) >= 0)
  assert.ok(client.get(berkeley.SO_INCOMING_CPU) >= -1)
  assert.ok(client.get(berkeley.TCP_CC_INFO).every((number) => number >= 0))
})

test('IP_PROTOCOL is a raw socket’s', { skip: kindNeeds('icmp') }, () => {
  assert.equal(opened(open('icmp')).get(berkeley.IP_PROTOCOL), berkeley.IPPROTO_ICMP)
})

test('the peer of a Unix socket: its process, user, groups, and a descriptor of it', () => {
  const [one] = socketpair().map(opened) as [Socket, Socket]
  const mine = { pid: process.pid, uid: process.getuid!(), gid: process.getgid!() }
  assert.deepEqual(one.get(berkeley.SO_PEERCRED), mine)
  const status = readFileSync('/proc/self/status', 'utf8')
  const groups = /^Groups:[ \t]*(.*)$/m
    .exec(status)![1]!
    .split(' ')
    .filter((group) => group !== '')
  assert.deepEqual([...one.get(berkeley.SO_PEERGROUPS)].map(String).toSorted(), groups.toSorted())
  if (berkeley.supports(berkeley.SO_PEERPIDFD)) {
    const descriptor = one.get(berkeley.SO_PEERPIDFD)
    const about = readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8')
    closeSync(descriptor)
    assert.match(about, new RegExp(`^Pid:\\s+${process.pid}$`, 'm'))
    assert.match(about, /^flags:\s+02\d+$/m) // O_CLOEXEC
  }
  if (!berkeley.supports(berkeley.SO_PEERSEC)) {
    assert.throws(() => one.get(berkeley.SO_PEERSEC), { code: 'ENOPROTOOPT' })
  } else {
    assert.ok(one.get(berkeley.SO_PEERSEC).length > 0)
  }
})

test('buffers beyond the system’s limit', { skip: needs({ root: true }) }, () => {
  const socket = opened(open('udp'))
  const limit = Number(readFileSync('/proc/sys/net/core/rmem_max', 'utf8'))
  socket.set(berkeley.SO_RCVBUF, limit * 2)
  assert.equal(socket.get(berkeley.SO_RCVBUF), limit * 2)
  socket.set(berkeley.SO_RCVBUFFORCE, limit * 2)
  assert.equal(socket.get(berkeley.SO_RCVBUF), limit * 4)
  const most = Number(readFileSync('/proc/sys/net/core/wmem_max', 'utf8'))
  socket.set(berkeley.SO_SNDBUFFORCE, most * 2)
  assert.equal(socket.get(berkeley.SO_SNDBUF), most * 4)
})

test('SO_BUSY_POLL_BUDGET and SO_CNX_ADVICE are taken', { skip: needs({ root: true }) }, async () => {
  const socket = opened(open('udp'))
  socket.set(berkeley.SO_BUSY_POLL_BUDGET, 16)
  assert.throws(() => socket.set(berkeley.SO_BUSY_POLL_BUDGET, 65_536), RangeError)
  const [client] = await connected()
  client.set(berkeley.SO_CNX_ADVICE, 1)
  assert.throws(() => client.set(berkeley.SO_CNX_ADVICE, 2), RangeError)
})

test('SO_RESERVE_MEM needs a memory control group', () => {
  const socket = opened(open('tcp'))
  assert.equal(socket.get(berkeley.SO_RESERVE_MEM), 0)
  try {
    socket.set(berkeley.SO_RESERVE_MEM, 8192)
    assert.ok(socket.get(berkeley.SO_RESERVE_MEM) >= 8192)
  } catch (error) {
    assert.ok(error instanceof SocketError)
    assert.ok(['ENOTSUP', 'ENOMEM'].includes(error.code), error.message)
  }
})

test('TCP_THIN_DUPACK is taken and has no effect', () => {
  const socket = opened(open('tcp')).set(berkeley.TCP_THIN_DUPACK, true)
  assert.equal(typeof socket.get(berkeley.TCP_THIN_DUPACK), 'boolean')
})

test('TCP_ULP: a connection gets TLS of the kernel where it is there, and a name of none is refused', async () => {
  const [client] = await connected()
  assert.equal(client.get(berkeley.TCP_ULP), '')
  assert.throws(() => client.set(berkeley.TCP_ULP, 'none such'), { code: 'ENOENT' })
  const available = readFileSync('/proc/sys/net/ipv4/tcp_available_ulp', 'utf8')
  if (!/\btls\b/.test(available)) return
  client.set(berkeley.TCP_ULP, 'tls')
  assert.equal(client.get(berkeley.TCP_ULP), 'tls')
})

test('TCP_SAVED_SYN: the headers of the SYN, once', async () => {
  const listener = opened(new Socket(AF_INET, SOCK_STREAM)).set(berkeley.TCP_SAVE_SYN, 1).bind(inet('127.0.0.1', 0))
  listener.listen()
  const client = opened(new Socket(AF_INET, SOCK_STREAM))
  const accepted = listener.accept()
  await client.connect(listener.localAddress)
  const server = opened((await accepted).peer)
  const headers = server.get(berkeley.TCP_SAVED_SYN)
  // RFC 791: version 4, and the protocol; RFC 9293: the SYN flag.
  assert.equal(headers[0]! >> 4, 4)
  assert.equal(headers[9], berkeley.IPPROTO_TCP)
  const header = (headers[0]! & 15) * 4
  assert.equal(headers[header + 13]! & 0x3f, 2)
  const { port } = client.localAddress as { port: number }
  assert.equal(headers[header]! * 256 + headers[header + 1]!, port)
  assert.equal(server.get(berkeley.TCP_SAVED_SYN).length, 0)
})

test('TCP_MD5SIG: connections with one key come about, those without are not answered', async (context) => {
  if (!berkeley.supports(berkeley.TCP_MD5SIG)) return context.skip('this kernel has no TCP_MD5SIG')
  const key = new TextEncoder().encode('secret')
  const listener = opened(new Socket(AF_INET, SOCK_STREAM)).bind(inet('127.0.0.1', 0))
  listener.set(berkeley.TCP_MD5SIG, { address: inet('127.0.0.1', 0), key }).listen()
  const signed = opened(new Socket(AF_INET, SOCK_STREAM))
  signed.set(berkeley.TCP_MD5SIG, { address: listener.localAddress as berkeley.InetAddress, key })
  const accepted = listener.accept()
  await signed.connect(listener.localAddress)
  opened((await accepted).peer)
  const plain = opened(new Socket(AF_INET, SOCK_STREAM))
  await assert.rejects(plain.connect(listener.localAddress, { timeout: 50 }), { code: 'ERR_SOCKET_TIMEOUT' })
  listener.set(berkeley.TCP_MD5SIG, { address: inet('127.0.0.1', 0), key: new Uint8Array(0) })
})

test('IPV6_MTU and IPV6_PATHMTU of a path', async () => {
  const [client] = await connected(AF_INET6)
  const mtu = Number(readFileSync('/sys/class/net/lo/mtu', 'utf8'))
  assert.equal(client.get(berkeley.IPV6_MTU), mtu)
  assert.equal(client.get(berkeley.IPV6_PATHMTU), mtu)
  const unconnected = opened(open('udp6')).set(berkeley.IPV6_MTU, 1280)
  assert.throws(() => unconnected.set(berkeley.IPV6_MTU, 1279), { code: 'EINVAL' })
  assert.throws(() => unconnected.get(berkeley.IPV6_MTU), { code: 'ENOTCONN' })
})

test('IPV6_ADDRFORM: a connection to an IPv4-mapped address becomes one of IPv4', async () => {
  const listener = opened(new Socket(AF_INET, SOCK_STREAM)).bind(inet('127.0.0.1', 0)).listen()
  const { port } = listener.localAddress as { port: number }
  const client = opened(new Socket(AF_INET6, SOCK_STREAM))
  const accepted = listener.accept()
  await client.connect(inet6('::ffff:127.0.0.1', port))
  opened((await accepted).peer)
  assert.equal(client.get(berkeley.SO_DOMAIN), AF_INET6)
  client.set(berkeley.IPV6_ADDRFORM, AF_INET)
  assert.equal(client.get(berkeley.SO_DOMAIN), AF_INET)
})

test('IPV6_ROUTER_ALERT and IP_ROUTER_ALERT: of raw sockets', { skip: kindNeeds('raw6') }, () => {
  opened(open('raw6')).set(berkeley.IPV6_ROUTER_ALERT, 0).set(berkeley.IPV6_ROUTER_ALERT, -1)
  const four = opened(open('icmp')).set(berkeley.IP_ROUTER_ALERT, true)
  assert.equal(four.get(berkeley.IP_ROUTER_ALERT), true)
  four.set(berkeley.IP_ROUTER_ALERT, false)
  assert.throws(() => opened(open('udp')).set(berkeley.IP_ROUTER_ALERT, true), { code: 'EINVAL' })
})

test('IPV6_PKTINFO: what is sent comes from the address that was chosen', async () => {
  const receiver = opened(new Socket(AF_INET6, SOCK_DGRAM)).bind(inet6('::1', 0))
  const sender = opened(new Socket(AF_INET6, SOCK_DGRAM))
  sender.set(berkeley.IPV6_PKTINFO, { address: '::1', interface: 'lo' })
  await sender.sendTo(Uint8Array.of(1), receiver.localAddress)
  const { address } = await receiver.recvFrom(new Uint8Array(8))
  assert.equal((address as berkeley.Inet6Address).host, '::1')
})

test('SO_ORIGINAL_DST: there is none where nothing was redirected', async (context) => {
  const [client] = await connected()
  if (!berkeley.supports(berkeley.SO_ORIGINAL_DST)) return context.skip('netfilter tracks no connections here')
  try {
    assert.equal(String(client.get(berkeley.SO_ORIGINAL_DST)), String(client.remoteAddress))
  } catch (error) {
    assert.equal((error as SocketError).code, 'ENOENT')
  }
  const [six] = await connected(AF_INET6)
  try {
    assert.equal(String(six.get(berkeley.IP6T_SO_ORIGINAL_DST)), String(six.remoteAddress))
  } catch (error) {
    assert.equal((error as SocketError).code, 'ENOENT')
  }
})

test('MPTCP: the whole, its subflows, and where they go', { skip: kindNeeds('mptcp') }, async () => {
  const listener = opened(open('mptcp')).bind(inet('127.0.0.1', 0)).listen()
  const client = opened(open('mptcp'))
  const accepted = listener.accept()
  await client.connect(listener.localAddress)
  const server = opened((await accepted).peer)
  await client.sendAll(new Uint8Array(1000))
  assert.equal((await server.recvExactly(new Uint8Array(1000))) ?? 1000, 1000)
  const info = client.get(berkeley.MPTCP_INFO)
  assert.equal(info.subflows, 0)
  assert.notEqual(info.token, 0)
  if (info.bytesSent !== undefined) assert.ok(info.bytesSent >= 1000)
  assert.equal(client.get(berkeley.TCP_IS_MPTCP), true)
  const [first, ...others] = client.get(berkeley.MPTCP_TCPINFO)
  assert.deepEqual([first!.state, others.length], ['ESTABLISHED', 0])
  assert.ok(first!.bytesSent! >= 1000)
  const [path] = client.get(berkeley.MPTCP_SUBFLOW_ADDRS)
  assert.equal(String(path!.remote), String(listener.localAddress))
  assert.equal(String(path!.local), String(client.localAddress))
})

test('SO_VM_SOCKETS_CONNECT_TIMEOUT is a struct timeval, in milliseconds here', { skip: kindNeeds('vsock') }, () => {
  const socket = opened(open('vsock')).set(berkeley.SO_VM_SOCKETS_CONNECT_TIMEOUT, 1500)
  const { level, number } = berkeley.SO_VM_SOCKETS_CONNECT_TIMEOUT
  assert.deepEqual([...new BigInt64Array(socket.getsockopt(level, number, 16).buffer)], [1n, 500_000n])
  assert.equal(socket.get(berkeley.SO_VM_SOCKETS_CONNECT_TIMEOUT), 1500)
})

test('netlink: groups are joined and left', () => {
  const socket = opened(open('netlink'))
  assert.deepEqual(socket.get(berkeley.NETLINK_LIST_MEMBERSHIPS), [])
  socket.set(berkeley.NETLINK_ADD_MEMBERSHIP, 1).set(berkeley.NETLINK_ADD_MEMBERSHIP, 5)
  assert.deepEqual(socket.get(berkeley.NETLINK_LIST_MEMBERSHIPS), [1, 5])
  socket.set(berkeley.NETLINK_DROP_MEMBERSHIP, 1)
  assert.deepEqual(socket.get(berkeley.NETLINK_LIST_MEMBERSHIPS), [5])
})

test('a family that an option is not for: a Unix socket has no TCP options', () => {
  const socket = opened(new Socket(AF_UNIX, SOCK_STREAM))
  assert.throws(() => socket.get(berkeley.TCP_INFO), { status: 'notSupported' })
})
