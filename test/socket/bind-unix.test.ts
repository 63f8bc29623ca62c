// bindUnix: the file's mode from its first moment, a dead server's file replaced, and nothing else ever touched.
import assert from 'node:assert/strict'
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { AF_INET, AF_UNIX, bindUnix, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_STREAM, Socket } from '../../src/index.ts'
import { bytes, text } from '../support/connections.ts'
import { closedAfterEach } from '../support/opened.ts'
import { PythonPeer } from '../support/python-peer.ts'

const opened = closedAfterEach()
const python = new PythonPeer()
const folder = mkdtempSync(join(tmpdir(), 'berkeley-bind-'))
after(async () => {
  await python.end()
  rmSync(folder, { recursive: true })
})

let number = 0
const freshPath = (): string => join(folder, String(++number))
const unixSocket = (type: number = SOCK_STREAM): Socket => opened(new Socket(AF_UNIX, type))
const modeOf = (path: string): number => lstatSync(path).mode & 0o777

test('the mode is what was asked for, whatever the umask, and 0600 if nothing was', async () => {
  const before = process.umask()
  try {
    for (const umask of [0, 0o077, 0o777]) {
      process.umask(umask)
      for (const mode of [undefined, 0o600, 0o660, 0o666, 0]) {
        const path = freshPath()
        assert.equal(bindUnix(unixSocket(), path, mode === undefined ? {} : { mode }).path, path)
        assert.equal(modeOf(path), mode ?? 0o600)
      }
    }
  } finally {
    process.umask(before)
  }
})

for (const [name, type] of Object.entries({ SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM })) {
  test(`${name}: a file that a dead server left is replaced, one that lives is in use`, async () => {
    const path = freshPath()
    await python.ask(`s = socket.socket(socket.AF_UNIX, socket.${name}); s.bind('${path}')`)
    if (type !== SOCK_DGRAM) await python.ask('s.listen()')
    assert.throws(() => bindUnix(unixSocket(type), path), { code: 'EADDRINUSE', syscall: 'bind', address: path })
    await python.ask('s.close()')
    const socket = unixSocket(type)
    bindUnix(socket, path)
    await python.ask(`c = socket.socket(socket.AF_UNIX, socket.${name})`)
    const buffer = new Uint8Array(8)
    if (type === SOCK_DGRAM) await python.ask(`c.sendto(b'here', '${path}')`)
    else {
      socket.listen()
      await python.ask(`(c.connect('${path}'), c.send(b'here'))`)
    }
    const receiver = type === SOCK_DGRAM ? socket : opened((await socket.accept()).peer)
    assert.equal(text(buffer, await receiver.recv(buffer)), 'here')
    await python.ask('c.close()')
  })
}

test('one that is bound and does not listen yet is alive, and so is one of another type', async () => {
  const path = freshPath()
  bindUnix(unixSocket(SOCK_DGRAM), path)
  assert.throws(() => bindUnix(unixSocket(SOCK_STREAM), path), { code: 'EADDRINUSE' })
  assert.equal(lstatSync(path).isSocket(), true)
})

test('what is no socket is never touched: files, folders, links, also links to a dead socket', async () => {
  const file = freshPath()
  writeFileSync(file, 'precious')
  const empty = freshPath()
  mkdirSync(empty)
  const dangling = freshPath()
  symlinkSync(join(folder, 'nowhere'), dangling)
  const dead = freshPath()
  await python.ask(`(s := socket.socket(socket.AF_UNIX)).bind('${dead}')`)
  await python.ask('s.close()')
  const link = freshPath()
  symlinkSync(dead, link)
  for (const path of [file, empty, dangling, link]) {
    assert.throws(() => bindUnix(unixSocket(), path), { code: 'EADDRINUSE', address: path })
  }
  assert.equal(readFileSync(file, 'utf8'), 'precious')
  assert.equal(lstatSync(empty).isDirectory(), true)
  assert.equal(lstatSync(link).isSymbolicLink(), true)
  assert.equal(lstatSync(dead).isSocket(), true)
})

test('a folder that is not there is an errno with the path', () => {
  const path = join(folder, 'no', 'folder')
  assert.throws(() => bindUnix(unixSocket(), path), { code: 'ENOENT', syscall: 'bind', address: path })
})

test('arguments at fault are named, and no file is made', () => {
  const path = freshPath()
  for (const [attempt, expected] of [
    [() => bindUnix(opened(new Socket(AF_INET, SOCK_STREAM)), path), /socket.*AF_UNIX/],
    [() => bindUnix(unixSocket(), path, { mode: 0o1000 }), /options\.mode/],
    [() => bindUnix(unixSocket(), path, { mode: -1 }), /options\.mode/],
    [() => bindUnix(unixSocket(), 'x'.repeat(108)), /107/],
    [() => bindUnix(unixSocket(), `${path}\0`), /NUL/],
    [() => bindUnix(unixSocket(), ''), /path/],
    // @ts-expect-error no text
    [() => bindUnix(unixSocket(), 7), /path/],
  ] as const) {
    assert.throws(
      attempt,
      (error: Error & { code?: string }) => error.code?.startsWith('ERR_') === true && expected.test(error.message),
    )
  }
  assert.equal(lstatSync(path, { throwIfNoEntry: false }), undefined)
  const closed = unixSocket()
  closed.close()
  assert.throws(() => bindUnix(closed, path), { code: 'ERR_SOCKET_CLOSED' })
})

test('what was bound can be spoken to from the mode that was asked for on', async () => {
  const path = freshPath()
  const socket = unixSocket(SOCK_DGRAM)
  bindUnix(socket, path, { mode: 0o622 })
  await python.ask(`(c := socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)).sendto(b'x', '${path}')`)
  const buffer = new Uint8Array(4)
  assert.equal(await socket.recv(buffer), 1)
  assert.equal(text(buffer, 1), text(bytes('x')))
  await python.ask('c.close()')
})
