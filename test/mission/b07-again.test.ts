// B7: the same client may come again at once.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AF_INET, inet, SO_REUSEADDR, SOCK_STREAM, Socket } from '../../src/index.ts'
import { portOf } from '../support/connections.ts'

test('B7: a hundred times from the same port, no refusal and no reset', async () => {
  const listener = new Socket(AF_INET, SOCK_STREAM).set(SO_REUSEADDR, true).bind(inet('127.0.0.1', 0)).listen()
  const serving = listener.serve(async (peer) => {
    const [byte] = await peer.read(1)
    await peer.sendAll(Uint8Array.of(byte ?? 0))
  })
  let from = 0
  for (let time = 0; time < 100; time++) {
    const client = new Socket(AF_INET, SOCK_STREAM).set(SO_REUSEADDR, true).bind(inet('127.0.0.1', from))
    from = portOf(client)
    await client.connect(listener.localAddress)
    await client.sendAll(Uint8Array.of(time))
    assert.deepEqual(await client.read(1), Uint8Array.of(time))
    // The server closes first, and so has the TIME_WAIT, which a new SYN may take over.
    assert.equal(await client.recv(new Uint8Array(1)), 0)
    client.close()
  }
  listener.close()
  await serving
})
