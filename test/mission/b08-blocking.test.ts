// B8: in the blocking form, too, every waiting operation takes a timeout and a cancel, and system signals do not end it.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { AF_INET, AF_UNIX, abstract, inet, SOCK_STREAM } from '../../src/index.ts'
import { type BlockingOptions, Cancellation, Socket, socketpair } from '../../src/socket/sync/index.ts'
import { moduleOf, startProgram, startWorker } from '../support/child.ts'
import { bytes, pattern, text } from '../support/connections.ts'
import { PythonPeer } from '../support/python-peer.ts'

type Operation = (socket: Socket, options: BlockingOptions) => unknown

const RECEIVING: Readonly<Record<string, Operation>> = {
  recv: (socket, options) => socket.recv(new Uint8Array(8), options),
  read: (socket, options) => socket.read(8, options),
  recvExactly: (socket, options) => socket.recvExactly(new Uint8Array(8), options),
  recvFrom: (socket, options) => socket.recvFrom(new Uint8Array(8), options),
  readv: (socket, options) => socket.readv([new Uint8Array(8)], options),
}
const SENDING: Readonly<Record<string, Operation>> = {
  send: (socket, options) => socket.send(pattern(100_000), options),
  sendAll: (socket, options) => socket.sendAll(pattern(100_000), options),
  writev: (socket, options) => socket.writev([pattern(100_000)], options),
}

/** A thread that cancels the cancellation with the id as soon as it is told to by the word in the shared memory. */
const CANCELER = `
  import { workerData } from 'node:worker_threads'
  import { Cancellation } from ${moduleOf('socket/sync/index')}
  const { id, word } = workerData
  const cancellation = new Cancellation(id)
  Atomics.store(word, 0, 1)
  Atomics.notify(word, 0)
  Atomics.wait(word, 0, 1)
  cancellation.cancel()
  cancellation.close()`

async function timesOutAndIsCanceled(name: string, operation: Operation, socket: Socket): Promise<void> {
  for (const timeout of [0, 5]) {
    const expected = { code: 'ERR_SOCKET_TIMEOUT', operation: name, timeoutMs: timeout }
    assert.throws(() => operation(socket, { timeout }), expected)
  }
  const cancellation = new Cancellation()
  const word = new Int32Array(new SharedArrayBuffer(4))
  const worker = startWorker(CANCELER, { id: cancellation.id, word })
  const exited = once(worker, 'exit')
  while (Atomics.load(word, 0) === 0) await new Promise(setImmediate)
  Atomics.store(word, 0, 2)
  Atomics.notify(word, 0)
  assert.throws(() => operation(socket, { cancellation }), { code: 'ERR_SOCKET_CANCELED', operation: name })
  await exited
  assert.throws(() => operation(socket, { cancellation }), { code: 'ERR_SOCKET_CANCELED', operation: name })
  cancellation.close()
}

for (const [name, operation] of Object.entries(RECEIVING)) {
  test(`B8: blocking ${name} ends by its timeout and from another thread, and takes nothing later`, async () => {
    const [one, other] = socketpair()
    await timesOutAndIsCanceled(name, operation, one)
    other.sendAll(bytes('all of it'))
    const buffer = new Uint8Array(9)
    one.recvExactly(buffer)
    assert.equal(text(buffer), 'all of it')
    for (const socket of [one, other]) socket.close()
  })
}

for (const [name, operation] of Object.entries(SENDING)) {
  test(`B8: blocking ${name} ends by its timeout and from another thread`, async () => {
    const [one, other] = socketpair()
    assert.throws(() => one.sendAll(new Uint8Array(1 << 24), { timeout: 0 }), { code: 'ERR_SOCKET_TIMEOUT' })
    await timesOutAndIsCanceled(name, operation, one)
    for (const socket of [one, other]) socket.close()
  })
}

test('B8: blocking accept and connect end by their timeout and from another thread', async () => {
  const listener = new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen()
  await timesOutAndIsCanceled('accept', (socket, options) => socket.accept(options), listener)
  // A Unix listener whose backlog is full makes a connect wait.
  const full = new Socket(AF_UNIX, SOCK_STREAM).bind(abstract(`berkeley-b8-blocking-${process.pid}`)).listen(0)
  const first = new Socket(AF_UNIX, SOCK_STREAM)
  first.connect(full.localAddress)
  const second = new Socket(AF_UNIX, SOCK_STREAM)
  await timesOutAndIsCanceled('connect', (socket, options) => socket.connect(full.localAddress, options), second)
  for (const socket of [listener, full, first, second]) socket.close()
})

test('B8: one deadline holds over all of a blocking recvExactly', () => {
  const [one, other] = socketpair()
  other.sendAll(Uint8Array.of(1))
  const buffer = new Uint8Array(2)
  assert.throws(() => one.recvExactly(buffer, { timeout: 20 }), { code: 'ERR_SOCKET_TIMEOUT' })
  assert.equal(buffer[0], 1)
  for (const socket of [one, other]) socket.close()
})

/** Blocks in connect, accept, recv and sendAll; its handler of the signals can run only between the calls. */
const BLOCKER = `
  import { AF_INET, inet, SOCK_STREAM } from ${moduleOf('index')}
  import { Socket } from ${moduleOf('socket/sync/index')}
  let signals = 0
  for (const name of ['SIGUSR2', 'SIGCHLD', 'SIGWINCH', 'SIGCONT']) process.on(name, () => { signals++ })
  const listener = new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen()
  console.log(listener.localAddress.port)
  const { peer } = listener.accept()
  const content = new Uint8Array(20_000_000)
  peer.recvExactly(content)
  peer.sendAll(content)
  peer.finish()
  let timedOut = ''
  try { listener.accept({ timeout: 200 }) } catch (error) { timedOut = error.code }
  listener.close()
  while (signals === 0) await new Promise(setImmediate)
  console.log(timedOut)
  process.exit(0)`

test('B8: a storm of system signals ends no blocking call, and its timeout passes all the same', async () => {
  const child = startProgram(BLOCKER)
  const closed = once(child, 'close')
  const python = new PythonPeer()
  const lines = createInterface(child.stdout)
  try {
    const [port] = (await once(lines, 'line')) as [string]
    const told = once(lines, 'line')
    await python.ask(`import signal
stop = False
sent = 0
def storm():
    global sent
    kinds = [signal.SIGUSR2, signal.SIGCHLD, signal.SIGWINCH, signal.SIGCONT]
    while not stop:
        try: os.kill(${child.pid}, kinds[sent % 4])
        except ProcessLookupError: break
        sent += 1
thread = threading.Thread(target=storm)
thread.start()
while sent < 1000: time.sleep(0.001)
s = socket.create_connection(('127.0.0.1', ${port}))
content = os.urandom(20_000_000)
for at in range(0, 20_000_000, 400_000): s.sendall(content[at:at + 400_000])`)
    assert.equal(await python.ask('s.recv(20_000_000, socket.MSG_WAITALL) == content'), true)
    await python.ask('s.close()')
    assert.deepEqual(await told, ['ERR_SOCKET_TIMEOUT'])
    await python.ask('stop = True\nthread.join()')
    assert.deepEqual(await closed, [0, null])
  } finally {
    if (child.exitCode === null) child.kill('SIGKILL')
    await python.end()
  }
})

test('B8: Ctrl-C ends a script that blocks; with a handler of its own that runs when the call is over', async () => {
  const program = (before: string): string => `
    import { AF_INET, inet, SOCK_STREAM } from ${moduleOf('index')}
    import { Socket } from ${moduleOf('socket/sync/index')}
    ${before}
    const listener = new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen()
    console.log(listener.localAddress.port)
    listener.accept().peer.close()
    console.log('accepted')
    listener.close()`
  const plain = startProgram(program(''))
  const ended = once(plain, 'close')
  await once(createInterface(plain.stdout), 'line')
  plain.kill('SIGINT')
  assert.deepEqual(await ended, [null, 'SIGINT'])

  const handled = startProgram(program("process.once('SIGINT', () => console.log('handled'))"))
  const closed = once(handled, 'close')
  const lines: string[] = []
  const reader = createInterface(handled.stdout).on('line', (line) => lines.push(line))
  await once(reader, 'line')
  handled.kill('SIGINT')
  const client = new Socket(AF_INET, SOCK_STREAM)
  client.connect(inet('127.0.0.1', Number(lines[0])))
  client.close()
  await closed
  assert.equal(lines[1], 'accepted')
})
