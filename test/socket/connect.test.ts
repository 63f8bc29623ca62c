// connect(2): what it ends with, how it waits, and that one which is given up never connects later.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import {
  AF_INET,
  AF_UNIX,
  type AnyAddress,
  inet,
  inet6,
  SOCK_DGRAM,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  Socket,
  unix,
  type Waiting,
} from '../../src/index.ts'
import { bytes, closedPort, listening, portOf, text } from '../support/connections.ts'
import { closedAfterEach } from '../support/opened.ts'
import { PythonPeer } from '../support/python-peer.ts'

const opened = closedAfterEach()
const python = new PythonPeer()
const folder = mkdtempSync(join(tmpdir(), 'berkeley-connect-'))
after(async () => {
  await python.end()
  rmSync(folder, { recursive: true })
})

const stream = (family: number = AF_INET): Socket => opened(new Socket(family, SOCK_STREAM))

test('nobody there: the errno, the call and the address', async () => {
  const port = closedPort()
  await assert.rejects(stream().connect(inet('127.0.0.1', port)), {
    code: 'ECONNREFUSED',
    syscall: 'connect',
    address: '127.0.0.1',
    port,
  })
  const path = join(folder, 'nobody')
  await assert.rejects(stream(AF_UNIX).connect(unix(path)), { code: 'ENOENT', syscall: 'connect', address: path })
  const other = opened(new Socket(AF_UNIX, SOCK_SEQPACKET).bind(unix(join(folder, 'records'))).listen())
  await assert.rejects(stream(AF_UNIX).connect(other.localAddress), { code: 'EPROTOTYPE' })
  await assert.rejects(stream().connect(inet('255.255.255.255', 1)), { code: /ENETUNREACH|EACCES|EHOSTUNREACH/ })
})

test('a socket that is connected says so, and stays it', async () => {
  const listener = opened(listening())
  const client = stream()
  await client.connect(listener.localAddress)
  const { peer } = await listener.accept()
  opened(peer)
  await assert.rejects(client.connect(listener.localAddress), { code: 'EISCONN' })
  await client.sendAll(bytes('still'))
  const buffer = new Uint8Array(8)
  assert.equal(text(buffer, await peer.recv(buffer)), 'still')
})

test('after a refusal the same socket connects where somebody is', async () => {
  const client = stream()
  await assert.rejects(client.connect(inet('127.0.0.1', closedPort())), { code: 'ECONNREFUSED' })
  const listener = opened(listening())
  await client.connect(listener.localAddress)
  assert.equal(portOf(client.remoteAddress), portOf(listener))
})

/** How a wait is ended from outside, and what it is rejected with. */
const ENDS: Readonly<Record<string, (socket: Socket) => { waiting: Waiting; error: object }>> = {
  timeout: () => ({ waiting: { timeout: 20 }, error: { code: 'ERR_SOCKET_TIMEOUT' } }),
  signal: () => {
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 20)
    return { waiting: { signal: stop.signal }, error: { name: 'AbortError' } }
  },
  close: (socket) => {
    setTimeout(() => socket.close(), 20)
    return { waiting: {}, error: { code: 'ERR_SOCKET_CLOSED' } }
  },
}

/** A listener in Python, whose backlog is filled until the next connect waits. Returns those that fill it. */
async function fillBacklog(address: AnyAddress): Promise<Socket[]> {
  const filling: Socket[] = []
  for (;;) {
    const client = stream(address.family === 'inet' ? AF_INET : AF_UNIX)
    try {
      await client.connect(address, { timeout: 100 })
    } catch (error) {
      assert.equal((error as { code: string }).code, 'ERR_SOCKET_TIMEOUT')
      client.close()
      return filling
    }
    filling.push(client)
  }
}

for (const [end, prepare] of Object.entries(ENDS)) {
  test(`a connect to a full backlog that is ended by ${end} never connects later: TCP and Unix`, async () => {
    await python.ask(`l = socket.create_server(('127.0.0.1', 0), backlog=1)`)
    const path = join(folder, `full-${end}`)
    await python.ask(`u = socket.socket(socket.AF_UNIX); u.bind('${path}'); u.listen(0)`)
    for (const [name, address] of [
      ['l', inet('127.0.0.1', await python.ask<number>('l.getsockname()[1]'))],
      ['u', unix(path)],
    ] as const) {
      const filling = await fillBacklog(address)
      assert.ok(filling.length > 0)
      const client = stream(address.family === 'inet' ? AF_INET : AF_UNIX)
      const { waiting, error } = prepare(client)
      await assert.rejects(client.connect(address, waiting), error)
      // Now there is room, and whoever still tried would get it.
      await python.ask(`${name}.settimeout(0.3)`)
      for (const _ of filling) await python.ask(`${name}.accept()[0].close()`)
      await assert.rejects(python.ask(`${name}.accept()`), { name: 'TimeoutError' })
    }
    await python.ask(`(l.close(), u.close())`)
  })
}

test('a connect that waits for a Unix backlog connects when there is room', async () => {
  const path = join(folder, 'room')
  await python.ask(`u = socket.socket(socket.AF_UNIX); u.bind('${path}'); u.listen(0)`)
  const filling = await fillBacklog(unix(path))
  const client = stream(AF_UNIX)
  const connecting = client.connect(unix(path), { timeout: 60_000 })
  await python.ask(`c = [u.accept()[0] for _ in range(${filling.length})]`)
  await connecting
  await client.sendAll(bytes('here'))
  await python.ask(`c = u.accept()[0]`)
  assert.equal(text(await python.receive('c', 4)), 'here')
  await python.ask('(c.close(), u.close())')
})

test('a signal that was given before makes no call; a second connect while one waits is refused', async () => {
  const client = stream()
  await assert.rejects(client.connect(inet('127.0.0.1', closedPort()), { signal: AbortSignal.abort() }), {
    name: 'AbortError',
  })
  await python.ask(`l = socket.create_server(('127.0.0.1', 0), backlog=1)`)
  const address = inet('127.0.0.1', await python.ask<number>('l.getsockname()[1]'))
  await fillBacklog(address)
  const connecting = client.connect(address)
  await assert.rejects(client.connect(address), { code: 'ERR_SOCKET_BUSY' })
  client.close()
  await assert.rejects(connecting, { code: 'ERR_SOCKET_CLOSED' })
  await python.ask('l.close()')
})

test('a datagram socket names its peer, and another: it hears only that one', async () => {
  await python.ask(`a, b = (socket.socket(type=socket.SOCK_DGRAM) for _ in 'ab')`)
  await python.ask(`[s.bind(('127.0.0.1', 0)) for s in (a, b)]`)
  const socket = opened(new Socket(AF_INET, SOCK_DGRAM).bind(inet('127.0.0.1', 0)))
  const to = `('127.0.0.1', ${portOf(socket)})`
  for (const [named, silent] of ['ab', 'ba'] as const) {
    await socket.connect(inet('127.0.0.1', await python.ask<number>(`${named}.getsockname()[1]`)))
    await socket.send(bytes('to you'))
    assert.equal(text(await python.ask<Uint8Array>(`${named}.recv(100)`)), 'to you')
    await python.ask(`(${silent}.sendto(b'from ${silent}', ${to}), ${named}.sendto(b'from ${named}', ${to}))`)
    const buffer = new Uint8Array(100)
    assert.equal(text(buffer, await socket.recv(buffer)), `from ${named}`)
  }
  await python.ask('(a.close(), b.close())')
})

test('an address of another family, or none, is refused before any call', async () => {
  const client = stream()
  for (const wrong of [inet6('::1', 1), unix('/x')]) {
    await assert.rejects(client.connect(wrong), { code: 'ERR_INVALID_ARG_VALUE', message: /AF_INET.*inet\(\)/ })
  }
  for (const wrong of [undefined, '127.0.0.1:80', { host: '127.0.0.1', port: 80 }]) {
    // @ts-expect-error no address
    await assert.rejects(client.connect(wrong), { code: 'ERR_INVALID_ARG_TYPE', message: /address/ })
  }
  assert.equal(portOf(client), 0)
})
