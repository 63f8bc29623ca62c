// Signal storms: a process that is interrupted all the time answers everything, and EINTR is seen by nobody.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { AF_INET, inet, SOCK_STREAM, Socket } from '../../src/index.ts'
import { moduleOf, startProgram } from '../support/child.ts'
import { pattern } from '../support/connections.ts'
import { closedAfterEach } from '../support/opened.ts'
import { PythonPeer } from '../support/python-peer.ts'

const opened = closedAfterEach()

/** Echoes in both forms, and counts the signals that reached JavaScript. */
const ECHO = `
  import { AF_INET, inet, SOCK_STREAM, Socket } from ${moduleOf('index')}
  const listening = () => new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen()
  let signals = 0
  for (const name of ['SIGUSR2', 'SIGCHLD', 'SIGWINCH', 'SIGCONT']) process.on(name, () => { signals++ })
  const failed = (error) => { console.error(error); process.exit(1) }
  const handlers = listening()
  handlers.acceptWith({ data: (connection, bytes) => void connection.send(bytes) }, { onError: failed })
  const promises = listening()
  promises.serve(async (peer) => {
    for (let bytes = await peer.read(); bytes.length > 0; bytes = await peer.read()) await peer.sendAll(bytes)
  }, { onError: failed }).then(() => {})
  console.log([handlers, promises].map((listener) => listener.localAddress.port).join())
  process.stdin.on('end', () => { console.log(signals); process.exit(0) }).resume()
`

const CONTENT = pattern(3_000_000, 5)

async function echoOf(port: number, parts: number): Promise<Uint8Array> {
  const socket = opened(new Socket(AF_INET, SOCK_STREAM))
  await socket.connect(inet('127.0.0.1', port))
  const answer = new Uint8Array(CONTENT.length)
  const received = socket.recvExactly(answer)
  const step = Math.ceil(CONTENT.length / parts)
  for (let at = 0; at < CONTENT.length; at += step) await socket.sendAll(CONTENT.subarray(at, at + step))
  await received
  socket.close()
  return answer
}

test('endurance: an echo under a storm of signals loses nothing, and EINTR does not surface', async () => {
  const child = startProgram(ECHO)
  const python = new PythonPeer()
  const lines = createInterface(child.stdout)
  try {
    const [line] = (await once(lines, 'line')) as [string]
    const [handlers, promises] = line.split(',').map(Number)
    await python.ask(`import signal
stop = False
sent = 0
def storm():
    global sent
    kinds = [signal.SIGUSR2, signal.SIGCHLD, signal.SIGWINCH, signal.SIGCONT]
    while not stop or sent < 20000:
        os.kill(${child.pid}, kinds[sent % 4])
        sent += 1
thread = threading.Thread(target=storm)
thread.start()`)
    for (let round = 0; round < 5; round++) {
      const ports = [handlers!, promises!, handlers!, promises!]
      const answers = await Promise.all(ports.map((port, i) => echoOf(port, [100, 1000, 3, 20_000][i]!)))
      for (const answer of answers) assert.equal(Buffer.compare(answer, CONTENT), 0)
    }
    await python.ask('stop = True; thread.join()'.replace('; ', '\n'))
    assert.ok((await python.ask<number>('sent')) >= 20_000)
    const told = once(lines, 'line')
    const closed = once(child, 'close')
    child.stdin.end()
    const [signals] = (await told) as [string]
    assert.ok(Number(signals) > 0, 'no signal came')
    assert.deepEqual(await closed, [0, null])
  } finally {
    if (child.exitCode === null) child.kill('SIGKILL')
    await python.end()
  }
})
