// B18: Unix sockets of all types.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import {
  AF_UNIX,
  abstract,
  bindUnix,
  SOCK_DGRAM,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  Socket,
  socketpair,
  unix,
} from '../../src/index.ts'
import { bytes, text } from '../support/connections.ts'
import { PythonPeer } from '../support/python-peer.ts'

const folder = mkdtempSync(join(tmpdir(), 'berkeley-b18-'))
const python = new PythonPeer()
after(async () => {
  await python.end()
  rmSync(folder, { recursive: true })
})

const TYPES = { SOCK_STREAM, SOCK_SEQPACKET } as const
let number = 0
const freshPath = (): string => join(folder, String(++number))

for (const [name, type] of Object.entries(TYPES)) {
  test(`B18: ${name} by path and by abstract name, with Python`, async () => {
    const path = freshPath()
    const label = `berkeley-b18-${process.pid}-${name}`
    for (const [address, place] of [
      [unix(path), `'${path}'`],
      [abstract(label), `b'\\0${label}'`],
    ] as const) {
      const listener = new Socket(AF_UNIX, type).bind(address).listen()
      await python.ask(`c = socket.socket(socket.AF_UNIX, socket.${name}); c.connect(${place})`)
      const { peer } = await listener.accept()
      await python.ask(`(c.send(b'one'), c.send(b'two'))`)
      const buffer = new Uint8Array(64)
      let received = text(buffer, await peer.recv(buffer))
      // Only seqpacket keeps the bounds of messages.
      if (type === SOCK_SEQPACKET) assert.equal(received, 'one')
      while (received.length < 6) received += text(buffer, await peer.recv(buffer))
      assert.equal(received, 'onetwo')
      await peer.send(bytes('three'))
      assert.equal(text(await python.ask<Uint8Array>('c.recv(100)')), 'three')
      await python.ask('c.close()')
      assert.equal(await peer.recv(buffer), 0)
      peer.close()
      listener.close()
    }
  })
}

test('B18: datagrams by path, with Python, and the sender’s name', async () => {
  const path = freshPath()
  const theirs = freshPath()
  const receiver = new Socket(AF_UNIX, SOCK_DGRAM).bind(unix(path))
  await python.ask(
    `d = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); d.bind('${theirs}'); d.sendto(b'hi', '${path}')`,
  )
  const { length, address } = await receiver.recvFrom(new Uint8Array(9))
  assert.deepEqual([length, String(address)], [2, theirs])
  await receiver.sendTo(bytes('back'), address)
  assert.equal(text(await python.ask<Uint8Array>('d.recv(100)')), 'back')
  await python.ask('d.close()')
  receiver.close()
})

test('B18: socketpair in all types', async () => {
  for (const type of [SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET]) {
    const [left, right] = socketpair(type)
    await left.send(bytes('to the right'))
    assert.equal(text(await right.read()), 'to the right')
    left.close()
    right.close()
  }
})

test('B18: the file has the mode asked for, whatever the umask', () => {
  const before = process.umask(0o077)
  try {
    for (const mode of [0o600, 0o660, 0o666]) {
      const path = freshPath()
      const socket = new Socket(AF_UNIX, SOCK_STREAM)
      bindUnix(socket, path, { mode })
      assert.equal(statSync(path).mode & 0o777, mode)
      socket.close()
    }
  } finally {
    process.umask(before)
  }
})

test('B18: a stale file is replaced; a live one and a file that is no socket are not', () => {
  const path = freshPath()
  const dead = new Socket(AF_UNIX, SOCK_STREAM)
  bindUnix(dead, path)
  const { ino } = statSync(path)
  const second = new Socket(AF_UNIX, SOCK_STREAM)
  dead.listen()
  assert.throws(() => bindUnix(second, path), { code: 'EADDRINUSE' })
  assert.equal(statSync(path).ino, ino)
  dead.close()
  bindUnix(second, path)
  assert.ok(statSync(path).isSocket())
  second.close()
  const file = freshPath()
  writeFileSync(file, 'precious')
  const third = new Socket(AF_UNIX, SOCK_STREAM)
  assert.throws(() => bindUnix(third, file), { code: 'EADDRINUSE' })
  assert.equal(statSync(file).size, 8)
  third.close()
})

test('B18: bad names are told apart', () => {
  assert.throws(() => unix('a\0b'), { name: 'TypeError', message: /NUL/ })
  assert.throws(() => unix('x'.repeat(108)), { name: 'RangeError', message: /107/ })
  assert.throws(() => abstract('x'.repeat(108)), { name: 'RangeError', message: /107/ })
  assert.throws(() => unix(''), { name: 'TypeError' })
})
