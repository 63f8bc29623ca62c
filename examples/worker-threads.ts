// Several threads serve one port. Each has a reactor and a listener of its own; SO_REUSEPORT lets all of them bind to
// the same address, and the kernel spreads the connections by a hash of the socket pair. It ends by itself.
//
//   node dist/examples/worker-threads.js
import { once } from 'node:events'
import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads'
import { AF_INET, inet, SO_REUSEPORT, SOCK_STREAM, Socket } from 'berkeley'

const WORKERS = 2
const CLIENTS = 20

/** A listener on the shared port; all that share it have to set the option, before they bind. */
function bound(port: number): Socket {
  return new Socket(AF_INET, SOCK_STREAM).set(SO_REUSEPORT, true).bind(inet('127.0.0.1', port))
}

async function work(port: number): Promise<void> {
  const listener = bound(port).listen()
  parentPort!.postMessage('listening', [])
  await listener.serve((peer) => peer.sendAll(Uint8Array.of(threadId)))
}

async function lead(): Promise<void> {
  // This socket chooses the port and keeps it; it does not listen, and so gets no connection.
  const place = bound(0)
  const address = place.localAddress
  if (address.family !== 'inet') throw new Error('bound to no IPv4 address')
  const workers: Worker[] = []
  for (let i = 0; i < WORKERS; i++) {
    const worker = new Worker(new URL(import.meta.url), { workerData: address.port })
    await once(worker, 'message')
    workers.push(worker)
  }
  let served = 0
  const threads = new Set<number>()
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      const client = new Socket(AF_INET, SOCK_STREAM)
      await client.connect(address)
      const answer = new Uint8Array(1)
      await client.recvExactly(answer)
      threads.add(answer[0]!)
      served++
      await client.finish()
    }),
  )
  console.log(`${served} connections, served by ${threads.size > 1 ? 'several threads' : 'one thread'}`)
  place.close()
  // Whatever a worker still holds when it ends is closed.
  await Promise.all(workers.map((worker) => worker.terminate()))
}

await (isMainThread ? lead() : work(workerData as number))
