// Options of packet sockets that are no single int.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  PACKET_ADD_MEMBERSHIP,
  PACKET_DROP_MEMBERSHIP,
  PACKET_FANOUT,
  PACKET_FANOUT_CBPF,
  PACKET_FANOUT_DATA,
  PACKET_FANOUT_FLAG_ROLLOVER,
  PACKET_FANOUT_LB,
  PACKET_MR_MULTICAST,
  PACKET_MR_PROMISC,
  PACKET_ROLLOVER_STATS,
  PACKET_STATISTICS,
  BPF_K,
  BPF_RET,
} from '../../../src/index.ts'
import { closedAfterEach } from '../../support/opened.ts'
import { askPython } from '../../support/python.ts'
import { kindNeeds, open } from './kinds.ts'

const opened = closedAfterEach()
const skip = kindNeeds('packet')

test('PACKET_STATISTICS starts with nothing', { skip }, () => {
  assert.deepEqual(opened(open('packet')).get(PACKET_STATISTICS), { packets: 0, drops: 0 })
})

/** Reads and sets by Python, which has sockets of its own: it agrees about the layout of `struct packet_mreq`. */
const PACK = `
import struct
def answer(question):
    index, kind, address = question
    return list(struct.pack('iHH8s', index, kind, len(address), bytes(address)))`

test('PACKET_ADD_MEMBERSHIP and PACKET_DROP_MEMBERSHIP: an interface listens to more, and stops', { skip }, () => {
  const address = Uint8Array.of(1, 0, 0x5e, 1, 2, 3)
  const [expected] = askPython<number[]>(PACK, [[1, PACKET_MR_MULTICAST, [...address]]])
  const membership = { interface: 'lo', type: PACKET_MR_MULTICAST, address }
  assert.deepEqual([...PACKET_ADD_MEMBERSHIP.codec.write(membership, 'value')], expected)
  const socket = opened(open('packet')).set(PACKET_ADD_MEMBERSHIP, { interface: 'lo', type: PACKET_MR_PROMISC })
  socket.set(PACKET_DROP_MEMBERSHIP, { interface: 1, type: PACKET_MR_PROMISC })
  assert.throws(() => socket.set(PACKET_ADD_MEMBERSHIP, { interface: 0x7fffffff, type: PACKET_MR_PROMISC }), {
    code: 'ENODEV',
  })
})

test('PACKET_FANOUT: a group that is not bound yet is refused', { skip }, () => {
  const socket = opened(open('packet'))
  assert.deepEqual(socket.get(PACKET_FANOUT), { group: 0, mode: 0 })
  assert.throws(() => socket.set(PACKET_FANOUT, { group: 1, mode: 99 }), { code: 'EINVAL' })
  assert.throws(() => socket.set(PACKET_FANOUT_DATA, [{ code: BPF_RET | BPF_K, k: 0 }]), { code: 'EINVAL' })
  assert.throws(() => socket.get(PACKET_ROLLOVER_STATS), { code: 'EINVAL' })
  const mode = PACKET_FANOUT_LB | PACKET_FANOUT_FLAG_ROLLOVER
  const group = process.pid & 0xffff
  assert.deepEqual(PACKET_FANOUT.codec.read(PACKET_FANOUT.codec.write({ group, mode }, 'value')), { group, mode })
  assert.equal(PACKET_FANOUT_CBPF, 6)
})
