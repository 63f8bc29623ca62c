// An echo over TCP, in the form that you choose. It runs until Ctrl-C.
//
//   node dist/examples/tcp-echo-server.js [handler|promise] [ENDPOINT]
//   node dist/examples/tcp-echo-server.js promise 0.0.0.0:7007
//
// Without an endpoint it listens on 127.0.0.1, on a port that the kernel chooses. Talk to it with
// `node dist/examples/tcp-client.js ENDPOINT hello`, or with netcat.
import { AF_INET, AF_INET6, parseEndpoint, SO_REUSEADDR, SOCK_STREAM, Socket } from 'berkeley'

const [form = 'handler', endpoint = '127.0.0.1:0'] = process.argv.slice(2)
const address = parseEndpoint(endpoint)
const listener = new Socket(address.family === 'inet6' ? AF_INET6 : AF_INET, SOCK_STREAM)
listener.set(SO_REUSEADDR, true).bind(address).listen()
process.once('SIGINT', () => listener.close())
console.log(`listening on ${listener.localAddress.toString()}, ${form} form`)

if (form === 'handler') {
  // One object for all connections. `bytes` is lent for the call; `send` copies what it must. There is no `end`, so
  // that a connection whose client has finished closes by itself, behind what is still to be sent.
  listener.acceptWith({
    data(connection, bytes) {
      connection.send(bytes)
    },
  })
} else {
  // One call of a function for each connection, with a buffer of its own. `sendAll` waits for a slow reader.
  await listener.serve(async (peer) => {
    const buffer = new Uint8Array(65_536)
    let length: number
    while ((length = await peer.recv(buffer)) > 0) await peer.sendAll(buffer.subarray(0, length))
  })
}
