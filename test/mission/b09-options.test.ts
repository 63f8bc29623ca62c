// B9: options of every level, typed and in raw bytes; what the system supports; flags and queues. Each against the
// kernel's own tables, ss, ip and Python. test/socket/options/ tries each option by itself.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createConnection, createServer, type AddressInfo } from 'node:net'
import { test } from 'node:test'
import * as berkeley from '../../src/index.ts'
import {
  AF_INET,
  AF_UNIX,
  inet,
  IPPROTO_TCP,
  optionsOf,
  SO_KEEPALIVE,
  SO_LINGER,
  SO_RCVBUF,
  SO_RCVTIMEO,
  SO_SNDBUF,
  SOCK_DGRAM,
  SOCK_STREAM,
  Socket,
  supports,
  TCP_CONGESTION,
  TCP_FASTOPEN,
  TCP_INFO,
  TCP_KEEPCNT,
  TCP_KEEPIDLE,
  TCP_KEEPINTVL,
  TCP_MAXSEG,
  TCP_NODELAY,
  type Option,
} from '../../src/index.ts'
import { portOf, tcpPair } from '../support/connections.ts'
import { needs } from '../support/needs.ts'
import { closedAfterEach } from '../support/opened.ts'
import { PythonPeer } from '../support/python-peer.ts'

const opened = closedAfterEach()

/** What ss says of the connection that has this port of its own: memory, timers, and what TCP keeps. */
function shownBySs(port: number): string {
  return execFileSync('ss', ['-tionmH', `sport = :${port}`], { encoding: 'utf8' })
}

test('B9: there are options of every level, each with its type, direction, version and manual', () => {
  const options = (Object.values(berkeley) as unknown[]).filter(
    (value): value is Option<unknown> => typeof value === 'object' && value !== null && 'codec' in value,
  )
  const { SOL_SOCKET, IPPROTO_IP, IPPROTO_IPV6, SOL_UDP, SOL_MPTCP, SOL_PACKET, SOL_NETLINK, SOL_RAW, SOL_ICMPV6 } =
    berkeley
  const levels = [SOL_SOCKET, IPPROTO_IP, IPPROTO_IPV6, IPPROTO_TCP, SOL_UDP, SOL_MPTCP, SOL_PACKET, SOL_NETLINK]
  for (const level of [...levels, SOL_RAW, SOL_ICMPV6, berkeley.AF_VSOCK]) {
    assert.ok(
      options.some((option) => option.level === level),
      String(level),
    )
  }
  assert.ok(options.length > 200)
})

test(
  'B9: a boolean, an integer, linger, a time and a structure, as Python has them',
  { skip: needs({ program: 'python3' }) },
  async () => {
    const { client, server } = await tcpPair()
    opened(client)
    opened(server)
    client.set(TCP_NODELAY, true).set(TCP_KEEPIDLE, 77).set(SO_LINGER, 9).set(SO_RCVTIMEO, 2500)
    const python = new PythonPeer([client.fd])
    try {
      await python.ask('s = socket.socket(fileno=3)')
      assert.equal(await python.ask('s.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)'), 1)
      assert.equal(await python.ask('s.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE)'), 77)
      const linger = "list(struct.unpack('ii', s.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8)))"
      assert.deepEqual(await python.ask(linger), [1, 9])
      assert.deepEqual(
        await python.ask("list(struct.unpack('ll', s.getsockopt(socket.SOL_SOCKET, 20, 16)))"),
        [2, 500_000],
      )
      await python.ask("s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 0, 0))")
      await python.ask('s.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 88)')
      assert.equal(client.get(SO_LINGER), undefined)
      assert.equal(client.get(TCP_KEEPIDLE), 88)
      // tcp_info: state, and the two segment sizes that lie behind two times of 32 bits.
      const theirs = await python.ask<number[]>(
        "list(struct.unpack('8B6I', s.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 32)))",
      )
      const ours = client.get(TCP_INFO)
      assert.deepEqual([ours.state, ours.sendMss, ours.receiveMss], ['ESTABLISHED', theirs[10], theirs[11]])
      await python.ask('s.detach()')
    } finally {
      await python.end()
    }
  },
)

test(
  'B9: ss shows what was set: congestion control, segment size, buffers, keepalive',
  { skip: needs({ program: 'ss' }) },
  async () => {
    const listener = opened(new Socket(AF_INET, SOCK_STREAM)).bind(inet('127.0.0.1', 0)).listen()
    const client = opened(new Socket(AF_INET, SOCK_STREAM))
    client.set(TCP_CONGESTION, 'reno').set(TCP_MAXSEG, 1200).set(SO_RCVBUF, 40_000).set(SO_SNDBUF, 30_000)
    const accepted = listener.accept()
    await client.connect(listener.localAddress)
    opened((await accepted).peer)
    client.set(SO_KEEPALIVE, true).set(TCP_KEEPIDLE, 500).set(TCP_KEEPINTVL, 60).set(TCP_KEEPCNT, 3)
    const shown = shownBySs(portOf(client))
    assert.match(shown, /\breno\b/)
    assert.match(shown, /\btimer:\(keepalive,(?:[78]min\d*\w*),0\)/)
    assert.match(shown, /skmem:\(r\d+,rb80000,t\d+,tb60000,/)
    // Timestamps take 12 bytes of each segment (RFC 7323, section 3.2).
    assert.match(shown, /\bmss:(?:1200|1188)\b/)
    assert.equal(client.get(TCP_INFO).sendMss, Number(/\bmss:(\d+)/.exec(shown)![1]))
  },
)

test(
  'B9: the interface that a socket is bound to is shown by ss and known by ip',
  { skip: needs({ program: ['ss', 'ip'] }) },
  () => {
    const [{ ifindex, ifname }] = JSON.parse(
      execFileSync('ip', ['-j', 'link', 'show', 'dev', 'lo'], { encoding: 'utf8' }),
    ) as [{ ifindex: number; ifname: string }]
    const socket = opened(new Socket(AF_INET, SOCK_DGRAM)).set(berkeley.SO_BINDTOIFINDEX, ifname)
    socket.bind(inet('127.0.0.1', 0))
    assert.equal(socket.get(berkeley.SO_BINDTOIFINDEX), ifindex)
    assert.equal(socket.get(berkeley.SO_BINDTODEVICE), ifname)
    const shown = execFileSync('ss', ['-unaH', `sport = :${portOf(socket)}`], { encoding: 'utf8' })
    assert.match(shown, /127\.0\.0\.1%lo:/)
  },
)

test('B9: an option without a name here is read and set in raw bytes', () => {
  const socket = opened(new Socket(AF_INET, SOCK_STREAM))
  socket.setsockopt(IPPROTO_TCP, TCP_KEEPCNT.number, Uint8Array.of(5, 0, 0, 0))
  assert.deepEqual([...socket.getsockopt(IPPROTO_TCP, TCP_KEEPCNT.number, 4)], [5, 0, 0, 0])
  socket.setsockopt(IPPROTO_TCP, TCP_KEEPCNT.number, 6)
  assert.equal(socket.get(TCP_KEEPCNT), 6)
})

test('B9: a program asks which options, families and protocols there are', () => {
  assert.equal(supports(TCP_FASTOPEN), true)
  assert.equal(supports({ family: AF_UNIX, type: SOCK_STREAM }), true)
  assert.equal(supports({ family: AF_INET, type: SOCK_STREAM, protocol: berkeley.IPPROTO_UDP }), false)
})

test('B9: a socket of node:net has all of it', async () => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = createConnection((server.address() as AddressInfo).port, '127.0.0.1')
  const [peer] = (await once(server, 'connection')) as [ReturnType<typeof createConnection>]
  const options = optionsOf(client)
  options.set(TCP_CONGESTION, 'reno').set(TCP_KEEPIDLE, 33)
  assert.equal(options.get(TCP_CONGESTION), 'reno')
  assert.equal(options.get(TCP_INFO).state, 'ESTABLISHED')
  assert.equal(options.isNonBlocking(), true)
  client.destroy()
  peer.destroy()
  server.close()
  await once(server, 'close')
})

test('B9: fcntl and ioctl: flags, and what waits in the queues', async () => {
  const { client, server } = await tcpPair()
  opened(client)
  opened(server)
  assert.deepEqual([client.isNonBlocking(), client.isCloseOnExec()], [true, true])
  await client.send(new Uint8Array(321))
  await server.recv(new Uint8Array(21))
  assert.equal(server.bytesReadable(), 300)
  assert.equal(server.isAtMark(), false)
  assert.equal(client.bytesNotSent(), 0)
})
