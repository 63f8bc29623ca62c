// Who sent a datagram: the address, the text and the key of a source, against what Python says of itself.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { abstract, AF_INET6, AF_UNIX, type AnyAddress, inet6, SOCK_DGRAM, Socket } from '../../src/index.ts'
import { boundDatagram, portOf } from '../support/connections.ts'
import { closedAfterEach, condition } from '../support/opened.ts'
import { PythonPeer } from '../support/python-peer.ts'

const opened = closedAfterEach()
let python: PythonPeer
before(() => {
  python = new PythonPeer()
})
after(() => python.end())

interface Seen {
  readonly address: string
  readonly text: string
  readonly key: string
  readonly family: string
}

/** Hands `socket` to the handler form; returns what each of `count` datagrams said of its source. */
async function sourcesOf(socket: Socket, count: number, send: () => Promise<unknown>): Promise<Seen[]> {
  const seen: Seen[] = []
  const all = condition()
  opened(
    socket.receiveWith({
      datagram(_channel, _bytes, source) {
        const address = source.toAddress()
        seen.push({ address: String(address), text: source.toString(), key: source.key, family: address.family })
        if (seen.length === count) all.fulfil()
      },
    }),
  )
  await send()
  await all.promise
  return seen
}

const unixName = `berkeley-${process.pid}-source`
const FAMILIES: Readonly<Record<string, { bound: () => Socket; to: (socket: Socket) => string; setUp: string }>> = {
  inet: {
    bound: boundDatagram,
    to: (socket) => `('127.0.0.1', ${portOf(socket)})`,
    setUp: `senders = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(3)]
for s in senders: s.bind(('127.0.0.1', 0))
names = ['%s:%d' % s.getsockname() for s in senders]`,
  },
  inet6: {
    bound: () => new Socket(AF_INET6, SOCK_DGRAM).bind(inet6('::1', 0)),
    to: (socket) => `('::1', ${portOf(socket)})`,
    setUp: `senders = [socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) for _ in range(3)]
for s in senders: s.bind(('::1', 0))
names = ['[%s]:%d' % s.getsockname()[:2] for s in senders]`,
  },
  unix: {
    bound: () => new Socket(AF_UNIX, SOCK_DGRAM).bind(abstract(unixName)),
    to: () => `'\\0${unixName}'`,
    setUp: `senders = [socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) for _ in range(3)]
for i, s in enumerate(senders): s.bind('\\0${unixName}-' + 'long' * i)
names = ['@' + s.getsockname()[1:].decode() for s in senders]`,
  },
}

for (const [family, { bound, to, setUp }] of Object.entries(FAMILIES)) {
  test(`${family}: a source is the sender's address, and its key one for each sender`, async () => {
    const socket = bound()
    await python.ask(setUp)
    const target = to(socket)
    const seen = await sourcesOf(socket, 6, () =>
      python.ask(`[s.sendto(b'x', ${target}) for _ in range(2) for s in senders]`),
    )
    const names = await python.ask<string[]>('names')
    assert.deepEqual(
      seen.map(({ address }) => address),
      [...names, ...names],
    )
    for (const { address, text, family: own } of seen) assert.deepEqual([text, own], [address, family])
    const keys = seen.map(({ key }) => key)
    assert.equal(new Set(keys).size, 3)
    assert.deepEqual(keys.slice(0, 3), keys.slice(3))
    await python.ask('[s.close() for s in senders]')
  })
}

test('unix: senders without a name cannot be told apart: the address is unnamed, and the key empty', async () => {
  const socket = new Socket(AF_UNIX, SOCK_DGRAM).bind(abstract(`${unixName}-unnamed`))
  const seen = await sourcesOf(socket, 2, () =>
    python.ask(`for _ in range(2):
    s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.sendto(b'x', '\\0${unixName}-unnamed'); s.close()`),
  )
  assert.deepEqual(seen[0], seen[1])
  assert.deepEqual([seen[0]?.key, seen[0]?.family], ['', 'unix'])
})

test('toAddress is for keeping: it answers long after the call, while other datagrams come', async () => {
  const socket = boundDatagram()
  const port = portOf(socket)
  const all = condition()
  const kept: AnyAddress[] = []
  const channel = opened(
    socket.receiveWith({
      datagram(_channel, _bytes, source) {
        kept.push(source.toAddress())
        if (kept.length === 3) all.fulfil()
      },
    }),
  )
  await python.ask(`${FAMILIES['inet']!.setUp}
for s in senders: s.sendto(b'x', ('127.0.0.1', ${port}))`)
  await all.promise
  for (const address of kept) channel.send(Uint8Array.of(0x79), address)
  assert.deepEqual(await python.ask(`[s.recv(10).decode() for s in senders]`), ['y', 'y', 'y'])
  await python.ask('[s.close() for s in senders]')
})
