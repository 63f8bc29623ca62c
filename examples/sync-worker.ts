// A blocking server in a worker thread. The worker's own event loop stands still; the main thread goes on, and ends the
// server by a cancellation, which it made and whose id the worker was given. It ends by itself.
//
//   node dist/examples/sync-worker.js
import { once } from 'node:events'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { AF_INET, type AnyAddress, CanceledError, inet, parseEndpoint, SOCK_STREAM, Socket } from 'berkeley'
import { Cancellation, Socket as BlockingSocket } from 'berkeley/sync'

function serve(id: number): void {
  const cancellation = new Cancellation(id)
  const listener = new BlockingSocket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen()
  parentPort!.postMessage(listener.localAddress.toString(), [])
  try {
    for (;;) {
      const { peer } = listener.accept({ cancellation })
      peer.sendAll(new TextEncoder().encode('hello from a worker'), { cancellation })
      peer.finish({ cancellation })
    }
  } catch (error) {
    if (!(error instanceof CanceledError)) throw error
    console.log('worker: canceled')
  }
  listener.close()
  cancellation.close()
}

async function ask(address: AnyAddress): Promise<string> {
  const socket = new Socket(AF_INET, SOCK_STREAM)
  await socket.connect(address)
  const answer = await socket.read()
  await socket.finish()
  return new TextDecoder().decode(answer)
}

if (isMainThread) {
  const cancellation = new Cancellation()
  const worker = new Worker(new URL(import.meta.url), { workerData: cancellation.id })
  const exited = once(worker, 'exit')
  const [endpoint] = (await once(worker, 'message')) as [string]
  for (let i = 0; i < 3; i++) console.log(await ask(parseEndpoint(endpoint)))
  cancellation.cancel()
  await exited
  cancellation.close()
} else serve(workerData as number)
