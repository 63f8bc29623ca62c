// A server that ends without losing anything: on SIGTERM or Ctrl-C it accepts no more, lets every connection answer what
// it has been asked, tells those that only wait that it is over, and ends when the last has gone.
//
//   node dist/examples/graceful-shutdown.js [ENDPOINT]
//
// A client sends lines and gets each back, with its number.
import { setMaxListeners } from 'node:events'
import { AF_INET, AF_INET6, parseEndpoint, SO_REUSEADDR, SOCK_STREAM, Socket } from 'berkeley'

const LONGEST_LINE = 4096
const address = parseEndpoint(process.argv[2] ?? '127.0.0.1:0')
const listener = new Socket(address.family === 'inet6' ? AF_INET6 : AF_INET, SOCK_STREAM)
listener.set(SO_REUSEADDR, true).bind(address).listen()

const stopping = new AbortController()
setMaxListeners(0, stopping.signal) // every connection waits on it
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    listener.close() // `serve` is done when those that are connected have been served
    stopping.abort() // what waits for its client's next line stops waiting
  })
}

console.log(`listening on ${listener.localAddress.toString()}`)
await listener.serve(serve, { onError: (error) => console.error(error) })
console.log('all connections are served')

async function serve(peer: Socket): Promise<void> {
  const buffer = new Uint8Array(LONGEST_LINE)
  let used = 0
  for (let count = 1; ;) {
    const length = await receive(peer, buffer.subarray(used))
    if (length === undefined) await peer.sendAll(new TextEncoder().encode('goodbye\n'))
    if (!length) return // the connection is finished by `serve`: what was sent arrives
    used += length
    for (let end = buffer.indexOf(10); end !== -1 && end < used; end = buffer.indexOf(10)) {
      const line = new TextDecoder().decode(buffer.subarray(0, end + 1))
      await peer.sendAll(new TextEncoder().encode(`${count++} ${line}`))
      buffer.copyWithin(0, end + 1, used)
      used -= end + 1
    }
    if (used === LONGEST_LINE) throw new RangeError('a line is too long')
  }
}

/** How many bytes came; 0 at the end, and undefined when the server is stopping. */
async function receive(peer: Socket, buffer: Uint8Array): Promise<number | undefined> {
  try {
    return await peer.recv(buffer, { signal: stopping.signal })
  } catch (error) {
    if (stopping.signal.aborted && error === stopping.signal.reason) return undefined
    throw error
  }
}
