// Selector: keys, levels, what becomes of those that are closed, and how it ends.
import assert from 'node:assert/strict'
import { closeSync, openSync, writeSync } from 'node:fs'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  AF_INET,
  EVENT_READ,
  EVENT_WRITE,
  POLLIN,
  pollNow,
  select,
  Selector,
  SOCK_STREAM,
  Socket,
  socketpair,
  statistics,
} from '../../src/index.ts'
import { moduleOf, runProgram } from '../support/child.ts'
import { bytes, closeAll, listening, pattern, tcpPair } from '../support/connections.ts'
import { needs } from '../support/needs.ts'
import { sample, seedNote } from '../support/property.ts'
import { pipe } from '../support/readiness-oracle.ts'

const BOTH = EVENT_READ | EVENT_WRITE

test('a key carries the target, its number, the events and the data', async () => {
  const { client, server } = await tcpPair()
  const selector = new Selector<string>()
  const key = selector.register(server, EVENT_READ, 'the server')
  assert.deepEqual(key, { target: server, fd: server.fd, events: EVENT_READ, data: 'the server' })
  selector.register(client.fd, BOTH, 'a bare number')
  assert.deepEqual(
    selector.keys().map(({ data }) => data),
    ['the server', 'a bare number'],
  )
  assert.equal(selector.getKey(server), key)
  assert.equal(selector.getKey(client)?.data, 'a bare number')
  assert.deepEqual(await selector.select(), [[selector.getKey(client), EVENT_WRITE]])
  await client.send(bytes('x'))
  const changed = selector.modify(client, EVENT_READ, 'changed')
  assert.deepEqual(changed, { target: client.fd, fd: client.fd, events: EVENT_READ, data: 'changed' })
  assert.deepEqual(await selector.select(), [[key, EVENT_READ]])
  assert.equal(selector.unregister(server), key)
  assert.equal(selector.getKey(server), undefined)
  assert.deepEqual(await selector.select({ timeout: 0 }), [])
  selector.close()
  closeAll(client, server)
})

test('it is level-triggered: what is unread is told again', async () => {
  const [one, other] = socketpair()
  const selector = new Selector()
  const key = selector.register(other, EVENT_READ)
  await one.send(bytes('ab'))
  for (let i = 0; i < 3; i++) assert.deepEqual(await selector.select(), [[key, EVENT_READ]])
  await other.recv(new Uint8Array(1))
  assert.deepEqual(await selector.select(), [[key, EVENT_READ]])
  await other.recv(new Uint8Array(1))
  assert.deepEqual(await selector.select({ timeout: 1 }), [])
  selector.close()
  closeAll(one, other)
})

test('registering, and asking for more, reaches a select that waits', async () => {
  const { client, server } = await tcpPair()
  const selector = new Selector()
  const waiting = selector.select()
  const key = selector.register(client, EVENT_WRITE)
  assert.deepEqual(await waiting, [[key, EVENT_WRITE]])
  const reading = selector.modify(client, EVENT_READ)
  const more = selector.select()
  selector.modify(client, BOTH)
  assert.equal((await more)[0]?.[1], EVENT_WRITE)
  assert.notEqual(selector.getKey(client), reading)
  const last = selector.select()
  selector.unregister(client)
  const other = selector.register(server, EVENT_READ)
  await client.send(bytes('x'))
  const found = await last
  assert.ok(found.length === 1)
  assert.deepEqual(await selector.select(), [[other, EVENT_READ]])
  selector.close()
  closeAll(client, server)
})

test('a socket that is closed, or handed on, is unregistered, and the wait goes on', async () => {
  const [one, two] = [socketpair(), socketpair()]
  const selector = new Selector<number>()
  for (const [i, socket] of [one[0], one[1], two[0], two[1]].entries()) selector.register(socket, EVENT_READ, i)
  const waiting = selector.select()
  const number = one[0].fd
  one[0].close()
  assert.deepEqual(
    selector.keys().map(({ data }) => data),
    [1, 2, 3],
  )
  assert.deepEqual(
    (await waiting).map(([{ data }]) => data),
    [1],
  )
  selector.unregister(one[1])
  const connection = two[0].handleWith({ data() {} })
  assert.equal(selector.getKey(connection), undefined)
  assert.equal(selector.getKey(one[0]), undefined)
  assert.throws(() => selector.unregister(one[0]), { code: 'ERR_SOCKET_CLOSED' })
  // The number is another socket's now, which nobody registered.
  const reused = new Socket(AF_INET, SOCK_STREAM)
  assert.equal(reused.fd, number)
  assert.equal(selector.getKey(reused), undefined)
  selector.register(reused, EVENT_WRITE, 9)
  assert.equal((await selector.select())[0]?.[0].data, 9)
  connection.abort()
  selector.close()
  closeAll(one[1], two[1], reused)
})

test('a socket that has a duplicate is unregistered for good when it is closed', async () => {
  const [one, other] = socketpair()
  const selector = new Selector()
  const duplicate = other.dup()
  selector.register(other, EVENT_READ)
  other.close()
  await one.send(bytes('x'))
  assert.deepEqual(await selector.select({ timeout: 1 }), [])
  assert.deepEqual(pollNow([{ target: selector, events: POLLIN }]), [])
  const key = selector.register(duplicate, EVENT_READ)
  assert.deepEqual(await selector.select(), [[key, EVENT_READ]])
  selector.close()
  closeAll(one, duplicate)
})

test('a socket registered by two numbers has two keys', async () => {
  const [one, other] = socketpair()
  const duplicate = other.dup()
  const selector = new Selector()
  const keys = [selector.register(other, EVENT_READ), selector.register(duplicate, EVENT_READ)]
  await one.send(bytes('x'))
  const ready = await selector.select()
  assert.deepEqual(
    ready.map(([{ fd }]) => fd).toSorted((a, b) => a - b),
    keys.map(({ fd }) => fd).toSorted((a, b) => a - b),
  )
  selector.close()
  closeAll(one, other, duplicate)
})

test('a number that someone else closed can be registered anew', { skip: needs({ program: 'mkfifo' }) }, async () => {
  const first = pipe()
  const selector = new Selector<string>()
  selector.register(first.reader, EVENT_READ, 'first')
  closeSync(first.writer)
  closeSync(first.reader)
  const second = pipe()
  assert.equal(second.reader, first.reader)
  const key = selector.register(second.reader, EVENT_READ, 'second')
  assert.deepEqual(selector.keys(), [key])
  writeSync(second.writer, 'x')
  assert.deepEqual(await selector.select(), [[key, EVENT_READ]])
  closeSync(second.reader)
  assert.equal(selector.unregister(second.reader), key)
  closeSync(second.writer)
  selector.close()
})

test('what was received before comes as readable, though the kernel has nothing', async () => {
  const [client, server] = socketpair()
  const length = 70_000 // more than the engine receives at once, and all of it in the kernel
  assert.equal(await server.send(pattern(length)), length)
  let left = length
  const socket = await new Promise<Socket>((resolve) => {
    client.handleWith({
      data(connection, part) {
        connection.pause()
        left -= part.length
        // Behind this turn, in which the engine has received the rest, too.
        setImmediate(() => resolve(Socket.takeOver(connection)))
      },
    })
  })
  assert.ok(left > 0)
  assert.deepEqual(pollNow([{ target: socket.fd, events: POLLIN }]), [])
  assert.equal(pollNow([{ target: socket, events: POLLIN }])[0]?.revents, POLLIN)
  const selector = new Selector()
  const key = selector.register(socket, EVENT_READ)
  assert.deepEqual(await selector.select(), [[key, EVENT_READ]])
  assert.deepEqual(await select([socket]), [[socket], [], []])
  const waiting = selector.modify(socket, EVENT_WRITE)
  assert.deepEqual(await selector.select(), [[waiting, EVENT_WRITE]])
  const again = selector.modify(socket, EVENT_READ)
  assert.deepEqual(await selector.select(), [[again, EVENT_READ]])
  await socket.recvExactly(new Uint8Array(left))
  assert.deepEqual(await selector.select({ timeout: 1 }), [])
  selector.close()
  closeAll(socket, server)
})

test('close ends a wait, and all that follows is refused; what was registered stays open', async () => {
  const listener = listening()
  const selector = new Selector()
  selector.register(listener, EVENT_READ)
  assert.equal(typeof selector.fd, 'number')
  const waiting = assert.rejects(selector.select(), { code: 'ERR_SOCKET_CLOSED' })
  await assert.rejects(selector.select(), { code: 'ERR_SOCKET_BUSY' })
  selector.close()
  selector.close()
  await waiting
  const closed = { code: 'ERR_SOCKET_CLOSED' }
  assert.equal(selector.isClosed, true)
  for (const use of [
    () => selector.fd,
    () => selector.keys(),
    () => selector.getKey(listener),
    () => selector.register(listener, EVENT_READ),
    () => selector.modify(listener, EVENT_READ),
    () => selector.unregister(listener),
  ]) {
    assert.throws(use, closed)
  }
  await assert.rejects(selector.select(), closed)
  assert.equal(listener.isClosed, false)
  listener.close()
})

test('a selector can be watched by another', async () => {
  const [one, other] = socketpair()
  const [inner, outer] = [new Selector(), new Selector()]
  inner.register(other, EVENT_READ)
  const key = outer.register(inner, EVENT_READ)
  const waiting = outer.select()
  await one.send(bytes('x'))
  assert.deepEqual(await waiting, [[key, EVENT_READ]])
  inner.close()
  outer.close()
  closeAll(one, other)
})

test('a signal ends a wait', async () => {
  const selector = new Selector()
  const controller = new AbortController()
  const waiting = assert.rejects(selector.select({ signal: controller.signal }), { message: 'enough' })
  controller.abort(new Error('enough'))
  await waiting
  await assert.rejects(selector.select({ signal: controller.signal }), { message: 'enough' })
  assert.deepEqual(await selector.select({ timeout: 1 }), [])
  selector.close()
})

test('wrong arguments, what is registered and what is not', async () => {
  const [one, other] = socketpair()
  const selector = new Selector()
  const value = { code: 'ERR_INVALID_ARG_VALUE' }
  for (const events of [0, 4, -1, 1.5, Number.NaN]) {
    assert.throws(() => selector.register(one, events), { code: 'ERR_OUT_OF_RANGE' })
  }
  assert.throws(() => selector.register(one, 'r' as unknown as number), { code: 'ERR_INVALID_ARG_TYPE' })
  assert.throws(() => selector.register('x' as unknown as number, EVENT_READ), { code: 'ERR_INVALID_ARG_TYPE' })
  assert.throws(() => selector.register(-1, EVENT_READ), { code: 'ERR_OUT_OF_RANGE' })
  assert.throws(() => selector.unregister(one), value)
  assert.throws(() => selector.modify(one, EVENT_READ), value)
  selector.register(one, EVENT_READ)
  assert.throws(() => selector.register(one, EVENT_WRITE), value)
  assert.throws(() => selector.register(one.fd, EVENT_WRITE), value)
  assert.throws(() => selector.register(0x7ffffff0, EVENT_READ), { code: 'EBADF' })
  const file = openSync(import.meta.filename, 'r')
  assert.throws(() => selector.register(file, EVENT_READ), { code: 'EPERM', message: /always ready/ })
  closeSync(file)
  assert.equal(selector.keys().length, 1)
  await assert.rejects(selector.select({ timeout: -1 }), { code: 'ERR_OUT_OF_RANGE' })
  selector.close()
  closeAll(one, other)
})

test('over random histories it tells exactly those that have something', async () => {
  const step = fc.record({ pair: fc.nat(9), act: fc.constantFrom('send', 'read', 'register', 'unregister') })
  for (const steps of sample(fc.array(step, { maxLength: 80 }), 30)) {
    const pairs = Array.from({ length: 10 }, () => socketpair())
    const waiting = pairs.map(() => 0)
    const registered = new Set<number>()
    const selector = new Selector<number>()
    for (const { pair, act } of steps) {
      const [one, other] = pairs[pair]!
      if (act === 'send') waiting[pair]! += await one.send(bytes('x'))
      if (act === 'read' && waiting[pair]! > 0) waiting[pair]! -= await other.recv(new Uint8Array(2))
      if (act === 'register' && !registered.has(pair)) {
        registered.add(pair)
        selector.register(other, EVENT_READ, pair)
      }
      if (act === 'unregister' && registered.delete(pair)) selector.unregister(other)
      const found = await selector.select({ timeout: 0 })
      assert.deepEqual(
        found.map(([{ data }]) => data).toSorted((a, b) => a - b),
        [...registered].filter((i) => waiting[i]! > 0).toSorted((a, b) => a - b),
        seedNote,
      )
    }
    selector.close()
    closeAll(...pairs.flat())
  }
})

test('one that waits keeps the process alive, unless it is unref’ed', () => {
  const { stdout, stderr } = runProgram(`
    import { Selector } from ${moduleOf('index')}
    void new Selector().unref().select().then(() => console.log('never'))
    const other = new Selector()
    await other.select({ timeout: 5 })
    console.log('done')
  `)
  assert.deepEqual([stdout, stderr], ['done\n', ''])
})

test('it leaves no slot behind', () => {
  const before = statistics().descriptors
  for (let i = 0; i < 5; i++) new Selector().close()
  assert.equal(statistics().descriptors, before)
})
