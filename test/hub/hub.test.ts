// The hub in this process, with clients of the kernel's own kinds.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Hub, openInet, openUnix } from '../../src/hub/index.ts'
import { AF_INET, AF_UNIX, type AnyAddress, SO_RCVBUF, SOCK_DGRAM, SOCK_STREAM, Socket, unix } from '../../src/index.ts'
import { bytes, text } from '../support/connections.ts'

const folder = mkdtempSync(join(tmpdir(), 'berkeley-hub-'))
after(() => rmSync(folder, { recursive: true }))

function start(): { hub: Hub; at(kind: string): AnyAddress; errors: unknown[] } {
  const path = join(mkdtempSync(join(folder, 'x')), 'hub')
  const errors: unknown[] = []
  const hub = new Hub([...openInet(['127.0.0.1'], 0), ...openUnix(path, `${path}-datagram`)], (error) =>
    errors.push(error),
  )
  return { hub, errors, at: (kind) => hub.listeners.find((listener) => listener.kind === kind)!.address }
}

/** Reads until what has come matches. */
async function until(socket: Socket, pattern: RegExp): Promise<string> {
  const decoder = new TextDecoder()
  let all = ''
  while (!pattern.test(all)) {
    const received = await socket.read(65_536, { timeout: 20_000 })
    assert.ok(received.length > 0, `it ended after ${all}`)
    all += decoder.decode(received, { stream: true })
  }
  return all
}

async function connected(address: AnyAddress, family = AF_INET): Promise<Socket> {
  const socket = new Socket(family, SOCK_STREAM)
  await socket.connect(address)
  await until(socket, /welcome/)
  return socket
}

test('TCP, UDP, Unix stream and Unix datagram clients talk to each other', async () => {
  const { hub, at, errors } = start()
  const tcp = await connected(at('tcp'))
  const stream = await connected(at('unix'), AF_UNIX)
  const udp = new Socket(AF_INET, SOCK_DGRAM)
  await udp.connect(at('udp'))
  await udp.send(bytes('by udp'))
  await until(tcp, /udp-3: by udp\n/)
  const datagram = new Socket(AF_UNIX, SOCK_DGRAM).bind(unix(join(folder, 'me')))
  await datagram.sendTo(bytes('one\ntwo\n'), at('unix-dgram'))
  await until(tcp, /unix-dgram-4: one\nunix-dgram-4: two\n/)
  await tcp.sendAll(bytes('to all\n'))
  for (const socket of [stream, udp, datagram]) await until(socket, /tcp-1: to all\n/)
  // Nobody could answer one without a name.
  const nameless = new Socket(AF_UNIX, SOCK_DGRAM)
  await nameless.sendTo(bytes('boo'), at('unix-dgram'))
  await datagram.sendTo(bytes('/who'), at('unix-dgram'))
  await until(datagram, /in lobby: tcp-1, unix-2, udp-3, unix-dgram-4\n/)
  assert.equal(hub.tally.unanswerable, 1)
  const ending = hub.finish()
  for (const socket of [tcp, stream]) {
    await until(socket, /the hub is closing/)
    socket.close()
  }
  await ending
  for (const socket of [udp, datagram, nameless]) socket.close()
  assert.deepEqual(errors, [])
  for (const kind of ['unix', 'unix-dgram']) assert.ok(!existsSync(String(at(kind))))
})

test('one who never reads is dropped, and the others get everything', async () => {
  const { hub, at } = start()
  const slow = new Socket(AF_INET, SOCK_STREAM).set(SO_RCVBUF, 4096)
  await slow.connect(at('tcp'))
  const reader = await connected(at('tcp'))
  const line = `${'x'.repeat(1000)}\n`
  let sent = 0
  // Each talker may say a hundred lines at once.
  for (let talker = 0; hub.tally.slowReaders === 0; talker++) {
    assert.ok(talker < 400, 'nobody was dropped')
    const socket = await connected(at('tcp'))
    await socket.sendAll(bytes(line.repeat(99)))
    sent += 99
    let received = ''
    while (received.split('x\n').length <= 99) received += text(await reader.read(65_536, { timeout: 20_000 }))
    socket.close()
  }
  assert.ok(sent * line.length > 262_144)
  assert.equal(hub.tally.slowReaders, 1)
  // It is told, if it reads what had been queued for it.
  await until(slow, /you read too slowly; goodbye\n/)
  slow.close()
  reader.close()
  await hub.finish()
})

test('a flood is cut, lines that are too long are dropped, and the client stays', async () => {
  const { hub, at } = start()
  const socket = await connected(at('tcp'))
  await socket.sendAll(bytes('/fly\n'.repeat(5000)))
  await until(socket, /too fast/)
  assert.ok(hub.tally.refusedLines > 4000)
  const other = await connected(at('tcp'))
  await other.sendAll(bytes('y'.repeat(100_000)))
  await until(other, /at most 1024 bytes/)
  await other.sendAll(bytes('\n/who\n'))
  await until(other, /in lobby: tcp-1, tcp-2\n/)
  socket.close()
  other.close()
  await hub.finish()
})

test('random bytes hurt nobody', async () => {
  const { hub, at, errors } = start()
  const listener = await connected(at('tcp'))
  const noise = await connected(at('tcp'))
  let state = 7
  await noise.sendAll(
    Uint8Array.from({ length: 60_000 }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state >>> 24
    }),
  )
  noise.close()
  const all = await until(listener, /tcp-2 left|tcp-2: /)
  assert.doesNotMatch(all, /(?![\t\n])\p{Cc}/u)
  listener.close()
  await hub.finish()
  assert.ok(errors.length <= 1)
})
