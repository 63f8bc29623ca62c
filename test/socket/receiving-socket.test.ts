// Receiving in the promise form: each method on each kind of socket, lengths and flags, with Python at the other end.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  abstract,
  AF_UNIX,
  type AnyAddress,
  EndOfStreamError,
  inet,
  MSG_OOB,
  MSG_PEEK,
  MSG_TRUNC,
  MSG_WAITALL,
  SOCK_DGRAM,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  Socket,
  unnamed,
} from '../../src/index.ts'
import { boundDatagram, bytes, listening, pattern, portOf, tcpPair, text } from '../support/connections.ts'
import { closedAfterEach } from '../support/opened.ts'
import { PythonPeer } from '../support/python-peer.ts'

const opened = closedAfterEach()
let python: PythonPeer
before(async () => {
  python = new PythonPeer()
  await python.ask(`def joined(family, kind, address):
    s = socket.socket(family, kind); s.connect(address); return s`)
})
after(() => python.end())

interface Kind {
  readonly keepsMessages: boolean
  /** Makes our socket, and a `peer` in Python that is connected to it. */
  connected(): Promise<{ socket: Socket; from: AnyAddress }>
}

let count = 0
const nextName = (): string => `berkeley-${process.pid}-receiving-${++count}`

async function unixConnection(type: number, kind: string): Promise<{ socket: Socket; from: AnyAddress }> {
  const name = nextName()
  const listener = opened(new Socket(AF_UNIX, type).bind(abstract(name)).listen())
  await python.ask(`peer = joined(socket.AF_UNIX, socket.${kind}, '\\0${name}')`)
  const { peer } = await listener.accept()
  return { socket: opened(peer), from: unnamed() }
}

const KINDS: Readonly<Record<string, Kind>> = {
  TCP: {
    keepsMessages: false,
    async connected() {
      const listener = opened(listening())
      await python.ask(`peer = joined(socket.AF_INET, socket.SOCK_STREAM, ('127.0.0.1', ${portOf(listener)}))`)
      const { peer, address } = await listener.accept()
      return { socket: opened(peer), from: address }
    },
  },
  'a Unix stream': { keepsMessages: false, connected: () => unixConnection(SOCK_STREAM, 'SOCK_STREAM') },
  'a Unix seqpacket socket': { keepsMessages: true, connected: () => unixConnection(SOCK_SEQPACKET, 'SOCK_SEQPACKET') },
  UDP: {
    keepsMessages: true,
    async connected() {
      const socket = opened(boundDatagram())
      await python.ask(`peer = joined(socket.AF_INET, socket.SOCK_DGRAM, ('127.0.0.1', ${portOf(socket)}))`)
      return { socket, from: inet('127.0.0.1', await python.ask<number>('peer.getsockname()[1]')) }
    },
  },
  'a Unix datagram socket': {
    keepsMessages: true,
    async connected() {
      const name = nextName()
      const socket = opened(new Socket(AF_UNIX, SOCK_DGRAM).bind(abstract(name)))
      await python.ask(`peer = joined(socket.AF_UNIX, socket.SOCK_DGRAM, '\\0${name}')`)
      return { socket, from: unnamed() }
    },
  },
}

/** Receives at most `length` bytes in one call; the bytes, and whether the call said that they were cut. */
type Method = (socket: Socket, length: number, flags?: number) => Promise<{ got: string; truncated?: boolean }>

const METHODS: Readonly<Record<string, Method>> = {
  async recv(socket, length, flags = 0) {
    const buffer = new Uint8Array(length)
    return { got: text(buffer, Math.min(length, await socket.recv(buffer, { flags }))) }
  },
  async 'recv without options'(socket, length, flags = 0) {
    if (flags !== 0) return METHODS['recv']!(socket, length, flags)
    const buffer = new Uint8Array(length)
    return { got: text(buffer, await socket.recv(buffer)) }
  },
  async read(socket, length, flags = 0) {
    return { got: text(await (flags === 0 ? socket.read(length) : socket.read(length, { flags }))) }
  },
  async recvFrom(socket, length, flags = 0) {
    const buffer = new Uint8Array(length)
    const { length: n, truncated } = await socket.recvFrom(buffer, { flags })
    return { got: text(buffer, n), truncated }
  },
  async readv(socket, length, flags = 0) {
    const buffer = new Uint8Array(length)
    const half = Math.floor(length / 2)
    const n = await socket.readv([buffer.subarray(0, half), buffer.subarray(half)], { flags })
    return { got: text(buffer, n) }
  },
  async tryRecv(socket, length, flags = 0) {
    const buffer = new Uint8Array(length)
    let n = socket.tryRecv(buffer, flags)
    for (; n === undefined; n = socket.tryRecv(buffer, flags)) await new Promise(setImmediate)
    return { got: text(buffer, n) }
  },
  async tryRecvFrom(socket, length, flags = 0) {
    const buffer = new Uint8Array(length)
    let received = socket.tryRecvFrom(buffer, flags)
    for (; received === undefined; received = socket.tryRecvFrom(buffer, flags)) await new Promise(setImmediate)
    return { got: text(buffer, received.length), truncated: received.truncated }
  },
}

for (const [kindName, kind] of Object.entries(KINDS)) {
  for (const [name, receive] of Object.entries(METHODS)) {
    test(`${name} on ${kindName}: one byte of a message, all of it, and more room than it takes`, async () => {
      const { socket } = await kind.connected()
      for (const length of [1, 3, 6, 7, 100_000]) {
        await python.ask("peer.send(b'abcdef')")
        const expected = 'abcdef'.slice(0, length)
        const { got, truncated } = await receive(socket, length)
        assert.equal(got, expected, `${length}`)
        if (truncated !== undefined) assert.equal(truncated, kind.keepsMessages && length < 6)
        // A stream keeps what did not fit, the others lose it.
        if (!kind.keepsMessages && length < 6) assert.equal((await receive(socket, 10)).got, 'abcdef'.slice(length))
      }
      assert.equal(socket.tryRecv(new Uint8Array(8)), undefined)
    })

    test(`${name} on ${kindName}: MSG_PEEK leaves the bytes for the next call`, async () => {
      const { socket } = await kind.connected()
      await python.ask("peer.send(b'abcdef')")
      assert.equal((await receive(socket, 4, MSG_PEEK)).got, 'abcd')
      assert.equal((await receive(socket, 10, MSG_PEEK)).got, 'abcdef')
      assert.equal((await receive(socket, 10)).got, 'abcdef')
    })

    test(`${name} on ${kindName} waits for what comes later`, async () => {
      const { socket } = await kind.connected()
      for (const message of ['one', 'two', 'three']) {
        const receiving = receive(socket, 16)
        await python.ask(`peer.send(b'${message}')`)
        assert.equal((await receiving).got, message)
      }
    })
  }
}

for (const [kindName, kind] of Object.entries(KINDS)) {
  test(`recvFrom and tryRecvFrom on ${kindName} name the sender`, async () => {
    const { socket, from } = await kind.connected()
    await python.ask("peer.send(b'one')")
    const { address } = await socket.recvFrom(new Uint8Array(8))
    assert.equal(String(address), String(from))
    await python.ask("peer.send(b'two')")
    while (socket.tryRecv(new Uint8Array(8), MSG_PEEK) === undefined) await new Promise(setImmediate)
    assert.equal(String(socket.tryRecvFrom(new Uint8Array(8))?.address), String(from))
  })
}

for (const [kindName, kind] of Object.entries(KINDS).filter(([, { keepsMessages }]) => keepsMessages)) {
  test(`MSG_TRUNC on ${kindName}: recv gives the length of the message, read only what it received`, async () => {
    const { socket } = await kind.connected()
    await python.ask("[peer.send(b'0123456789') for _ in range(4)]")
    const buffer = new Uint8Array(4)
    assert.equal(await socket.recv(buffer, { flags: MSG_TRUNC }), 10)
    assert.equal(text(buffer), '0123')
    assert.equal(text(await socket.read(4, { flags: MSG_TRUNC })), '0123')
    const { length, truncated } = await socket.recvFrom(buffer, { flags: MSG_TRUNC })
    assert.deepEqual([length, truncated], [4, true])
    assert.equal(await socket.readv([buffer.subarray(0, 1), buffer.subarray(1, 3)], { flags: MSG_TRUNC }), 10)
  })
}

for (const [kindName, kind] of Object.entries(KINDS).filter(([name]) => /UDP|datagram/.test(name))) {
  test(`an empty datagram on ${kindName} is received as 0 bytes by each method, and is no end`, async () => {
    const { socket } = await kind.connected()
    for (const [name, receive] of Object.entries(METHODS)) {
      await python.ask("peer.send(b''); peer.send(b'next')")
      assert.equal((await receive(socket, 8)).got, '', name)
      assert.equal((await receive(socket, 8)).got, 'next', name)
    }
  })
}

for (const [kindName, kind] of Object.entries(KINDS).filter(([name]) => !/UDP|datagram/.test(name))) {
  test(`the end on ${kindName} is 0 for each method, and 0 again`, async () => {
    for (const [name, receive] of Object.entries(METHODS)) {
      const { socket } = await kind.connected()
      await python.ask("peer.send(b'last'); peer.close()")
      assert.equal((await receive(socket, 16)).got, 'last', name)
      for (const again of [METHODS['recv']!, receive, receive]) assert.equal((await again(socket, 16)).got, '', name)
    }
  })
}

test('a reset is told once, as ECONNRESET, by whichever method comes first; then it is the end', async () => {
  for (const [name, receive] of Object.entries(METHODS)) {
    for (const isWaiting of [false, true]) {
      const { socket } = await KINDS['TCP']!.connected()
      const waiting = isWaiting ? assert.rejects(receive(socket, 16), { code: 'ECONNRESET' }) : undefined
      await python.ask("peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0)); peer.close()")
      await (waiting ?? assert.rejects(receive(socket, 16), { code: 'ECONNRESET', status: 'connectionReset' }, name))
      assert.equal((await receive(socket, 16)).got, '', name)
    }
  }
})

test("TCP's urgent byte is received with MSG_OOB, and is not among the others", async () => {
  const { socket } = await KINDS['TCP']!.connected()
  await python.ask("peer.send(b'before'); peer.send(b'!', socket.MSG_OOB); peer.send(b'after')")
  const buffer = new Uint8Array(16)
  assert.equal(text(buffer, await socket.recv(buffer)), 'before')
  assert.equal(text(buffer, await socket.recv(buffer, { flags: MSG_OOB })), '!')
  assert.equal(text(buffer, await socket.recv(buffer)), 'after')
  await assert.rejects(socket.recv(buffer, { flags: MSG_OOB }), { code: 'EINVAL', syscall: 'recv' })
})

test('MSG_WAITALL waits for nothing on a socket that does not block', async () => {
  const { socket } = await KINDS['TCP']!.connected()
  await python.ask("peer.send(b'part')")
  assert.equal(await socket.recv(new Uint8Array(8), { flags: MSG_WAITALL }), 4)
})

test('MSG_TRUNC on TCP throws bytes away and counts them', async () => {
  const { socket } = await KINDS['TCP']!.connected()
  await python.ask("peer.send(b'skipped and kept')")
  const buffer = new Uint8Array(8)
  assert.equal(await socket.recv(buffer, { flags: MSG_TRUNC }), 8)
  assert.equal(text(buffer), '\0'.repeat(8))
  assert.equal(text(buffer, await socket.recv(buffer)), 'and kept')
})

test('a buffer without room receives 0 bytes once something is there, and takes nothing', async () => {
  for (const kindName of ['TCP', 'a Unix stream']) {
    const { socket } = await KINDS[kindName]!.connected()
    for (const empty of [
      () => socket.recv(new Uint8Array(0)),
      () => socket.recvFrom(new Uint8Array(0)).then(({ length }) => length),
      () => socket.readv([]),
      () => socket.recvExactly(new Uint8Array(0)).then(() => 0),
    ]) {
      await python.ask("peer.send(b'x')")
      assert.equal(await empty(), 0)
      assert.equal(text(await socket.read()), 'x')
    }
  }
})

test('recvExactly gathers many segments, and takes no byte more', async () => {
  const { socket } = await KINDS['TCP']!.connected()
  const content = pattern(300_001, 5)
  const buffer = new Uint8Array(300_000)
  const receiving = socket.recvExactly(buffer)
  await python.ask(`data = base64.b64decode('${Buffer.from(content).toString('base64')}')`)
  await python.ask(`peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
for at in range(0, len(data), 999): peer.sendall(data[at:at + 999])`)
  await receiving
  assert.deepEqual(buffer, content.subarray(0, 300_000))
  assert.deepEqual(await socket.read(), content.slice(300_000))
})

test('recvExactly tells how much came before the end, which is in the buffer', async () => {
  for (const sent of ['', 'abc']) {
    for (const isWaiting of [false, true]) {
      const { socket } = await KINDS['TCP']!.connected()
      const buffer = new Uint8Array(10)
      const fails = (): Promise<void> =>
        assert.rejects(socket.recvExactly(buffer), (error) => {
          assert.ok(error instanceof EndOfStreamError)
          assert.equal(error.receivedBytes, sent.length)
          assert.match(error.message, new RegExp(`after ${sent.length} of 10 bytes`))
          return true
        })
      const waiting = isWaiting ? fails() : undefined
      await python.ask(`peer.send(b'${sent}'); peer.close()`)
      await (waiting ?? fails())
      assert.equal(text(buffer), sent.padEnd(10, '\0'))
    }
  }
})

test('read gives at most maxBytes, at most 65,536, and its array is no longer than what came', async () => {
  const { socket } = await KINDS['TCP']!.connected()
  await python.ask("peer.sendall(b'x' * 300000)")
  let total = 0
  for (const maxBytes of [1, 10, 65_536, 70_000, Number.MAX_SAFE_INTEGER]) {
    const { length, buffer } = await socket.read(maxBytes)
    assert.ok(length >= 1 && length <= Math.min(maxBytes, 65_536), `${length} of ${maxBytes}`)
    assert.equal(buffer.byteLength, length)
    total += length
  }
  await socket.recvExactly(new Uint8Array(300_000 - total))
  assert.equal(socket.tryRecv(new Uint8Array(1)), undefined)
})

test('into an empty buffer nothing is received: it tells only that something is there, as the kernel does', async () => {
  const { client, server } = await tcpPair()
  opened(client)
  opened(server)
  const buffer = new Uint8Array(8)
  for (let round = 0; round < 2; round++) {
    const waiting = server.recv(new Uint8Array(0))
    await client.send(bytes('abc'))
    assert.equal(await waiting, 0)
    assert.equal(text(buffer, await server.recv(buffer)), 'abc')
  }
})
