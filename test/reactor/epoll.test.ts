// Registrations with epoll: nothing spins, nothing is registered for longer than it is open, files are refused.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { test } from 'node:test'
import { SHUT_WR, SOCK_STREAM, type Socket, socketpair, statistics } from '../../src/index.ts'
import { KEEPS_MESSAGES, MESSAGE_BYTES, READABLE } from '../../src/reactor/engine.ts'
import { currentReactor, Descriptor } from '../../src/reactor/index.ts'
import { addon } from '../../src/sys/addon.ts'
import { F_GETFL, F_SETFL, O_NONBLOCK } from '../../src/sys/constants.ts'
import { bytes, tcpPair, text } from '../support/connections.ts'
import { closedAfterEach, condition } from '../support/opened.ts'

const opened = closedAfterEach()

function pair(type: number = SOCK_STREAM): [Socket, Socket] {
  const [one, other] = socketpair(type)
  return [opened(one), opened(other)]
}

/** How often the loop found the engine's descriptor readable while it went round so many times. */
async function turnsOf(rounds: number): Promise<number> {
  await new Promise(setImmediate)
  const { collects } = statistics()
  for (let i = 0; i < rounds; i++) await new Promise(setImmediate)
  return statistics().collects - collects
}

test('epoll: a paused connection whose peer hangs up or resets does not spin, and is told when it resumes', async () => {
  for (const how of ['close', 'abort'] as const) {
    const { client, server } = await tcpPair()
    opened(client)
    const events: string[] = []
    const closed = condition()
    const connection = opened(
      server.handleWith({
        open: (self) => void self.pause(),
        data: (_self, content) => void events.push(text(content)),
        close(_self, reason) {
          events.push((reason as { code?: string } | undefined)?.code ?? 'closed')
          closed.fulfil()
        },
      }),
    )
    client.trySend(bytes('unread'))
    client[how]()
    assert.equal(await turnsOf(100), 0)
    assert.deepEqual(events, [])
    connection.resume()
    await closed.promise
    assert.deepEqual(events, how === 'close' ? ['unread', 'closed'] : ['unread', 'ECONNRESET'])
  }
})

test('epoll: what nobody waits for does not spin: input, hang-ups, room to write', async () => {
  const [writer, reader] = pair()
  const buffer = new Uint8Array(16)
  // Registered from here on.
  const first = reader.recv(buffer)
  writer.trySend(bytes('1'))
  await first
  writer.trySend(bytes('2'))
  assert.ok((await turnsOf(100)) <= 1)
  writer.shutdown(SHUT_WR)
  assert.ok((await turnsOf(100)) <= 1)
  assert.equal(await reader.recv(buffer), 1)
  assert.equal(await reader.recv(buffer), 0)
  reader.close()
  assert.equal(await turnsOf(100), 0)
})

test('epoll: readiness that came while nobody waited is given to whoever waits next', async () => {
  const [writer, reader] = pair()
  const buffer = new Uint8Array(16)
  for (let i = 0; i < 20; i++) {
    const waiting = reader.recv(buffer)
    writer.trySend(bytes('now'))
    assert.equal(await waiting, 3)
    writer.trySend(bytes('later'))
    await turnsOf(i % 3) // the engine sees it before, or after, the next wait
    assert.equal(await reader.recv(buffer, i % 2 === 0 ? undefined : { timeout: 60_000 }), 5)
  }
})

test('epoll: a full read leaves the rest to the next, without another event', async () => {
  const [writer, reader] = pair()
  const buffer = new Uint8Array(4)
  const warm = reader.recv(buffer)
  writer.trySend(bytes('w'))
  await warm
  const waiting = reader.recv(buffer)
  writer.trySend(bytes('abcdefghij'))
  let received = text(buffer, await waiting)
  for (let i = 0; i < 2; i++) received += text(buffer, await reader.recv(buffer))
  assert.equal(received, 'abcdefghij')
})

test('epoll: a descriptor that another process still holds is registered no longer than it is open here', async () => {
  for (const form of ['promise', 'handler'] as const) {
    const [peer, socket] = pair()
    const child = spawn('sh', ['-c', 'read line'], { stdio: ['pipe', 'ignore', 'inherit', socket.fd] })
    const closed = once(child, 'close')
    await once(child, 'spawn')
    const waiting = form === 'promise' ? assert.rejects(socket.recv(new Uint8Array(1)), { name: 'ClosedError' }) : null
    const connection = form === 'handler' ? socket.handleWith({ data() {} }) : socket
    await turnsOf(1)
    connection.close()
    await waiting
    await turnsOf(2)
    const { staleEvents } = statistics()
    // The socket lives on in the child, and has something to read.
    assert.equal(peer.trySend(bytes('for nobody')), 10)
    assert.equal(await turnsOf(100), 0)
    assert.equal(statistics().staleEvents, staleEvents)
    child.stdin!.end('\n')
    await closed
  }
})

test('epoll: a descriptor that was detached is no longer registered', async () => {
  const [writer, reader] = pair()
  const connection = reader.handleWith({ data() {} })
  await turnsOf(1)
  const number = connection.reactor.detach(connection)
  writer.trySend(bytes('x'))
  assert.equal(await turnsOf(100), 0)
  assert.equal(addon().close(number), 0)
})

/** Any descriptor, with nothing but readiness. */
class Bare extends Descriptor {
  complete(): void {}
  settle(): void {}
}

test('epoll: a regular file is refused with EPERM, and stays open and usable', () => {
  const reactor = currentReactor()
  const file = openSync('/proc/self/exe', 'r')
  const bare = new Bare(reactor, file)
  reactor.attach(bare, KEEPS_MESSAGES, MESSAGE_BYTES)
  assert.throws(() => reactor.arm(bare, READABLE), { name: 'SocketError', code: 'EPERM', syscall: 'epoll_ctl' })
  assert.equal(bare.armed, 0)
  assert.equal(reactor.detach(bare), file)
  closeSync(file)
})

test('epoll: a descriptor without O_NONBLOCK never blocks the loop, and keeps its flags', async () => {
  const [one, other] = pair()
  const calls = addon()
  for (const { fd } of [one, other]) {
    assert.equal(calls.fcntl(fd, F_SETFL, calls.fcntl(fd, F_GETFL, 0) & ~O_NONBLOCK), 0)
  }
  const flags = calls.fcntl(other.fd, F_GETFL, 0)
  assert.equal(other.tryRecv(new Uint8Array(1)), undefined)
  const waiting = other.recv(new Uint8Array(1), { timeout: 60_000 })
  let sent = 0
  const connection = opened(one.handleWith({ data() {} }))
  const chunk = new Uint8Array(16_384)
  while (connection.queuedBytes < 1 << 20) {
    connection.send(chunk)
    sent += chunk.length
  }
  await waiting
  const buffer = new Uint8Array(65_536)
  let received = 1
  while (received < sent) received += await other.recv(buffer)
  assert.equal(received, sent)
  assert.equal(calls.fcntl(other.fd, F_GETFL, 0), flags)
})
