// Memory: what is lent to a handler cannot be taken away from under the engine, and no pointer outlives a call.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { SOCK_STREAM, type Socket, socketpair } from '../../src/index.ts'
import { currentReactor } from '../../src/reactor/index.ts'
import { HEADER_FLUSHES, OPERATION_LENGTH, OPERATION_NEXT, OPERATION_OFFSET } from '../../src/reactor/engine.ts'
import { boundDatagram, bytes, text } from '../support/connections.ts'
import { closedAfterEach, condition } from '../support/opened.ts'

const opened = closedAfterEach()

function pair(type: number = SOCK_STREAM): [Socket, Socket] {
  const [one, other] = socketpair(type)
  return [opened(one), opened(other)]
}

test('memory: a handler that transfers the lent bytes gets an error or a copy, and the slab lives', async () => {
  const [writer, reader] = pair()
  const errors: string[] = []
  const received: string[] = []
  const done = condition()
  const { port1, port2 } = new MessageChannel()
  opened(
    reader.handleWith({
      data(_connection, content) {
        const { buffer } = content as Uint8Array<ArrayBuffer> & { buffer: { transfer?: () => void } }
        const attempts = [
          () => structuredClone(content, { transfer: [buffer] }),
          () => port1.postMessage(content, [buffer]),
          // Node 22 and later.
          () => buffer.transfer?.(),
        ]
        for (const attempt of attempts) {
          // Node 20 copies what cannot be detached, later ones throw a DataCloneError.
          try {
            attempt()
          } catch (error) {
            errors.push((error as Error).name)
          }
          assert.ok(buffer.byteLength > 0)
        }
        received.push(text(content))
        if (received.length === 1) writer.trySend(bytes('second'))
        else done.fulfil()
      },
    }),
  )
  writer.trySend(bytes('first'))
  await done.promise
  port1.close()
  port2.close()
  assert.deepEqual(received, ['first', 'second'])
  for (const name of errors) assert.match(name, /^(DataCloneError|TypeError)$/)
})

test('memory: a buffer that is detached while recv waits is an error, and its bytes are for the next', async () => {
  const [writer, reader] = pair()
  // The first tells that nothing more is there, so that the engine receives for the second.
  const first = reader.recv(new Uint8Array(8))
  writer.trySend(bytes('first'))
  await first
  const buffer = new Uint8Array(8)
  const second = assert.rejects(reader.recv(buffer), { name: 'TypeError', message: /detached/ })
  structuredClone(buffer, { transfer: [buffer.buffer] })
  writer.trySend(bytes('second'))
  await second
  const third = new Uint8Array(8)
  assert.equal(await reader.recv(third), 6)
  assert.equal(text(third, 6), 'second')
})

test('memory: a source that is kept after its call says so, and never gives another sender', async () => {
  const socket = opened(boundDatagram())
  const sender = opened(boundDatagram())
  const address = socket.localAddress
  const done = condition()
  let kept: { toAddress(): unknown; key: string } | undefined
  const channel = opened(
    socket.receiveWith({
      datagram(_channel, _content, source) {
        kept = source
        done.fulfil()
      },
    }),
  )
  sender.trySendTo(bytes('x'), address)
  await done.promise
  await new Promise(setImmediate)
  assert.throws(() => kept!.toAddress(), { name: 'TypeError', message: /lent/ })
  assert.throws(() => kept!.key, { name: 'TypeError' })
  assert.throws(() => channel.send(bytes('x'), kept as never), { name: 'TypeError', message: /lent/ })
})

test('memory: the count of flushes passes all of its values, and nothing is lost or sent twice', async () => {
  const { memory } = currentReactor()
  const [writer, reader] = pair()
  const buffer = new Uint8Array(64)
  for (const count of [0x7fff_fffe, -4]) {
    memory.header[HEADER_FLUSHES] = count
    for (let i = 0; i < 8; i++) {
      await writer.sendAll(bytes(`a${i}`))
      await writer.sendAll(bytes(`b${i}`))
      assert.equal(text(buffer, await reader.recv(buffer)), `a${i}b${i}`)
      assert.equal(writer.queuedBytes, 0)
    }
  }
  assert.equal(memory.header[HEADER_FLUSHES], 5)
})

test('memory: operations that a handler scribbled over cost their socket, and nothing else', () => {
  const source = (name: string): string => JSON.stringify(new URL(`../../src/${name}.js`, import.meta.url).href)
  const program = `
    import { socketpair } from ${source('index')}
    import { currentReactor } from ${source('reactor/reactor')}
    import * as e from ${source('reactor/engine')}
    const [where, value] = process.argv.slice(1).map(Number)
    const [one, other] = socketpair()
    const [second, watcher] = socketpair()
    one.handleWith({
      data(connection, bytes) {
        connection.send(Uint8Array.of(1, 2, 3))
        second.sendAll(Uint8Array.of(4))
        connection.send(Uint8Array.of(5))
        const { operations } = currentReactor().memory
        if (where === -1) currentReactor().memory.header[e.HEADER_OPERATIONS] = value
        else operations[e.OPERATION_WORDS + where] = value
      },
    }, { onError() {} })
    other.trySend(Uint8Array.of(1))
    const buffer = new Uint8Array(8)
    await watcher.recv(buffer)
    await second.sendAll(Uint8Array.of(6))
    await watcher.recv(buffer)
    process.stdout.write(String(buffer[0]))
    process.exit(0)
  `
  const hostile = [-1, 1, 0x7000_0000, 0x7fff_ffff, -(2 ** 31), 4096, 4097]
  const fields = [OPERATION_OFFSET, OPERATION_LENGTH, OPERATION_NEXT]
  const runs = [...fields.flatMap((field) => hostile.map((value) => [field, value])), [-1, 4098], [-1, 0x7fff_ffff]]
  for (const run of runs) {
    const args = ['--input-type=module', '--eval', program, '--', ...run.map(String)]
    const child = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 })
    assert.equal(`${child.signal} ${child.status} ${child.stdout}`, 'null 0 6', `${run.join()}: ${child.stderr}`)
  }
})
