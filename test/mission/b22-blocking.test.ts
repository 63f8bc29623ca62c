// B22: the same calls in a blocking form: clients and servers as short as in a textbook, against each other and Python.
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { checkoutPath } from '../support/checkout.ts'
import { PythonPeer } from '../support/python-peer.ts'

const programOf = (name: string): string => checkoutPath('dist', 'examples', `${name}.js`)

/** A server of examples/ while it is used: it blocks in accept or recvFrom, and Ctrl-C ends it. */
async function whileRunning(name: string, use: (endpoint: string) => Promise<void>): Promise<void> {
  const child = spawn(process.execPath, [programOf(name)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  try {
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
    await use(line.replace('listening on ', ''))
    child.kill('SIGINT')
    assert.deepEqual(await closed, [null, 'SIGINT'])
  } finally {
    child.kill('SIGKILL')
  }
}

async function outputOf(name: string, ...args: string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, [programOf(name), ...args], { timeout: 30_000 })).stdout
}

async function withPython(use: (python: PythonPeer) => Promise<void>): Promise<void> {
  const python = new PythonPeer()
  try {
    await use(python)
  } finally {
    await python.end()
  }
}

test('B22: the TCP client and the TCP server of the examples talk to each other', async () => {
  await whileRunning('sync-tcp-server', async (endpoint) => {
    for (const word of ['one', 'two']) assert.equal(await outputOf('sync-tcp-client', endpoint, word), `${word}\n`)
  })
})

test('B22: the UDP client and the UDP server of the examples talk to each other', async () => {
  await whileRunning('sync-udp-server', async (endpoint) => {
    assert.equal(await outputOf('sync-udp-client', endpoint, 'one', 'two'), 'one\ntwo\n')
  })
})

test('B22: Python is a client of both servers', async () => {
  await withPython(async (python) => {
    await whileRunning('sync-tcp-server', async (endpoint) => {
      await python.ask(`s = socket.create_connection(('127.0.0.1', ${endpoint.split(':')[1]}))`)
      await python.ask("threading.Thread(target=lambda: (s.sendall(b'x' * 3000000), s.shutdown(1))).start()")
      assert.equal(await python.ask('len(s.recv(4000000, socket.MSG_WAITALL))'), 3_000_000)
      await python.ask('s.close()')
    })
    await whileRunning('sync-udp-server', async (endpoint) => {
      await python.ask('u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)')
      await python.ask(`u.sendto(b'datagram', ('127.0.0.1', ${endpoint.split(':')[1]}))`)
      assert.equal(Buffer.from(await python.ask<Uint8Array>('u.recv(100)')).toString(), 'datagram')
    })
  })
})

test('B22: Python is a server of both clients', async () => {
  await withPython(async (python) => {
    await python.ask(`def serve():
    peer, _ = listener.accept()
    data = b''
    while part := peer.recv(100): data += part
    peer.sendall(data.upper())
    peer.close()
def answer():
    data, address = u.recvfrom(100)
    u.sendto(data.upper(), address)
listener = socket.create_server(('127.0.0.1', 0))
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.bind(('127.0.0.1', 0))
for run in (serve, answer): threading.Thread(target=run, daemon=True).start()`)
    const [tcp, udp] = await python.ask<[number, number]>('[listener.getsockname()[1], u.getsockname()[1]]')
    assert.equal(await outputOf('sync-tcp-client', `127.0.0.1:${tcp}`, 'ab', 'cd'), 'AB CD\n')
    assert.equal(await outputOf('sync-udp-client', `127.0.0.1:${udp}`, 'ef'), 'EF\n')
  })
})

test('B22: they are as short as in a textbook', () => {
  for (const name of ['sync-tcp-client', 'sync-tcp-server', 'sync-udp-client', 'sync-udp-server']) {
    const lines = readFileSync(checkoutPath('examples', `${name}.ts`), 'utf8').split('\n')
    const code = lines.filter((line) => /\S/.test(line) && !/^(?:\/\/|import )/.test(line))
    assert.ok(code.length <= 12, `${name} has ${code.length} lines`)
  }
})
