// Datagrams in the handler form: what is lent, whom it is sent to, and what happens to what the kernel refuses.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import {
  abstract,
  AF_INET,
  AF_INET6,
  AF_UNIX,
  type AnyAddress,
  bindUnix,
  type DatagramChannel,
  inet,
  inet6,
  SOCK_DGRAM,
  Socket,
  type SocketError,
  type Source,
} from '../../src/index.ts'
import { boundDatagram, bytes, closedPort, portOf, text } from '../support/connections.ts'
import { closedAfterEach, condition } from '../support/opened.ts'
import { PythonPeer } from '../support/python-peer.ts'

const opened = closedAfterEach()
const python = new PythonPeer()
const folder = mkdtempSync(join(tmpdir(), 'berkeley-channel-'))
after(async () => {
  await python.end()
  rmSync(folder, { recursive: true })
})

/** Python has a bound datagram socket under a name; returns its port. */
function pythonSocket(name: string): Promise<number> {
  return python.ask(
    `(${name} := socket.socket(type=socket.SOCK_DGRAM)).bind(('127.0.0.1', 0)) or ${name}.getsockname()[1]`,
  )
}

test('a datagram comes with its sender, and the answer goes back to the source or to an address', async () => {
  const channel = opened(
    boundDatagram().receiveWith({
      datagram(self, content, source, isTruncated) {
        assert.equal(isTruncated, false)
        self.send(content, source)
        self.send(bytes(source.toString()), source.toAddress())
      },
    }),
  )
  const port = await pythonSocket('p')
  await python.ask(`p.sendto(b'hello', ('127.0.0.1', ${portOf(channel.localAddress)}))`)
  assert.equal(text(await python.ask<Uint8Array>('p.recv(100)')), 'hello')
  assert.equal(text(await python.ask<Uint8Array>('p.recv(100)')), `127.0.0.1:${port}`)
  await python.ask('p.close()')
})

test('IPv6 and Unix senders, with a path, an abstract name, and none', async () => {
  const senders: string[] = []
  let came = condition()
  const note = (_channel: DatagramChannel, _content: Uint8Array, source: Source): void => {
    senders.push(source.toString())
    came.fulfil()
  }
  const inet6Channel = opened(new Socket(AF_INET6, SOCK_DGRAM).bind(inet6('::1', 0)).receiveWith({ datagram: note }))
  await python.ask(`p = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)`)
  await python.ask(`p.sendto(b'x', ('::1', ${portOf(inet6Channel.localAddress)}))`)
  await came.promise
  assert.equal(senders.pop(), `[::1]:${await python.ask<number>('p.getsockname()[1]')}`)

  const path = join(folder, 'channel')
  const unixSocket = new Socket(AF_UNIX, SOCK_DGRAM)
  bindUnix(unixSocket, path)
  opened(unixSocket.receiveWith({ datagram: note }))
  const label = `berkeley-channel-${process.pid}`
  for (const [name, expected] of [
    [`'${join(folder, 'sender')}'`, join(folder, 'sender')],
    [`b'\\0${label}'`, String(abstract(label))],
    [undefined, ''],
  ] as const) {
    came = condition()
    await python.ask(`p = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)`)
    if (name !== undefined) await python.ask(`p.bind(${name})`)
    await python.ask(`p.sendto(b'x', '${path}')`)
    await came.promise
    assert.equal(senders.pop(), expected)
  }
  await python.ask('p.close()')
})

test('a source is lent: it is refused after the call, and its key tells senders apart', async () => {
  const keys = new Map<string, string>()
  let kept: Source | undefined
  let came = condition()
  const channel = opened(
    boundDatagram().receiveWith({
      datagram(_self, content, source) {
        keys.set(source.key, (keys.get(source.key) ?? '') + text(content))
        kept = source
        came.fulfil()
      },
    }),
  )
  const to = `('127.0.0.1', ${portOf(channel.localAddress)})`
  await pythonSocket('a')
  await pythonSocket('b')
  for (const [name, content] of ['a1', 'b2', 'a3']) {
    came = condition()
    await python.ask(`${name}.sendto(b'${content}', ${to})`)
    await came.promise
  }
  assert.deepEqual([...keys.values()].sort(), ['13', '2'])
  for (const use of [
    () => kept!.toAddress(),
    () => kept!.key,
    () => String(kept),
    () => channel.send(bytes('x'), kept),
  ]) {
    assert.throws(use, { code: 'ERR_INVALID_ARG_VALUE', message: /lent/ })
  }
  await python.ask('(a.close(), b.close())')
})

test('what is longer than maxMessageBytes is cut, and said to be; an empty datagram is one', async () => {
  const events: string[] = []
  const three = condition()
  const channel = opened(
    boundDatagram().receiveWith(
      {
        datagram(_self, content, _source, isTruncated) {
          events.push(`${text(content)} ${isTruncated}`)
          if (events.length === 3) three.fulfil()
        },
      },
      { maxMessageBytes: 4 },
    ),
  )
  const to = `('127.0.0.1', ${portOf(channel.localAddress)})`
  await pythonSocket('p')
  await python.ask(`[p.sendto(x, ${to}) for x in (b'four', b'longer', b'')]`)
  await three.promise
  assert.deepEqual(events, ['four false', 'long true', ' false'])
  await python.ask('p.close()')
})

test('a hundred datagrams of one sender come in their order, through a pause too', async () => {
  const received: number[] = []
  const all = condition()
  const channel = opened(
    boundDatagram().receiveWith({
      datagram(self, content) {
        received.push(content[0]!)
        if (received.length % 30 === 0) {
          self.pause()
          setImmediate(() => self.resume())
        }
        if (received.length === 100) all.fulfil()
      },
    }),
  )
  await pythonSocket('p')
  await python.ask(`[p.sendto(bytes([i]), ('127.0.0.1', ${portOf(channel.localAddress)})) for i in range(100)]`)
  await all.promise
  assert.deepEqual(received, [...Array(100).keys()])
  await python.ask('p.close()')
})

test('what the kernel refuses is told with its address, and the channel goes on', async () => {
  const errors: SocketError[] = []
  const told = condition()
  const came = condition()
  const channel = opened(
    boundDatagram().receiveWith({
      datagram: came.fulfil,
      error(_self, error) {
        errors.push(error as SocketError)
        told.fulfil()
      },
    }),
  )
  // Broadcasting needs SO_BROADCAST (socket(7)).
  channel.send(bytes('x'), inet('255.255.255.255', 9))
  channel.send(bytes('y'), channel.localAddress)
  await Promise.all([told.promise, came.promise])
  assert.deepEqual(
    errors.map(({ code, address, port }) => [code, address, port]),
    [['EACCES', '255.255.255.255', 9]],
  )
})

test('on a connected socket nobody is named; that nobody listens there is told to error', async () => {
  const refused = condition()
  let code = ''
  const gone = new Socket(AF_INET, SOCK_DGRAM)
  await gone.connect(inet('127.0.0.1', closedPort(SOCK_DGRAM)))
  const channel = opened(
    gone.receiveWith({
      datagram() {},
      error(_self, error) {
        code = (error as SocketError).code
        refused.fulfil()
      },
    }),
  )
  channel.send(bytes('anybody?'))
  await refused.promise
  assert.equal(code, 'ECONNREFUSED')

  const port = await pythonSocket('p')
  const socket = new Socket(AF_INET, SOCK_DGRAM)
  await socket.connect(inet('127.0.0.1', port))
  opened(socket.receiveWith({ datagram() {} })).send(bytes('to the peer'))
  assert.equal(text(await python.ask<Uint8Array>('p.recv(100)')), 'to the peer')
  await python.ask('p.close()')
})

test('close sends what is queued, is told once, and refuses what comes after', async () => {
  await pythonSocket('p')
  const to: AnyAddress = inet('127.0.0.1', await python.ask<number>('p.getsockname()[1]'))
  let closes = 0
  const closed = condition()
  const channel = boundDatagram().receiveWith({
    datagram() {},
    close() {
      closes++
      closed.fulfil()
    },
  })
  channel.send(bytes('last'), to)
  channel.close()
  channel.close()
  assert.equal(text(await python.ask<Uint8Array>('p.recv(100)')), 'last')
  await closed.promise
  assert.equal(closes, 1)
  assert.equal(channel.isClosed, true)
  assert.throws(() => channel.send(bytes('x'), to), { code: 'ERR_SOCKET_CLOSED' })
  channel.pause().resume()
  await python.ask('p.close()')
})

test('a handler that throws, or whose promise is rejected, is reported, and the next datagram is handed out', async () => {
  const reported: string[] = []
  const third = condition()
  let count = 0
  const channel = opened(
    boundDatagram().receiveWith(
      {
        datagram(): void | Promise<void> {
          count++
          if (count === 1) throw new Error('at once')
          if (count === 2) return Promise.reject(new Error('later'))
          third.fulfil()
        },
      },
      { onError: (error) => reported.push((error as Error).message) },
    ),
  )
  await pythonSocket('p')
  await python.ask(`[p.sendto(b'x', ('127.0.0.1', ${portOf(channel.localAddress)})) for _ in range(3)]`)
  await third.promise
  await new Promise(setImmediate)
  assert.deepEqual(reported, ['at once', 'later'])
  await python.ask('p.close()')
})

test('arguments at fault are named before anything is sent', () => {
  const socket = opened(boundDatagram())
  for (const maxMessageBytes of [0, -1, 1.5, 2 ** 20 + 1, '1']) {
    // @ts-expect-error out of range, or no number
    assert.throws(() => socket.receiveWith({ datagram() {} }, { maxMessageBytes }), /options\.maxMessageBytes/)
  }
  // @ts-expect-error no handler
  assert.throws(() => socket.receiveWith({ data() {} }), { code: 'ERR_INVALID_ARG_TYPE', message: /handler\.datagram/ })
  const channel = opened(socket.receiveWith({ datagram() {} }))
  // @ts-expect-error no bytes
  assert.throws(() => channel.send('text', channel.localAddress), { code: 'ERR_INVALID_ARG_TYPE', message: /bytes/ })
  assert.throws(() => channel.send(bytes('x'), inet6('::1', 1)), { code: 'ERR_INVALID_ARG_VALUE', message: /AF_INET/ })
  assert.throws(() => channel.send(new Uint8Array(600_000), channel.localAddress), { code: 'ERR_OUT_OF_RANGE' })
  assert.equal(channel.queuedBytes, 0)
})
