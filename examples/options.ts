// Options: set, read, the state of a connection by TCP_INFO, and the same on a socket of node:net. It ends by itself.
//
//   node dist/examples/options.js
import { once } from 'node:events'
import { type AddressInfo, createConnection, createServer, type Socket as NodeSocket } from 'node:net'
import {
  AF_INET,
  inet,
  optionsOf,
  SO_LINGER,
  SOCK_STREAM,
  Socket,
  TCP_CONGESTION,
  TCP_INFO,
  TCP_KEEPIDLE,
  TCP_NODELAY,
} from 'berkeley'

const listener = new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen()
const client = new Socket(AF_INET, SOCK_STREAM).set(TCP_CONGESTION, 'reno').set(TCP_KEEPIDLE, 60)
console.log(client.get(TCP_CONGESTION), client.get(TCP_KEEPIDLE), client.get(SO_LINGER))

const accepted = listener.accept()
await client.connect(listener.localAddress)
const { peer } = await accepted
await client.sendAll(new Uint8Array(5000))
await peer.recvExactly(new Uint8Array(5000))

// A field that the kernel is too old to tell is undefined.
const { state, bytesReceived, rttUs, receiveSpace } = peer.get(TCP_INFO)
const isPlausible = rttUs >= 0 && receiveSpace > 0
console.log(`${state}, ${bytesReceived} bytes, ${isPlausible ? 'within its limits' : 'odd'}`)
for (const socket of [client, peer, listener]) socket.close()

const server = createServer().listen(0, '127.0.0.1')
await once(server, 'listening')
const theirs = createConnection((server.address() as AddressInfo).port, '127.0.0.1')
const [other] = (await once(server, 'connection')) as [NodeSocket]
const options = optionsOf(theirs).set(TCP_NODELAY, true)
other.write('hello')
await once(theirs, 'readable')
theirs.unshift(theirs.read() as Buffer)
console.log(options.get(TCP_INFO).state, options.get(TCP_NODELAY), options.get(TCP_INFO).bytesReceived)
theirs.destroy()
other.destroy()
server.close()
