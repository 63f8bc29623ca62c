// poll and pollNow: masks, order, and descriptors that are none.
import assert from 'node:assert/strict'
import { closeSync, openSync } from 'node:fs'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  AF_INET,
  poll,
  POLLERR,
  POLLHUP,
  POLLIN,
  POLLNVAL,
  pollNow,
  type PollTarget,
  POLLOUT,
  POLLPRI,
  POLLRDHUP,
  SHUT_WR,
  SOCK_STREAM,
  Socket,
  socketpair,
} from '../../src/index.ts'
import { bytes, closeAll, tcpPair } from '../support/connections.ts'
import { sample, seedNote } from '../support/property.ts'

const NOBODY: PollTarget = 0x7ffffff0

test('pollNow tells what is ready, in the order of the list, without waiting', async () => {
  const { client, server } = await tcpPair()
  assert.deepEqual(pollNow([{ target: server, events: POLLIN }]), [])
  const entries = [
    { target: client, events: POLLIN },
    { target: server, events: POLLOUT | POLLIN },
    { target: client, events: POLLOUT },
  ]
  assert.deepEqual(pollNow(entries), [
    { target: server, events: POLLOUT | POLLIN, fd: server.fd, revents: POLLOUT },
    { target: client, events: POLLOUT, fd: client.fd, revents: POLLOUT },
  ])
  closeAll(client, server)
})

test('poll waits, and a hang-up and an error come though nobody asked', async () => {
  const [one, other] = socketpair()
  const waiting = poll([{ target: one, events: 0 }])
  other.close()
  assert.deepEqual(await waiting, [{ target: one, events: 0, fd: one.fd, revents: POLLHUP }])
  one.close()
  const { client, server } = await tcpPair()
  client.abort()
  const [result] = await poll([{ target: server, events: POLLPRI }])
  assert.equal(result?.revents, POLLERR | POLLHUP)
  server.close()
})

test('POLLRDHUP is the end of the peer’s sending', async () => {
  const { client, server } = await tcpPair()
  const waiting = poll([{ target: server, events: POLLRDHUP }])
  client.shutdown(SHUT_WR)
  assert.equal((await waiting)[0]?.revents, POLLRDHUP)
  closeAll(client, server)
})

test('a number that no descriptor has is POLLNVAL, and does not hide the others', async () => {
  const socket = new Socket(AF_INET, SOCK_STREAM)
  const ready = await poll<PollTarget>([
    { target: NOBODY, events: POLLIN },
    { target: socket, events: POLLOUT },
  ])
  assert.deepEqual(
    ready.map(({ revents }) => revents),
    [POLLNVAL, POLLOUT | POLLHUP],
  )
  socket.close()
  await assert.rejects(poll([{ target: socket, events: POLLIN }]), { code: 'ERR_SOCKET_CLOSED' })
  assert.throws(() => pollNow([{ target: socket, events: POLLIN }]), { code: 'ERR_SOCKET_CLOSED' })
})

test('the end of the time is an empty list', async () => {
  const { client, server } = await tcpPair()
  assert.deepEqual(await poll([{ target: server, events: POLLIN }], { timeout: 5 }), [])
  assert.deepEqual(await poll([], { timeout: 1 }), [])
  assert.deepEqual(pollNow([]), [])
  closeAll(client, server)
})

test('a file that is asked for what files never have does not keep the others from being waited on', async () => {
  const [one, other] = socketpair()
  const file = openSync(import.meta.filename, 'r')
  const waiting = poll<PollTarget>([
    { target: file, events: POLLPRI },
    { target: one, events: POLLIN },
  ])
  await other.send(bytes('x'))
  assert.deepEqual(
    (await waiting).map(({ target }) => target),
    [one],
  )
  closeSync(file)
  closeAll(one, other)
})

test('wrong entries are told', async () => {
  const loose = poll as (...values: unknown[]) => Promise<unknown>
  const type = { code: 'ERR_INVALID_ARG_TYPE' }
  for (const wrong of [undefined, {}, [null], [5], [{ target: 0 }], [{ target: 0, events: 'x' }]]) {
    await assert.rejects(loose(wrong), type)
  }
  for (const wrong of [-1, 0x8000, 1.5, Number.NaN]) {
    await assert.rejects(loose([{ target: 0, events: wrong }]), { code: 'ERR_OUT_OF_RANGE' })
  }
  await assert.rejects(loose([{ target: -1, events: 1 }]), { message: /"entries\[0\]\.target"/ })
})

test('of many pairs exactly those with data are found', async () => {
  for (const flags of sample(fc.array(fc.boolean(), { minLength: 1, maxLength: 100 }), 20)) {
    const pairs = flags.map(() => socketpair())
    const chosen = pairs.filter((_, i) => flags[i])
    for (const [one] of chosen) await one.send(bytes('x'))
    const found = pollNow(pairs.map(([, other]) => ({ target: other, events: POLLIN })))
    assert.deepEqual(
      found.map(({ target }) => target.fd),
      chosen.map(([, other]) => other.fd),
      seedNote,
    )
    closeAll(...pairs.flat())
  }
})
