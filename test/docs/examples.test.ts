// Every program of examples/ runs, prints what it should, and ends.
import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { checkoutPath } from '../support/checkout.ts'

const ENDS_BY_ITSELF: Readonly<Record<string, string>> = {
  interfaces: 'lo true true 127.0.0.0/8\nLISTEN ESTABLISHED ESTABLISHED\n',
  addresses:
    'true\n16 [fe80::1%1]:80\n127.0.0.1\n192.168.7.7 true private\n::ffff:192.168.7.7 true private\n1.1.1.1 false global\n',
  'tcp-client': 'HELLO\n',
  'udp-echo': 'one\ntwo\nthree\n',
  'unix-chat': 'you are one of 1\nyou are one of 2\nhello, it is Ann\nhello Ann\n',
  names: [
    'true',
    '80',
    'getaddrinfo EAI_SERVICE localhost no-such-service: no such service for this type of socket. ' +
      'Give a port number, or a service of /etc/services that this type of socket has\n',
  ].join('\n'),
  options: 'reno 60 undefined\nESTABLISHED, 5000 bytes, within its limits\nESTABLISHED true 5\n',
  supports: 'kinds: TCP UDP Unix\noptions: TCP_NODELAY SO_REUSEPORT IP_TTL\nnone: family 4000\n',
  'portable-status':
    'nobody listens\nconnectionRefused connectionRefused connectionRefused\nnameNotFound nameNotFound\nEADDRINUSE\n',
  seqpacket: '3\n42\n1000 true\n',
  'timeouts-and-abort': [
    'timeout: recv: not done within 20 ms; allow more time, or try again',
    'signal: the user went away',
    'neither: just in time',
    'the fourth: too late for the third',
    'closed: true\n',
  ].join('\n'),
  select: '1 readable, 1 writable\nover the pair\n[ [], [], [] ]\na connection\na datagram: hello\n',
  'when-readable': 'through the pipe\n0 bytes: the end\n',
  'adopt-node-socket': 'Node has closed its own: true\nfrom Node, from berkeley, and from Node again\n',
  'sync-worker': 'hello from a worker\nhello from a worker\nhello from a worker\nworker: canceled\n',
  'worker-threads': '20 connections, served by several threads\n',
}
const SERVERS = ['tcp-echo-server', 'graceful-shutdown']
/** test/mission/b19-descriptors.test.ts runs it. */
const SERVICES = ['inetd']
/** test/mission/b22-blocking.test.ts runs them. */
const BLOCKING = ['sync-tcp-client', 'sync-tcp-server', 'sync-udp-client', 'sync-udp-server']

const programOf = (name: string): string => checkoutPath('dist', 'examples', `${name}.js`)
const children = new Set<ChildProcess>()
after(() => {
  for (const child of children) child.kill('SIGKILL')
})

test('all examples are among those below', () => {
  const names = readdirSync(checkoutPath('examples')).map((file) => basename(file, '.ts'))
  const listed = [...Object.keys(ENDS_BY_ITSELF), ...SERVERS, ...SERVICES, ...BLOCKING]
  assert.deepEqual(names.toSorted(), listed.toSorted())
})

for (const [name, output] of Object.entries(ENDS_BY_ITSELF)) {
  test(`${name} prints what it should and ends`, async () => {
    assert.deepEqual(await run(name), { stdout: output, stderr: '' })
  })
}

function run(name: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, [programOf(name), ...args], { timeout: 30_000 })
}

/** A server that has said where it listens. */
interface Started {
  readonly endpoint: string
  readonly lines: string[]
  stop(signal: NodeJS.Signals): Promise<number | null>
}

async function start(name: string, ...args: string[]): Promise<Started> {
  const child = spawn(process.execPath, [programOf(name), ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.add(child)
  const closed = once(child, 'close')
  const lines: string[] = []
  const reader = createInterface(child.stdout)
  reader.on('line', (line) => lines.push(line))
  await once(reader, 'line')
  const endpoint = /^listening on ([^,\s]+)/.exec(lines[0]!)?.[1]
  assert.ok(endpoint, `${name} says where it listens`)
  const stop = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal)
    const [code] = (await closed) as [number | null]
    children.delete(child)
    return code
  }
  return { endpoint, lines, stop }
}

for (const form of ['handler', 'promise']) {
  test(`tcp-echo-server answers in the ${form} form, and ends on SIGINT`, async () => {
    const server = await start('tcp-echo-server', form)
    const { stdout } = await run('tcp-client', server.endpoint, 'one', 'two')
    assert.equal(stdout, 'one two\n')
    assert.equal(await server.stop('SIGINT'), 0)
  })
}

test('graceful-shutdown serves those that are connected, and loses nothing', async () => {
  const server = await start('graceful-shutdown')
  const peers: Peer[] = []
  for (let i = 0; i < 15; i++) peers.push(await connect(server.endpoint))
  for (const peer of peers) {
    peer.socket.write('first\nsec')
    assert.equal(await peer.line(), '1 first')
  }
  const stopped = server.stop('SIGTERM')
  for (const { line, socket } of peers) {
    assert.equal(await line(), 'goodbye')
    socket.end()
  }
  assert.equal(await stopped, 0)
  assert.equal(server.lines.at(-1), 'all connections are served')
})

/** A client of Node's own, that reads line by line. */
interface Peer {
  readonly socket: Socket
  line(): Promise<string>
}

async function connect(endpoint: string): Promise<Peer> {
  const [host, port] = endpoint.split(':')
  const socket = createConnection(Number(port), host)
  await once(socket, 'connect')
  const lines = createInterface(socket)[Symbol.asyncIterator]()
  return { socket, line: async () => (await lines.next()).value as string }
}

test('unix-chat lets everybody in who knows the path, and leaves no file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'berkeley-chat-'))
  after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'chat.sock')
  const server = await start('unix-chat', path)
  assert.equal(server.endpoint, path)
  const socket = createConnection(path)
  const [greeting] = (await once(socket, 'data')) as [Buffer]
  assert.equal(greeting.toString(), 'you are one of 1\n')
  const ended = once(socket, 'end')
  const stopped = server.stop('SIGINT')
  await ended
  assert.equal(await stopped, 0)
  assert.deepEqual(readdirSync(folder), [])
})
