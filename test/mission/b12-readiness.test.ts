// B12: select, poll and a selector, over any mix of descriptors. (test/socket/readiness-oracle.test.ts asks Python about
// the same descriptors, state by state.)
import assert from 'node:assert/strict'
import { closeSync } from 'node:fs'
import { test } from 'node:test'
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  EVENT_READ,
  EVENT_WRITE,
  inet6,
  MSG_OOB,
  poll,
  POLLIN,
  POLLOUT,
  POLLPRI,
  select,
  Selector,
  SOCK_DGRAM,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  Socket,
  socketpair,
  type PollTarget,
} from '../../src/index.ts'
import { boundDatagram, bytes, closeAll, listening, tcpPair } from '../support/connections.ts'
import { moduleOf } from '../support/child.ts'
import { needs } from '../support/needs.ts'
import { PythonPeer } from '../support/python-peer.ts'
import { pipe } from '../support/readiness-oracle.ts'

test(
  'B12: of any mix, select gives exactly those that are readable, writable, exceptional',
  { skip: needs({ program: 'mkfifo' }) },
  async () => {
    const [busy, idle, urgent] = [await tcpPair(), await tcpPair(), await tcpPair()]
    const listener = listening()
    const six = new Socket(AF_INET6, SOCK_DGRAM).bind(inet6('::1', 0))
    const four = boundDatagram()
    const [record, recordPeer] = socketpair(SOCK_SEQPACKET)
    const { reader, writer } = pipe()
    const caller = new Socket(AF_INET, SOCK_STREAM)
    await caller.connect(listener.localAddress)
    await busy.client.send(bytes('x'))
    await urgent.client.send(bytes('!'), { flags: MSG_OOB })
    await select([], [], [urgent.server])
    await recordPeer.send(bytes('record'))
    const sender = new Socket(AF_INET6, SOCK_DGRAM)
    await sender.sendTo(bytes('x'), six.localAddress)
    const all: PollTarget[] = [busy.server, idle.server, urgent.server, listener, six, four, record, reader, writer]
    await six.whenReadable()
    await busy.server.whenReadable()
    const [readable, writable, exceptional] = await select(all, all, all)
    assert.deepEqual(readable, [busy.server, listener, six, record])
    assert.deepEqual(writable, [busy.server, idle.server, urgent.server, six, four, record, writer])
    assert.deepEqual(exceptional, [urgent.server])
    const polled = await poll(all.map((target) => ({ target, events: POLLIN | POLLOUT | POLLPRI })))
    assert.deepEqual(
      polled.map(({ target, revents }) => [all.indexOf(target), revents]),
      [
        [0, POLLIN | POLLOUT],
        [1, POLLOUT],
        [2, POLLOUT | POLLPRI],
        [3, POLLIN],
        [4, POLLIN | POLLOUT],
        [5, POLLOUT],
        [6, POLLIN | POLLOUT],
        [8, POLLOUT],
      ],
    )
    closeSync(reader)
    closeSync(writer)
    closeAll(listener, six, four, record, recordPeer, caller, sender)
    for (const { client, server } of [busy, idle, urgent]) closeAll(client, server)
  },
)

test('B12: each ready key of a selector comes back with its mask and the program’s data', async () => {
  const [one, two] = [await tcpPair(), await tcpPair()]
  const selector = new Selector<{ readonly name: string }>()
  const data = { name: 'one' }
  const key = selector.register(one.server, EVENT_READ | EVENT_WRITE, data)
  const other = selector.register(two.server, EVENT_READ, { name: 'two' })
  assert.deepEqual(await selector.select(), [[key, EVENT_WRITE]])
  assert.equal(key.data, data)
  await one.client.send(bytes('x'))
  await two.client.send(bytes('x'))
  await two.server.whenReadable()
  await one.server.whenReadable()
  const found = new Map(await selector.select())
  assert.deepEqual(
    [...found].toSorted(([a], [b]) => a.fd - b.fd),
    [
      [key, EVENT_READ | EVENT_WRITE],
      [other, EVENT_READ],
    ],
  )
  selector.close()
  for (const { client, server } of [one, two]) closeAll(client, server)
})

test(
  'B12: what Python sends wakes select, whichever of many sockets it sends to',
  { skip: needs({ program: 'python3' }) },
  async () => {
    const python = new PythonPeer()
    const listener = listening()
    await python.ask(
      `made = [socket.create_connection(('127.0.0.1', ${'port' in listener.localAddress ? listener.localAddress.port : 0})) for _ in range(20)]`,
    )
    const peers: Socket[] = []
    for (let i = 0; i < 20; i++) peers.push((await listener.accept()).peer)
    for (const i of [3, 19, 0, 7]) {
      const waiting = select(peers)
      const [, [readable]] = await Promise.all([python.ask(`made[${i}].send(b'x')`), waiting])
      assert.deepEqual(readable, [peers[i]])
      await peers[i]!.recv(new Uint8Array(1))
    }
    closeAll(listener, ...peers)
    await python.end()
  },
)

const EVENTFD = `
import os, subprocess, sys
fd = os.eventfd(0, os.EFD_NONBLOCK)
child = subprocess.Popen([sys.argv[1], '--input-type=module', '--eval', sys.argv[2], str(fd)], pass_fds=[fd], stdout=subprocess.PIPE)
print(child.stdout.readline().decode(), end='')
os.eventfd_write(fd, 5)
print(child.stdout.read().decode(), end='', flush=True)
sys.exit(child.wait())
`

test('B12: an eventfd of another program’s is waited on', { skip: needs({ program: 'python3' }) }, async () => {
  const { spawnSync } = await import('node:child_process')
  const program = `
    import { readSync } from 'node:fs'
    import { EVENT_READ, pollNow, POLLIN, select, Selector, whenReadable } from ${moduleOf('index')}
    const fd = Number(process.argv[1])
    console.log(pollNow([{ target: fd, events: POLLIN }]).length)
    const [[readable]] = await Promise.all([select([fd]), whenReadable(fd)])
    const selector = new Selector()
    const key = selector.register(fd, EVENT_READ)
    const [[found, mask]] = await selector.select()
    selector.close()
    const count = new BigUint64Array(1)
    await whenReadable(fd, () => readSync(fd, count) === 8)
    console.log(readable.length, found === key, mask, count[0])
  `
  const { stdout, stderr } = spawnSync('python3', ['-c', EVENTFD, process.execPath, program], { encoding: 'utf8' })
  assert.deepEqual([stdout, stderr], ['0\n1 true 1 5n\n', ''])
})

test('B12: a thousand sockets and more, beyond what select(2) itself can do', async () => {
  const pairs: [Socket, Socket][] = []
  for (let i = 0; i < 600; i++) pairs.push(socketpair(SOCK_STREAM))
  const numbers = pairs.flatMap(([one, other]) => [one.fd, other.fd])
  assert.ok(Math.max(...numbers) >= 1024)
  const readers = pairs.map(([, other]) => other)
  const waiting = select(readers)
  await pairs[599]![0].send(bytes('x'))
  const [readable] = await waiting
  assert.equal(readable.length, 1)
  assert.equal(readable[0], pairs[599]![1])
  assert.equal(pairs[0]![0].family, AF_UNIX)
  closeAll(...pairs.flat())
})
