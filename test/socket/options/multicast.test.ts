// Multicast on the loopback: what is joined is received, what is left or blocked is not.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import * as berkeley from '../../../src/index.ts'
import { AF_INET, AF_INET6, inet, SOCK_DGRAM, Socket, type AnyAddress } from '../../../src/index.ts'
import { closedAfterEach } from '../../support/opened.ts'

const opened = closedAfterEach()

interface Ends {
  readonly receiver: Socket
  readonly to: (host: string) => AnyAddress
  readonly send: (to: AnyAddress, word: number) => Promise<void>
}

/** A receiver that gets only the groups that it has joined itself, and a sender, on the loopback interface. */
function ends(): Ends {
  const receiver = opened(new Socket(AF_INET, SOCK_DGRAM)).bind(inet('0.0.0.0', 0))
  receiver.set(berkeley.IP_MULTICAST_ALL, false)
  const { port } = receiver.localAddress as { port: number }
  const sender = opened(new Socket(AF_INET, SOCK_DGRAM)).bind(inet(LOOPBACK, 0))
  sender.set(berkeley.IP_MULTICAST_IF, { interface: 'lo' })
  return {
    receiver,
    to: (host) => inet(host, port),
    send: async (address, word) => {
      await sender.sendTo(Uint8Array.of(word), address)
    },
  }
}

/** What has come, by a datagram to the receiver itself that comes after it. */
async function received({ receiver, send, to }: Ends): Promise<number[]> {
  await send(to(LOOPBACK), 255)
  const words: number[] = []
  for (;;) {
    const [word] = await receiver.read()
    if (word === 255) return words
    words.push(word!)
  }
}

const LOOPBACK = '127.0.0.1'
const GROUP = '239.7.7.7'
/** The loopback has no route for multicast of IPv6, so there the kernel's tables are asked. The group is this process's. */
const GROUP6 = `ff12::${(process.pid & 0xffff).toString(16)}:777`
const GROUP6_HEX = `ff12${(process.pid & 0xffff).toString(16).padStart(24, '0')}0777`

/** Whether the loopback interface is in the group (proc(5)). */
function isJoined6(): boolean {
  return readFileSync('/proc/net/igmp6', 'utf8').includes(`lo              ${GROUP6_HEX}`)
}

/** The kernel's filters of sources of the group: for each how many sockets include and exclude it. */
function filters6(): string[] {
  return readFileSync('/proc/net/mcfilter6', 'utf8')
    .split('\n')
    .filter((line) => line.includes(GROUP6_HEX))
    .map((line) => line.trim().split(/\s+/).slice(3).join(' '))
}

test('IPv4: a group is joined by interface or address, and left', async () => {
  const pair = ends()
  const { receiver, send, to } = pair
  for (const membership of [
    { group: GROUP, interface: 'lo' },
    { group: GROUP, interface: 1 },
    { group: GROUP, address: LOOPBACK },
  ]) {
    await send(to(GROUP), 1)
    receiver.set(berkeley.IP_ADD_MEMBERSHIP, membership)
    assert.throws(() => receiver.set(berkeley.IP_ADD_MEMBERSHIP, membership), { code: 'EADDRINUSE' })
    await send(to(GROUP), 2)
    receiver.set(berkeley.IP_DROP_MEMBERSHIP, membership)
    await send(to(GROUP), 3)
    assert.deepEqual(await received(pair), [2])
  }
  assert.throws(() => receiver.set(berkeley.IP_DROP_MEMBERSHIP, { group: GROUP }), { code: 'EADDRNOTAVAIL' })
})

test('IPv4: one source is joined, left, blocked and unblocked', async () => {
  const pair = ends()
  const { receiver, send, to } = pair
  const source = { group: GROUP, source: LOOPBACK, address: LOOPBACK }
  receiver.set(berkeley.IP_ADD_SOURCE_MEMBERSHIP, source)
  await send(to(GROUP), 1)
  receiver.set(berkeley.IP_DROP_SOURCE_MEMBERSHIP, source)
  await send(to(GROUP), 2)
  receiver.set(berkeley.IP_ADD_MEMBERSHIP, { group: GROUP, address: LOOPBACK }).set(berkeley.IP_BLOCK_SOURCE, source)
  await send(to(GROUP), 3)
  receiver.set(berkeley.IP_UNBLOCK_SOURCE, source)
  await send(to(GROUP), 4)
  const filter = { group: GROUP, address: LOOPBACK, sources: [LOOPBACK] }
  receiver.set(berkeley.IP_MSFILTER, { ...filter, mode: 'exclude' })
  await send(to(GROUP), 5)
  receiver.set(berkeley.IP_MSFILTER, { ...filter, mode: 'include' })
  await send(to(GROUP), 6)
  receiver.set(berkeley.IP_MSFILTER, { ...filter, sources: [], mode: 'exclude' })
  await send(to(GROUP), 7)
  assert.deepEqual(await received(pair), [1, 4, 6, 7])
})

test('IPv6: a group is joined and left', () => {
  const socket = opened(new Socket(AF_INET6, SOCK_DGRAM))
  assert.equal(isJoined6(), false)
  socket.set(berkeley.IPV6_JOIN_GROUP, { group: GROUP6, interface: 'lo' })
  assert.equal(isJoined6(), true)
  assert.throws(() => socket.set(berkeley.IPV6_JOIN_GROUP, { group: GROUP6, interface: 1 }), { code: 'EADDRINUSE' })
  socket.set(berkeley.IPV6_LEAVE_GROUP, { group: GROUP6, interface: 1 })
  assert.equal(isJoined6(), false)
})

test('IPV6_JOIN_ANYCAST and IPV6_LEAVE_ANYCAST: an address that this host may not take part in is refused', () => {
  const socket = opened(new Socket(AF_INET6, SOCK_DGRAM))
  for (const option of [berkeley.IPV6_JOIN_ANYCAST, berkeley.IPV6_LEAVE_ANYCAST]) {
    assert.throws(() => socket.set(option, { group: 'ff02::1', interface: 'lo' }), { name: 'SocketError' })
  }
})

test('the options of RFC 3678 take a group of IPv4', async () => {
  const pair = ends()
  const { receiver, send, to } = pair
  const membership = { group: GROUP, interface: 'lo' }
  const source = { ...membership, source: LOOPBACK }
  receiver.set(berkeley.MCAST_JOIN_GROUP, membership)
  await send(to(GROUP), 1)
  receiver.set(berkeley.MCAST_BLOCK_SOURCE, source)
  await send(to(GROUP), 2)
  receiver.set(berkeley.MCAST_UNBLOCK_SOURCE, source)
  await send(to(GROUP), 3)
  receiver.set(berkeley.MCAST_MSFILTER, { ...membership, mode: 'exclude', sources: [LOOPBACK] })
  await send(to(GROUP), 4)
  receiver.set(berkeley.MCAST_LEAVE_GROUP, membership)
  await send(to(GROUP), 5)
  receiver.set(berkeley.MCAST_JOIN_SOURCE_GROUP, source)
  await send(to(GROUP), 6)
  receiver.set(berkeley.MCAST_LEAVE_SOURCE_GROUP, source)
  await send(to(GROUP), 7)
  assert.deepEqual(await received(pair), [1, 3, 6])
})

test('the options of RFC 3678 take a group of IPv6', () => {
  const socket = opened(new Socket(AF_INET6, SOCK_DGRAM))
  const membership = { group: GROUP6, interface: 'lo' }
  const source = { ...membership, source: '2001:db8::1' }
  const shown = '20010db8000000000000000000000001'
  socket.set(berkeley.MCAST_JOIN_GROUP, membership)
  assert.equal(isJoined6(), true)
  assert.deepEqual(filters6(), [])
  socket.set(berkeley.MCAST_BLOCK_SOURCE, source)
  assert.deepEqual(filters6(), [`${shown} 0 1`])
  socket.set(berkeley.MCAST_UNBLOCK_SOURCE, source)
  assert.deepEqual(filters6(), [])
  socket.set(berkeley.MCAST_MSFILTER, { ...membership, mode: 'include', sources: ['2001:db8::1'] })
  assert.deepEqual(filters6(), [`${shown} 1 0`])
  socket.set(berkeley.MCAST_LEAVE_GROUP, membership)
  assert.equal(isJoined6(), false)
  socket.set(berkeley.MCAST_JOIN_SOURCE_GROUP, source)
  assert.deepEqual(filters6(), [`${shown} 1 0`])
  socket.set(berkeley.MCAST_LEAVE_SOURCE_GROUP, source)
  assert.equal(isJoined6(), false)
})

test('IP_MULTICAST_IF reads as the address that was set, and as none for a number', () => {
  const socket = opened(new Socket(AF_INET, SOCK_DGRAM))
  assert.equal(socket.get(berkeley.IP_MULTICAST_IF), '0.0.0.0')
  assert.equal(socket.set(berkeley.IP_MULTICAST_IF, { address: LOOPBACK }).get(berkeley.IP_MULTICAST_IF), LOOPBACK)
  assert.throws(() => socket.set(berkeley.IP_MULTICAST_IF, { address: '192.0.2.1' }), { code: 'EADDRNOTAVAIL' })
})

test('IP_MULTICAST_LOOP: what is sent comes back, or not', async () => {
  const pair = ends()
  const { receiver, to } = pair
  receiver.set(berkeley.IP_ADD_MEMBERSHIP, { group: GROUP, interface: 'lo' })
  receiver.set(berkeley.IP_MULTICAST_IF, { interface: 'lo' }).set(berkeley.IP_MULTICAST_LOOP, false)
  await receiver.sendTo(Uint8Array.of(1), to(GROUP))
  receiver.set(berkeley.IP_MULTICAST_LOOP, true)
  await receiver.sendTo(Uint8Array.of(2), to(GROUP))
  const words = await received(pair)
  // The loopback interface gives back what is sent on it, whatever the option says.
  assert.ok(words.includes(2))
})
