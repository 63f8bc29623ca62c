// B23: nothing to set up or take down; copies and threads side by side; the process ends when nothing is open.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { moduleOf, runProgram, startWorker } from '../support/child.ts'

const index = moduleOf('index')

test('B23: a process that has closed its sockets ends by itself', () => {
  const { status, stdout, stderr } = runProgram(`
    import { AF_INET, SOCK_STREAM, Socket, inet } from ${index}
    const listener = new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen()
    const serving = listener.serve(async (peer) => { await peer.sendAll(await peer.read()) })
    const client = new Socket(AF_INET, SOCK_STREAM)
    await client.connect(listener.localAddress)
    await client.sendAll(new Uint8Array(3))
    console.log((await client.read()).length)
    await client.finish()
    listener.close()
    await serving
    console.log('done')`)
  assert.deepEqual([status, stdout, stderr], [0, '3\ndone\n', ''])
})

test('B23: importing it, or a socket that nobody waits on, keeps no process alive', () => {
  const { status } = runProgram(`
    import { AF_INET, SOCK_STREAM, Socket, inet } from ${index}
    globalThis.kept = new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen()`)
  assert.equal(status, 0)
})

test('B23: a listener that is accepting keeps it alive, until it is unrefed', () => {
  const { status, stdout } = runProgram(`
    import { AF_INET, SOCK_STREAM, Socket, inet } from ${index}
    const listener = new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen()
    listener.acceptWith({ data() {} })
    setImmediate(() => setImmediate(() => { console.log('alive'); listener.unref() }).unref()).unref()`)
  assert.deepEqual([status, stdout], [0, 'alive\n'])
})

test('B23: two copies of the module, and threads, side by side', async () => {
  const program = `
    import { parentPort, workerData } from 'node:worker_threads'
    const first = await import(${index})
    const second = await import(${index} + '?copy')
    const talk = async ({ AF_INET, SOCK_STREAM, Socket, inet }) => {
      const listener = new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen()
      const client = new Socket(AF_INET, SOCK_STREAM)
      const [{ peer }] = await Promise.all([listener.accept(), client.connect(listener.localAddress)])
      await client.sendAll(new Uint8Array([7]))
      const [byte] = await peer.read()
      for (const socket of [listener, client, peer]) socket.close()
      return byte
    }
    parentPort.postMessage([await talk(first), await talk(second)])`
  const workers = [1, 2, 3].map(() => startWorker(program))
  const answers = await Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0] as unknown))
  assert.deepEqual(answers, [
    [7, 7],
    [7, 7],
    [7, 7],
  ])
  await Promise.all(workers.map((worker) => worker.terminate()))
})
