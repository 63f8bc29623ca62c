// Multicast on the loopback: what is joined is received, what is left or blocked is not.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as berkeley from '../../../src/index.ts'
import { AF_INET, AF_INET6, inet, inet6, SOCK_DGRAM, Socket, type AnyAddress } from '../../../src/index.ts'
import { closedAfterEach } from '../../support/opened.ts'

const opened = closedAfterEach()

interface Ends {
  readonly receiver: Socket
  readonly group: (host: string) => AnyAddress
  readonly send: (to: AnyAddress, word: number) => Promise<void>
}

/** A receiver that gets only the groups that it has joined itself, and a sender, on the loopback interface. */
function ends(family: number): Ends {
  const isInet = family === AF_INET
  const receiver = opened(new Socket(family, SOCK_DGRAM)).bind(isInet ? inet('0.0.0.0', 0) : inet6('::', 0))
  if (isInet) receiver.set(berkeley.IP_MULTICAST_ALL, false)
  else receiver.set(berkeley.IPV6_MULTICAST_ALL, false)
  const { port } = receiver.localAddress as { port: number }
  const sender = opened(new Socket(family, SOCK_DGRAM)).bind(isInet ? inet('127.0.0.1', 0) : inet6('::1', 0))
  if (isInet) sender.set(berkeley.IP_MULTICAST_IF, { interface: 'lo' })
  else sender.set(berkeley.IPV6_MULTICAST_IF, 'lo')
  return {
    receiver,
    group: (host) => (isInet ? inet(host, port) : inet6(host, port)),
    send: async (to, word) => {
      await sender.sendTo(Uint8Array.of(word), to)
    },
  }
}

/** What has come, by a datagram to the receiver itself that comes after it. */
async function received({ receiver, send, group }: Ends, isInet: boolean): Promise<number[]> {
  await send(group(isInet ? '127.0.0.1' : '::1'), 255)
  const words: number[] = []
  for (;;) {
    const [word] = await receiver.read()
    if (word === 255) return words
    words.push(word!)
  }
}

const LOOPBACK = '127.0.0.1'
const GROUP = '239.7.7.7'
const GROUP6 = 'ff12::777'

test('IPv4: a group is joined by interface or address, and left', async () => {
  const pair = ends(AF_INET)
  const { receiver, send, group } = pair
  for (const membership of [
    { group: GROUP, interface: 'lo' },
    { group: GROUP, interface: 1 },
    { group: GROUP, address: LOOPBACK },
  ]) {
    await send(group(GROUP), 1)
    receiver.set(berkeley.IP_ADD_MEMBERSHIP, membership)
    assert.throws(() => receiver.set(berkeley.IP_ADD_MEMBERSHIP, membership), { code: 'EADDRINUSE' })
    await send(group(GROUP), 2)
    receiver.set(berkeley.IP_DROP_MEMBERSHIP, membership)
    await send(group(GROUP), 3)
    assert.deepEqual(await received(pair, true), [2])
  }
  assert.throws(() => receiver.set(berkeley.IP_DROP_MEMBERSHIP, { group: GROUP }), { code: 'EADDRNOTAVAIL' })
})

test('IPv4: one source is joined, left, blocked and unblocked', async () => {
  const pair = ends(AF_INET)
  const { receiver, send, group } = pair
  const source = { group: GROUP, source: LOOPBACK, address: LOOPBACK }
  receiver.set(berkeley.IP_ADD_SOURCE_MEMBERSHIP, source)
  await send(group(GROUP), 1)
  receiver.set(berkeley.IP_DROP_SOURCE_MEMBERSHIP, source)
  await send(group(GROUP), 2)
  receiver.set(berkeley.IP_ADD_MEMBERSHIP, { group: GROUP, address: LOOPBACK }).set(berkeley.IP_BLOCK_SOURCE, source)
  await send(group(GROUP), 3)
  receiver.set(berkeley.IP_UNBLOCK_SOURCE, source)
  await send(group(GROUP), 4)
  const filter = { group: GROUP, address: LOOPBACK, sources: [LOOPBACK] }
  receiver.set(berkeley.IP_MSFILTER, { ...filter, mode: 'exclude' })
  await send(group(GROUP), 5)
  receiver.set(berkeley.IP_MSFILTER, { ...filter, mode: 'include' })
  await send(group(GROUP), 6)
  receiver.set(berkeley.IP_MSFILTER, { ...filter, sources: [], mode: 'exclude' })
  await send(group(GROUP), 7)
  assert.deepEqual(await received(pair, true), [1, 4, 6, 7])
})

test('IPv6: a group is joined and left', async () => {
  const pair = ends(AF_INET6)
  const { receiver, send, group } = pair
  await send(group(GROUP6), 1)
  receiver.set(berkeley.IPV6_JOIN_GROUP, { group: GROUP6, interface: 'lo' })
  await send(group(GROUP6), 2)
  receiver.set(berkeley.IPV6_LEAVE_GROUP, { group: GROUP6, interface: 1 })
  await send(group(GROUP6), 3)
  assert.deepEqual(await received(pair, false), [2])
})

test('IPV6_JOIN_ANYCAST and IPV6_LEAVE_ANYCAST: an address that this host may not take part in is refused', () => {
  const socket = opened(new Socket(AF_INET6, SOCK_DGRAM))
  for (const option of [berkeley.IPV6_JOIN_ANYCAST, berkeley.IPV6_LEAVE_ANYCAST]) {
    assert.throws(() => socket.set(option, { group: 'ff02::1', interface: 'lo' }), { name: 'SocketError' })
  }
})

for (const [family, host, local] of [
  [AF_INET, GROUP, LOOPBACK],
  [AF_INET6, GROUP6, '::1'],
] as const) {
  test(`the options of RFC 3678 take a group of ${family === AF_INET ? 'IPv4' : 'IPv6'}`, async () => {
    const pair = ends(family)
    const { receiver, send, group } = pair
    const membership = { group: host, interface: 'lo' }
    const source = { ...membership, source: local }
    receiver.set(berkeley.MCAST_JOIN_GROUP, membership)
    await send(group(host), 1)
    receiver.set(berkeley.MCAST_BLOCK_SOURCE, source)
    await send(group(host), 2)
    receiver.set(berkeley.MCAST_UNBLOCK_SOURCE, source)
    await send(group(host), 3)
    receiver.set(berkeley.MCAST_MSFILTER, { ...membership, mode: 'exclude', sources: [local] })
    await send(group(host), 4)
    receiver.set(berkeley.MCAST_LEAVE_GROUP, membership)
    await send(group(host), 5)
    receiver.set(berkeley.MCAST_JOIN_SOURCE_GROUP, source)
    await send(group(host), 6)
    receiver.set(berkeley.MCAST_LEAVE_SOURCE_GROUP, source)
    await send(group(host), 7)
    assert.deepEqual(await received(pair, family === AF_INET), [1, 3, 6])
  })
}

test('IP_MULTICAST_IF reads as the address that was set, and as none for a number', () => {
  const socket = opened(new Socket(AF_INET, SOCK_DGRAM))
  assert.equal(socket.get(berkeley.IP_MULTICAST_IF), '0.0.0.0')
  assert.equal(socket.set(berkeley.IP_MULTICAST_IF, { address: LOOPBACK }).get(berkeley.IP_MULTICAST_IF), LOOPBACK)
  assert.throws(() => socket.set(berkeley.IP_MULTICAST_IF, { address: '192.0.2.1' }), { code: 'EADDRNOTAVAIL' })
})

test('IP_MULTICAST_LOOP: what is sent comes back, or not', async () => {
  const pair = ends(AF_INET)
  const { receiver, group } = pair
  receiver.set(berkeley.IP_ADD_MEMBERSHIP, { group: GROUP, interface: 'lo' })
  receiver.set(berkeley.IP_MULTICAST_IF, { interface: 'lo' }).set(berkeley.IP_MULTICAST_LOOP, false)
  await receiver.sendTo(Uint8Array.of(1), group(GROUP))
  receiver.set(berkeley.IP_MULTICAST_LOOP, true)
  await receiver.sendTo(Uint8Array.of(2), group(GROUP))
  const words = await received(pair, true)
  // The loopback interface gives back what is sent on it, whatever the option says.
  assert.ok(words.includes(2))
})
