// Filters: a program that is attached decides what is received, reads back as it was, and goes when it is detached.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AF_INET,
  AF_UNIX,
  BPF_ABS,
  BPF_B,
  BPF_JEQ,
  BPF_JMP,
  BPF_K,
  BPF_LD,
  BPF_RET,
  inet,
  SO_ATTACH_BPF,
  SO_ATTACH_FILTER,
  SO_ATTACH_REUSEPORT_CBPF,
  SO_ATTACH_REUSEPORT_EBPF,
  SO_DETACH_FILTER,
  SO_DETACH_REUSEPORT_BPF,
  SO_LOCK_FILTER,
  SO_REUSEPORT,
  SOCK_DGRAM,
  Socket,
  socketpair,
  SOL_SOCKET,
} from '../../../src/index.ts'
import { closedAfterEach } from '../../support/opened.ts'

const opened = closedAfterEach()

/** Messages of Unix sockets begin with their first byte: only those that begin with an A. */
const BEGINS_WITH_A = [
  { code: BPF_LD | BPF_B | BPF_ABS, k: 0 },
  { code: BPF_JMP | BPF_JEQ | BPF_K, jt: 0, jf: 1, k: 0x41 },
  { code: BPF_RET | BPF_K, k: 0xffff },
  { code: BPF_RET | BPF_K, k: 0 },
]
const text = (value: string): Uint8Array => new TextEncoder().encode(value)

test('SO_ATTACH_FILTER: only what the program takes is received, until it is detached', async () => {
  const [sender, receiver] = socketpair(SOCK_DGRAM).map(opened) as [Socket, Socket]
  assert.deepEqual(receiver.get(SO_ATTACH_FILTER), [])
  receiver.set(SO_ATTACH_FILTER, BEGINS_WITH_A)
  assert.deepEqual(
    receiver.get(SO_ATTACH_FILTER),
    BEGINS_WITH_A.map((instruction) => ({ jt: 0, jf: 0, ...instruction })),
  )
  for (const word of ['Berkeley', 'A message', 'no', 'Another']) await sender.send(text(word)).catch(isRefused)
  assert.equal(new TextDecoder().decode(await receiver.read()), 'A message')
  assert.equal(new TextDecoder().decode(await receiver.read()), 'Another')
  receiver.set(SO_DETACH_FILTER, undefined)
  assert.deepEqual(receiver.get(SO_ATTACH_FILTER), [])
  await sender.send(text('Berkeley'))
  assert.equal(new TextDecoder().decode(await receiver.read()), 'Berkeley')
})

/** A Unix datagram that the receiver's filter drops is EPERM for its sender. */
function isRefused(error: { code?: string }): void {
  assert.equal(error.code, 'EPERM')
}

test('SO_ATTACH_FILTER: too little room in getsockopt is refused, and nothing is written past its end', () => {
  const [, receiver] = socketpair(SOCK_DGRAM).map(opened) as [Socket, Socket]
  receiver.set(SO_ATTACH_FILTER, BEGINS_WITH_A)
  for (const room of [1, 8, 31]) {
    const result = tried(() => receiver.getsockopt(SOL_SOCKET, SO_ATTACH_FILTER.number, room))
    assert.ok(result === 'EINVAL' || (room < 8 && result === 0), `${room}: ${result}`)
  }
  assert.equal(receiver.getsockopt(SOL_SOCKET, SO_ATTACH_FILTER.number, 32).length, 32)
})

function tried(read: () => Uint8Array): string | number {
  try {
    return read().length
  } catch (error) {
    return (error as { code: string }).code
  }
}

test('SO_ATTACH_FILTER: a program that the kernel finds fault with is EINVAL', () => {
  const socket = opened(new Socket(AF_UNIX, SOCK_DGRAM))
  // It does not end with a return.
  assert.throws(() => socket.set(SO_ATTACH_FILTER, [{ code: BPF_LD | BPF_B | BPF_ABS, k: 0 }]), { code: 'EINVAL' })
  assert.throws(() => socket.set(SO_DETACH_FILTER, undefined), {
    code: 'ENOENT',
    syscall: 'setsockopt SO_DETACH_FILTER',
  })
})

test('SO_LOCK_FILTER: a locked filter stays', () => {
  const socket = opened(new Socket(AF_UNIX, SOCK_DGRAM))
  socket.set(SO_ATTACH_FILTER, BEGINS_WITH_A)
  socket.set(SO_LOCK_FILTER, true)
  assert.equal(socket.get(SO_LOCK_FILTER), true)
  for (const attempt of [
    () => socket.set(SO_LOCK_FILTER, false),
    () => socket.set(SO_DETACH_FILTER, undefined),
    () => socket.set(SO_ATTACH_FILTER, BEGINS_WITH_A),
  ]) {
    assert.throws(attempt, { code: 'EPERM' })
  }
})

test('SO_ATTACH_REUSEPORT_CBPF: the program chooses the socket of a group', async () => {
  const first = opened(new Socket(AF_INET, SOCK_DGRAM)).set(SO_REUSEPORT, true).bind(inet('127.0.0.1', 0))
  const address = first.localAddress
  const second = opened(new Socket(AF_INET, SOCK_DGRAM)).set(SO_REUSEPORT, true).bind(address)
  for (const [index, chosen] of [second, first, second].entries()) {
    const number = chosen === first ? 0 : 1
    first.set(SO_ATTACH_REUSEPORT_CBPF, [{ code: BPF_RET | BPF_K, k: number }])
    const sender = opened(new Socket(AF_INET, SOCK_DGRAM))
    await sender.sendTo(Uint8Array.of(index), address)
    assert.deepEqual([...(await chosen.read())], [index])
  }
  first.set(SO_DETACH_REUSEPORT_BPF, undefined)
})

test('programs of eBPF are named by a descriptor; one that is none is refused', () => {
  const socket = opened(new Socket(AF_UNIX, SOCK_DGRAM))
  assert.throws(() => socket.set(SO_ATTACH_BPF, socket.fd), { code: 'EINVAL', syscall: 'setsockopt SO_ATTACH_BPF' })
  assert.throws(() => socket.set(SO_ATTACH_BPF, -1), { code: 'EBADF' })
  assert.throws(() => socket.set(SO_ATTACH_REUSEPORT_EBPF, -1), { code: 'EBADF' })
})
