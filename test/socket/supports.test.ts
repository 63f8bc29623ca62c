// What the system supports: as the kernel's own lists and other programs have it, and no descriptor is left.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import * as berkeley from '../../src/index.ts'
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  SOCK_DGRAM,
  SOCK_RAW,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  supports,
} from '../../src/index.ts'
import { openSockets } from '../support/open-descriptors.ts'
import { askPython } from '../support/python.ts'
import { needs } from '../support/needs.ts'

const KINDS = [
  [AF_INET, SOCK_STREAM, 0],
  [AF_INET, SOCK_SEQPACKET, 0],
  [AF_INET, SOCK_DGRAM, berkeley.IPPROTO_TCP],
  [AF_INET, SOCK_STREAM, berkeley.IPPROTO_MPTCP],
  [AF_INET, SOCK_DGRAM, berkeley.IPPROTO_UDPLITE],
  [AF_INET, SOCK_RAW, berkeley.IPPROTO_ICMP],
  [AF_INET6, SOCK_STREAM, 0],
  [AF_UNIX, SOCK_SEQPACKET, 0],
  [AF_UNIX, SOCK_STREAM, 7],
  [berkeley.AF_VSOCK, SOCK_STREAM, 0],
  [berkeley.AF_VSOCK, SOCK_DGRAM, 0],
  [berkeley.AF_NETLINK, SOCK_RAW, berkeley.NETLINK_ROUTE],
  [berkeley.AF_PACKET, SOCK_RAW, 0],
  [29, SOCK_RAW, 1], // AF_CAN
  [30, SOCK_STREAM, 0], // AF_TIPC
  [4000, SOCK_STREAM, 0],
] as const

const OPEN = `
import socket
def answer(kind):
    try: socket.socket(*kind).close()
    except PermissionError: return True
    except OSError: return False
    return True`

test('kinds of sockets: those that Python can open', { skip: needs({ program: 'python3' }) }, () => {
  const before = openSockets().size
  const answers = askPython<boolean>(OPEN, KINDS)
  for (const [index, [family, type, protocol]] of KINDS.entries()) {
    const kind = { family, type, protocol }
    assert.equal(supports(kind), answers[index], JSON.stringify(kind))
    assert.equal(supports(kind), answers[index])
  }
  assert.equal(openSockets().size, before)
  assert.ok(answers.includes(false))
})

test('a family, and a protocol of it', () => {
  assert.equal(supports({ family: AF_INET }), true)
  assert.equal(supports({ family: AF_UNIX }), true)
  assert.equal(supports({ family: 4000 }), false)
  assert.equal(supports({ family: AF_INET, protocol: berkeley.IPPROTO_TCP }), true)
  assert.equal(supports({ family: AF_INET, type: 7 }), false)
  const listed = readFileSync('/proc/net/protocols', 'utf8')
  assert.equal(supports({ family: AF_INET, protocol: berkeley.IPPROTO_MPTCP }), /^MPTCP /m.test(listed))
})

test('options of every level, and those that this kernel does not have', () => {
  const before = openSockets().size
  for (const option of [berkeley.SO_REUSEADDR, berkeley.IP_TTL, berkeley.IPV6_V6ONLY, berkeley.TCP_NODELAY] as const) {
    assert.equal(supports(option), true, option.name)
  }
  for (const option of [
    berkeley.UDP_CORK,
    berkeley.IP_ADD_MEMBERSHIP,
    berkeley.SO_ATTACH_FILTER,
    berkeley.SO_DETACH_FILTER,
  ]) {
    assert.equal(supports(option), true, option.name)
  }
  for (const level of [
    berkeley.SO_REUSEADDR,
    berkeley.IP_TTL,
    berkeley.IPV6_V6ONLY,
    berkeley.TCP_NODELAY,
    berkeley.UDP_CORK,
  ]) {
    for (const direction of ['both', 'set'] as const) {
      assert.equal(supports({ ...level, name: 'NONE', number: 30_000, direction }), false)
    }
  }
  assert.equal(openSockets().size, before)
})

test('what is neither an option nor a kind', () => {
  for (const wrong of [undefined, null, 'TCP_NODELAY', 2, {}, { family: 'inet' }, { type: 1 }]) {
    assert.throws(() => supports(wrong as never), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' })
  }
  assert.throws(() => supports({ family: -1 }), RangeError)
  assert.throws(() => supports({ family: AF_INET, type: 0x80000 }), RangeError)
})
