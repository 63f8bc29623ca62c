// The places of a hub: the next port or name when one is taken, and what is refused when it was given.
import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openHubSockets } from '../../src/cli/hub-places.ts'
import type { HubOptions } from '../../src/cli/hub-options.ts'
import type { HubSocket } from '../../src/hub/index.ts'
import { boundDatagram, listening, portOf } from '../support/connections.ts'
import { closedAfterEach } from '../support/opened.ts'

const opened = closedAfterEach()
const folder = mkdtempSync(join(tmpdir(), 'berkeley-places-'))
after(() => rmSync(folder, { recursive: true }))

let number = 0
const NONE: HubOptions = { port: 0, hosts: ['127.0.0.1'], unixPath: undefined, isJson: false }

/** Opens the places with a folder for Unix sockets of the test's own. */
function open(options: Partial<HubOptions>, runtimeFolder: string, notices: string[] = []): HubSocket[] {
  const before = process.env['XDG_RUNTIME_DIR']
  process.env['XDG_RUNTIME_DIR'] = runtimeFolder
  try {
    const sockets = openHubSockets({ ...NONE, ...options }, (notice) => notices.push(notice))
    for (const { socket } of sockets) opened(socket)
    return sockets
  } finally {
    if (before === undefined) delete process.env['XDG_RUNTIME_DIR']
    else process.env['XDG_RUNTIME_DIR'] = before
  }
}

function freshFolder(): string {
  const path = join(folder, String(++number))
  mkdirSync(path)
  return path
}

const textsOf = (sockets: readonly HubSocket[]): string[] => sockets.map(({ socket }) => String(socket.localAddress))

test('with port 0, TCP and UDP of every host have one number that was free', () => {
  const sockets = open({ hosts: ['127.0.0.1', '127.0.0.2'] }, freshFolder())
  const ports = new Set(sockets.slice(0, 4).map(({ socket }) => portOf(socket)))
  assert.equal(ports.size, 1)
  assert.deepEqual(sockets.map(({ kind }) => kind).sort(), ['tcp', 'tcp', 'udp', 'udp', 'unix', 'unix-dgram'])
})

test('a port that was given and is taken, by TCP or by UDP, says who has it and leaves nothing open', () => {
  for (const taken of [opened(listening()), opened(boundDatagram())]) {
    const port = portOf(taken)
    assert.throws(() => open({ port }, freshFolder()), {
      message: `port ${port} is taken by node (process ${process.pid}); give another with --port`,
    })
  }
})

test('two hubs of one user have names of their own, and the second is told why', () => {
  const runtime = freshFolder()
  const notices: string[] = []
  const first = open({}, runtime, notices)
  assert.deepEqual(notices, [])
  const second = open({}, runtime, notices)
  assert.deepEqual(textsOf(first).slice(2), [join(runtime, 'berkeley/hub'), join(runtime, 'berkeley/hub-datagram')])
  assert.deepEqual(textsOf(second).slice(2), [
    join(runtime, 'berkeley/hub-2'),
    join(runtime, 'berkeley/hub-2-datagram'),
  ])
  assert.deepEqual(notices, [`${join(runtime, 'berkeley/hub')} belongs to another hub; trying the next name`])
  assert.equal(statSync(join(runtime, 'berkeley')).mode & 0o777, 0o700)
  assert.equal(statSync(join(runtime, 'berkeley/hub')).mode & 0o777, 0o600)
})

test('a folder that others can look into, or that is a link, is refused', () => {
  const loose = freshFolder()
  mkdirSync(join(loose, 'berkeley'))
  chmodSync(join(loose, 'berkeley'), 0o755)
  const linked = freshFolder()
  symlinkSync(freshFolder(), join(linked, 'berkeley'))
  for (const runtime of [loose, linked]) {
    assert.throws(
      () => open({}, runtime),
      /is not a folder of this user's alone; remove it, or give a path with --unix/,
    )
  }
})

test('a path that was given and cannot be had is named', () => {
  const file = join(freshFolder(), 'file')
  writeFileSync(file, 'precious')
  assert.throws(
    () => open({ unixPath: file }, folder),
    (error: Error) => error.message.startsWith(`--unix ${file}: `),
  )
  assert.equal(statSync(file).size, 8)
  const nowhere = join(folder, 'no', 'such', 'folder')
  assert.throws(() => open({ unixPath: nowhere }, folder), /--unix .*ENOENT|--unix .*no such/i)
})

test('an address that this machine does not have, when it was given, is an error', () => {
  assert.throws(() => open({ hosts: ['203.0.113.1'] }, freshFolder()), { code: 'EADDRNOTAVAIL' })
})
