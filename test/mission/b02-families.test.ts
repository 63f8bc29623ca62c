// B2: every family, type and protocol that the kernel opens with socket(2), read back from the kernel; each constant is
// the one of the system's headers.
import assert from 'node:assert/strict'
import { readFileSync, readlinkSync } from 'node:fs'
import { test } from 'node:test'
import * as berkeley from '../../src/index.ts'
import {
  AF_INET,
  AF_INET6,
  AF_NETLINK,
  AF_PACKET,
  AF_UNIX,
  AF_VSOCK,
  IPPROTO_ICMP,
  IPPROTO_ICMPV6,
  IPPROTO_MPTCP,
  IPPROTO_RAW,
  IPPROTO_TCP,
  IPPROTO_UDP,
  NETLINK_ROUTE,
  NETLINK_SOCK_DIAG,
  SO_DOMAIN,
  SO_PROTOCOL,
  SO_TYPE,
  SOCK_DGRAM,
  SOCK_RAW,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  Socket,
  supports,
} from '../../src/index.ts'
import { askPython } from '../support/python.ts'
import { needs } from '../support/needs.ts'

/** A protocol without a meaning (RFC 3692). */
const EXPERIMENTAL = 253

/** What is opened, the protocol that the kernel then has, and whether that takes the rights of root. */
const KINDS: readonly (readonly [name: string, kind: readonly [number, number, number], has: number, root: boolean])[] =
  [
    ['AF_UNIX, SOCK_STREAM', [AF_UNIX, SOCK_STREAM, 0], 0, false],
    ['AF_UNIX, SOCK_DGRAM', [AF_UNIX, SOCK_DGRAM, 0], 0, false],
    ['AF_UNIX, SOCK_SEQPACKET', [AF_UNIX, SOCK_SEQPACKET, 0], 0, false],
    ['AF_INET, SOCK_STREAM', [AF_INET, SOCK_STREAM, 0], IPPROTO_TCP, false],
    ['AF_INET, SOCK_STREAM, TCP', [AF_INET, SOCK_STREAM, IPPROTO_TCP], IPPROTO_TCP, false],
    ['AF_INET, SOCK_STREAM, MPTCP', [AF_INET, SOCK_STREAM, IPPROTO_MPTCP], IPPROTO_MPTCP, false],
    ['AF_INET, SOCK_DGRAM', [AF_INET, SOCK_DGRAM, 0], IPPROTO_UDP, false],
    ['AF_INET, SOCK_DGRAM, UDP', [AF_INET, SOCK_DGRAM, IPPROTO_UDP], IPPROTO_UDP, false],
    ['AF_INET, SOCK_RAW, ICMP', [AF_INET, SOCK_RAW, IPPROTO_ICMP], IPPROTO_ICMP, true],
    ['AF_INET, SOCK_RAW, raw IP', [AF_INET, SOCK_RAW, IPPROTO_RAW], IPPROTO_RAW, true],
    ['AF_INET, SOCK_RAW, an experiment', [AF_INET, SOCK_RAW, EXPERIMENTAL], EXPERIMENTAL, true],
    ['AF_INET6, SOCK_STREAM', [AF_INET6, SOCK_STREAM, 0], IPPROTO_TCP, false],
    ['AF_INET6, SOCK_STREAM, MPTCP', [AF_INET6, SOCK_STREAM, IPPROTO_MPTCP], IPPROTO_MPTCP, false],
    ['AF_INET6, SOCK_DGRAM', [AF_INET6, SOCK_DGRAM, 0], IPPROTO_UDP, false],
    ['AF_INET6, SOCK_RAW, ICMPv6', [AF_INET6, SOCK_RAW, IPPROTO_ICMPV6], IPPROTO_ICMPV6, true],
    ['AF_INET6, SOCK_RAW, raw IP', [AF_INET6, SOCK_RAW, IPPROTO_RAW], IPPROTO_RAW, true],
    ['AF_PACKET, SOCK_RAW', [AF_PACKET, SOCK_RAW, 0], 0, true],
    ['AF_PACKET, SOCK_DGRAM', [AF_PACKET, SOCK_DGRAM, 0], 0, true],
    ['AF_NETLINK, SOCK_RAW', [AF_NETLINK, SOCK_RAW, NETLINK_ROUTE], NETLINK_ROUTE, false],
    ['AF_NETLINK, SOCK_DGRAM', [AF_NETLINK, SOCK_DGRAM, NETLINK_SOCK_DIAG], NETLINK_SOCK_DIAG, false],
    ['AF_VSOCK, SOCK_STREAM', [AF_VSOCK, SOCK_STREAM, 0], 0, false],
    ['AF_VSOCK, SOCK_SEQPACKET', [AF_VSOCK, SOCK_SEQPACKET, 0], 0, false],
  ]

for (const [name, [family, type, protocol], has, root] of KINDS) {
  test(`B2: socket(${name}), as the kernel says`, { skip: needs({ root }) }, (context) => {
    if (!supports({ family, type, protocol })) return context.skip(`this kernel has no ${name}`)
    const socket = new Socket(family, type, protocol)
    try {
      assert.match(readlinkSync(`/proc/self/fd/${socket.fd}`), /^socket:\[\d+\]$/)
      assert.deepEqual([socket.get(SO_DOMAIN), socket.get(SO_TYPE), socket.get(SO_PROTOCOL)], [family, type, has])
      assert.deepEqual([socket.family, socket.type, socket.protocol], [family, type, protocol])
    } finally {
      socket.close()
    }
  })
}

test('B2: what the kernel does not have is an errno, and supports says so before', () => {
  for (const [kind, code] of [
    [[4000, SOCK_STREAM, 0], 'EAFNOSUPPORT'],
    [[AF_INET, SOCK_SEQPACKET, 0], 'ESOCKTNOSUPPORT'],
    [[AF_INET, SOCK_STREAM, IPPROTO_UDP], 'EPROTONOSUPPORT'],
    [[AF_UNIX, SOCK_STREAM, 99], 'EPROTONOSUPPORT'],
  ] as const) {
    const [family, type, protocol] = kind
    assert.throws(() => new Socket(family, type, protocol), { name: 'SocketError', code, syscall: 'socket' })
    assert.equal(supports({ family, type, protocol }), false)
  }
})

test('B2: PF_ names are the AF_ names', () => {
  const names = Object.keys(berkeley).filter((name) => name.startsWith('PF_'))
  assert.ok(names.length >= 6)
  const all = berkeley as unknown as Readonly<Record<string, unknown>>
  for (const name of names) assert.equal(all[name], all[name.replace('PF_', 'AF_')], name)
  assert.equal(berkeley.AF_LOCAL, AF_UNIX)
})

/** Python's own constants, which were compiled from the system's headers. */
const CONSTANTS = `
import socket
def answer(name):
    return getattr(socket, name, None)`

test(
  'B2: every exported constant is that of the system’s headers',
  { skip: needs({ program: ['python3', 'cc'] }) },
  () => {
    const all = Object.entries(berkeley).filter((entry): entry is [string, number] => {
      return typeof entry[1] === 'number' && /^(?:AF|PF|SOCK|IPPROTO|SOL|NETLINK|PACKET)_/.test(entry[0])
    })
    const numbers = askPython<number | null>(
      CONSTANTS,
      all.map(([name]) => name),
    )
    const compared = all.filter(([name, value], index) => {
      if (numbers[index] === null) return false
      assert.equal(value, numbers[index], name)
      return true
    })
    assert.ok(compared.length > 20, `${compared.length} of ${all.length}`)
  },
)

test('B2: a socket of each protocol is listed by the kernel', { skip: needs({ root: true }) }, () => {
  const inodeOf = (socket: Socket): string => /\d+/.exec(readlinkSync(`/proc/self/fd/${socket.fd}`))![0]
  for (const [table, [family, type, protocol]] of [
    ['unix', [AF_UNIX, SOCK_SEQPACKET, 0]],
    ['raw', [AF_INET, SOCK_RAW, IPPROTO_ICMP]],
    ['raw6', [AF_INET6, SOCK_RAW, IPPROTO_ICMPV6]],
    ['packet', [AF_PACKET, SOCK_RAW, 0]],
  ] as const) {
    const socket = new Socket(family, type, protocol)
    try {
      const lines = readFileSync(`/proc/self/net/${table}`, 'utf8').split('\n')
      assert.ok(
        lines.some((line) => line.trim().split(/\s+/).includes(inodeOf(socket))),
        table,
      )
    } finally {
      socket.close()
    }
  }
})
