// A read that is short does not always mean that a stream is drained. What is behind comes without another event.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { abstract, AF_UNIX, SHUT_WR, SOCK_STREAM, Socket, socketpair } from '../../src/index.ts'
import { listening, pattern, portOf, receiveAll, text } from '../support/connections.ts'
import { closedAfterEach, condition } from '../support/opened.ts'
import { PythonPeer } from '../support/python-peer.ts'

const opened = closedAfterEach()
let python: PythonPeer
before(() => {
  python = new PythonPeer()
})
after(() => python.end())

type Family = 'TCP' | 'Unix'
let count = 0

/** A connection whose other end Python calls `peer`, after one byte has come through it. */
async function connected(family: Family): Promise<Socket> {
  const name = `berkeley-${process.pid}-short-${++count}`
  const listener = opened(
    family === 'TCP' ? listening() : new Socket(AF_UNIX, SOCK_STREAM).bind(abstract(name)).listen(),
  )
  const where = family === 'TCP' ? `socket.create_connection(('127.0.0.1', ${portOf(listener)}))` : 'unix()'
  await python.ask(`def unix():
    s = socket.socket(socket.AF_UNIX); s.connect('\\0${name}'); return s
peer = ${where}`)
  const socket = opened((await listener.accept()).peer)
  const first = socket.recv(new Uint8Array(8))
  await python.ask("peer.send(b'1')")
  await first
  return socket
}

/** What makes the kernel stop a read, and what has come in all. */
const STOPS: Record<string, { family: Family; send: string; content: string }> = {
  "TCP's urgent data": {
    family: 'TCP',
    send: "peer.send(b'before'); peer.send(b'!', socket.MSG_OOB); peer.send(b' and after')",
    content: 'before and after',
  },
  'descriptors over a Unix socket': {
    family: 'Unix',
    send: "[socket.send_fds(peer, [word], [0]) for word in (b'one ', b'two ', b'three')]",
    content: 'one two three',
  },
  'the end': { family: 'TCP', send: "(peer.send(b'last'), peer.shutdown(socket.SHUT_WR))", content: 'last' },
  'the end of a Unix stream': {
    family: 'Unix',
    send: "(peer.send(b'last'), peer.shutdown(socket.SHUT_WR))",
    content: 'last',
  },
}

const READERS: Record<string, (socket: Socket, length: number) => Promise<string>> = {
  async recv(socket, length) {
    const buffer = new Uint8Array(64)
    let received = ''
    while (received.length < length) received += text(buffer, await socket.recv(buffer))
    return received
  },
  async read(socket, length) {
    let received = ''
    while (received.length < length) received += text(await socket.read())
    return received
  },
  async 'recv with a timeout'(socket, length) {
    const buffer = new Uint8Array(64)
    let received = ''
    while (received.length < length) received += text(buffer, await socket.recv(buffer, { timeout: 60_000 }))
    return received
  },
  async recvExactly(socket, length) {
    const buffer = new Uint8Array(length)
    await socket.recvExactly(buffer)
    return text(buffer)
  },
  async 'the handler form'(socket, length) {
    const done = condition()
    let received = ''
    opened(
      socket.handleWith({
        data(_connection, content) {
          received += text(content)
          if (received.length >= length) done.fulfil()
        },
      }),
    )
    await done.promise
    return received
  },
}

for (const [what, { family, send, content }] of Object.entries(STOPS)) {
  for (const [who, read] of Object.entries(READERS)) {
    for (const when of ['before', 'while'] as const) {
      test(`short reads: ${who}, past ${what}, which came ${when} it waited`, async () => {
        const socket = await connected(family)
        const sent = python.ask(send.startsWith('[') || send.startsWith('(') ? send : `exec(${JSON.stringify(send)})`)
        if (when === 'before') {
          await sent
          await new Promise(setImmediate)
        }
        assert.equal(await read(socket, content.length), content)
        await sent
        if (what.startsWith('the end') && who !== 'the handler form') {
          assert.equal(await socket.recv(new Uint8Array(1)), 0)
        }
        await python.ask('peer.close()')
      })
    }
  }
}

test('short reads: an end that comes at any moment is seen, whatever was waited for', async () => {
  for (let round = 0; round < 300; round++) {
    const [writer, reader] = socketpair()
    opened(writer)
    opened(reader)
    const content = pattern(1 + (round % 7) * 1000, round + 1)
    const received = receiveAll(reader, [16, 1000, 65_536][round % 3])
    if (round % 2 === 0) await new Promise(setImmediate)
    writer.trySend(content.subarray(0, round % content.length))
    for (let i = 0; i < round % 5; i++) await (i % 2 === 0 ? Promise.resolve() : new Promise(setImmediate))
    writer.trySend(content.subarray(round % content.length))
    for (let i = 0; i < round % 3; i++) await new Promise(setImmediate)
    writer.shutdown(SHUT_WR)
    assert.deepEqual(await received, content)
  }
})
