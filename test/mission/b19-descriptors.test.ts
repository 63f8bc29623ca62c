// B19: sockets of descriptors that the program was given: by inetd, by Python, by Node.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { test } from 'node:test'
import { adopt, AF_INET, AF_UNIX, fromfd, inet, SOCK_DGRAM, SOCK_STREAM, Socket, socketpair } from '../../src/index.ts'
import { checkoutPath } from '../support/checkout.ts'
import { moduleOf } from '../support/child.ts'
import {
  boundDatagram,
  bytes,
  closeAll,
  closedPort,
  listening,
  portOf,
  receiveAll,
  text,
} from '../support/connections.ts'
import { needs } from '../support/needs.ts'

const EXAMPLE = checkoutPath('dist', 'examples', 'inetd.js')

/** Connects as soon as somebody listens. */
async function connectWhenListening(port: number): Promise<Socket> {
  for (;;) {
    const client = new Socket(AF_INET, SOCK_STREAM)
    try {
      await client.connect(inet('127.0.0.1', port))
      return client
    } catch {
      client.close()
      await new Promise(setImmediate)
    }
  }
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
  return child.exitCode
}

test('B19: standard input under inetd (socat) is the connection', { skip: needs({ program: 'socat' }) }, async () => {
  const port = closedPort()
  const command = `EXEC:${process.execPath} ${EXAMPLE},nofork`
  const socat = spawn('socat', [`TCP-LISTEN:${port},bind=127.0.0.1,reuseaddr`, command], { stdio: 'inherit' })
  const client = await connectWhenListening(port)
  await client.sendAll(bytes('in capitals, please\n'))
  assert.equal(text(await client.read()), 'IN CAPITALS, PLEASE\n')
  await client.finish()
  assert.equal(await ended(socat), 0)
})

const INETD = `
import socket, subprocess, sys
listener = socket.socket()
listener.bind(('127.0.0.1', 0))
listener.listen()
print(listener.getsockname()[1], flush=True)
peer, _ = listener.accept()
sys.exit(subprocess.run([sys.argv[1], sys.argv[2]], stdin=peer, stdout=peer).returncode)
`

test('B19: standard input under an inetd of Python’s', { skip: needs({ program: 'python3' }) }, async () => {
  const inetd = spawn('python3', ['-c', INETD, process.execPath, EXAMPLE], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [port] = (await once(inetd.stdout, 'data')) as [Buffer]
  const client = await connectWhenListening(Number(port))
  for (const word of ['one', 'two']) {
    await client.sendAll(bytes(word))
    assert.equal(text(await client.read()), word.toUpperCase())
  }
  await client.finish()
  assert.equal(await ended(inetd), 0)
})

const SHARED = `
import fcntl, os, socket, subprocess, sys
made = eval(sys.argv[3])
fd = made.fileno()
blocking = lambda: fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_NONBLOCK == 0
child = subprocess.Popen([sys.argv[1], '--input-type=module', '--eval', sys.argv[2], str(fd)],
                         pass_fds=[fd], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
said = child.stdout.readline().strip()
print(said, blocking())
child.stdin.close()
child.wait()
print(blocking(), child.returncode)
`

const KINDS: Readonly<Record<string, { python: string; kind: readonly number[]; blocksMeanwhile: boolean }>> = {
  'a connection': { python: 'socket.socketpair()[0]', kind: [AF_UNIX, SOCK_STREAM], blocksMeanwhile: true },
  'a UDP socket': {
    python: 'socket.socket(socket.AF_INET, socket.SOCK_DGRAM)',
    kind: [AF_INET, SOCK_DGRAM],
    blocksMeanwhile: true,
  },
  'a listener': {
    python: "socket.create_server(('127.0.0.1', 0))",
    kind: [AF_INET, SOCK_STREAM],
    blocksMeanwhile: false,
  },
}

for (const [name, { python, kind, blocksMeanwhile }] of Object.entries(KINDS)) {
  for (const end of ['socket.close()', 'socket.detach()', 'process.exit(0)']) {
    test(
      `B19: ${name} shared with Python blocks for it as before, after ${end}`,
      { skip: needs({ program: 'python3' }) },
      () => {
        const program = `
        import { fromfd } from ${moduleOf('index')}
        const socket = fromfd(Number(process.argv[1]))
        console.log(socket.family, socket.type)
        process.stdin.on('end', () => { ${end} }).resume()
      `
        const { stdout, stderr } = spawnSync('python3', ['-c', SHARED, process.execPath, program, python], {
          encoding: 'utf8',
        })
        const meanwhile = blocksMeanwhile ? 'True' : 'False'
        assert.deepEqual([stdout, stderr], [`${kind.join(' ')} ${meanwhile}\nTrue 0\n`, ''])
      },
    )
  }
}

test('B19: a descriptor that Node opened, and one that the library gave away', async () => {
  const listener = listening()
  const node = createConnection(portOf(listener), '127.0.0.1')
  const { peer } = await listener.accept()
  await once(node, 'connect')
  const socket = await adopt(node)
  await socket.sendAll(bytes('through the library'))
  socket.close()
  assert.equal(text(await receiveAll(peer)), 'through the library')
  const [one, other] = socketpair(SOCK_DGRAM)
  const { fd } = one.detach()
  const again = fromfd(fd)
  assert.deepEqual([again.fd, again.family, again.type], [fd, AF_UNIX, SOCK_DGRAM])
  await again.send(bytes('x'))
  assert.equal(await other.recv(new Uint8Array(2)), 1)
  const datagrams = boundDatagram()
  assert.throws(() => fromfd(datagrams.fd), { code: 'ERR_INVALID_ARG_VALUE' })
  closeAll(listener, peer, again, other, datagrams)
})
