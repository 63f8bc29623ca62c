// Every waiting operation against everything that can end it, at every point: before it, in the same tick, after some
// microtasks, in a later turn, and while data is coming. Whatever happens, the operation settles, and nothing stays open.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SHUT_RD, SHUT_RDWR, SHUT_WR, type Socket } from '../../src/index.ts'
import { bytes, listening, pattern, tcpPair } from '../support/connections.ts'

const OPERATIONS: Readonly<Record<string, (socket: Socket) => Promise<unknown>>> = {
  recv: (socket) => socket.recv(new Uint8Array(64)),
  'recv with a timeout': (socket) => socket.recv(new Uint8Array(64), { timeout: 60_000 }),
  read: (socket) => socket.read(),
  recvExactly: (socket) => socket.recvExactly(new Uint8Array(200_000)),
  recvFrom: (socket) => socket.recvFrom(new Uint8Array(64)),
  'a short sendAll': (socket) => socket.sendAll(bytes('short')),
  'a long sendAll': (socket) => socket.sendAll(pattern(20_000_000)),
  send: (socket) => socket.send(pattern(100)),
  finish: (socket) => socket.finish({ deadline: 60_000 }),
}
/** Each ends the operation, though some only when both are done. */
const ENDINGS: Readonly<Record<string, (socket: Socket, peer: Socket) => void>> = {
  close: (socket) => socket.close(),
  abort: (socket) => socket.abort(),
  'shutdown of both ways': (socket) => void socket.shutdown(SHUT_RDWR),
  'shutdown of reading, then close': (socket) => socket.shutdown(SHUT_RD).close(),
  'shutdown of writing, then abort': (socket) => socket.shutdown(SHUT_WR).abort(),
  'the peer closes': (_, peer) => peer.close(),
  'the peer aborts': (_, peer) => peer.abort(),
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const POINTS: Readonly<Record<string, (peer: Socket) => Promise<void> | undefined>> = {
  'in the same tick': () => undefined,
  'a microtask later': () => Promise.resolve(),
  'a tick later': () => new Promise((resolve) => process.nextTick(resolve)),
  'a turn later': turn,
  'three turns later': async () => {
    for (let count = 0; count < 3; count++) await turn()
  },
  'while data comes': async (peer) => {
    peer.trySend(pattern(1000))
    await turn()
  },
  'with data on its way': async (peer) => void peer.trySend(pattern(1000)),
}
/** What an operation that was ended may be told. */
const CODES = ['ERR_SOCKET_CLOSED', 'ERR_END_OF_STREAM', 'ECONNRESET', 'EPIPE', 'ENOTCONN', 'ERR_SOCKET_TIMEOUT']

for (const [operationName, operation] of Object.entries(OPERATIONS)) {
  for (const [endingName, end] of Object.entries(ENDINGS)) {
    test(`${operationName}: ${endingName}, at every point`, async () => {
      for (const [pointName, wait] of Object.entries(POINTS)) {
        const { client, server } = await tcpPair()
        const settled = operation(server).then(
          () => undefined,
          (error: unknown) => error,
        )
        const pause = wait(client)
        if (pause !== undefined) await pause
        try {
          end(server, client)
        } catch (error) {
          // finish has closed it already, or the peer has gone.
          assert.match(String((error as { code?: unknown }).code), /^(?:ERR_SOCKET_CLOSED|ENOTCONN)$/)
        }
        client.abort()
        const error = await settled
        if (error !== undefined) {
          assert.ok(error instanceof Error && 'code' in error)
          assert.ok(CODES.includes(String(error.code)), `${pointName}: ${String(error)}`)
        }
        server.abort()
        assert.ok(server.isClosed && client.isClosed)
      }
    })
  }
}

test('accept and connect against close and abort, at every point', async () => {
  for (const wait of Object.values(POINTS)) {
    for (const isAbort of [false, true]) {
      const listener = listening()
      const accepting = listener.accept().catch((error: unknown) => error)
      const { client, server } = await tcpPair()
      const pause = wait(client)
      if (pause !== undefined) await pause
      if (isAbort) listener.abort()
      else listener.close()
      assert.equal(((await accepting) as { code?: string }).code, 'ERR_SOCKET_CLOSED')
      client.close()
      server.close()
    }
  }
})
