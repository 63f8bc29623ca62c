// A connection that a server of node:net accepted goes on in this library, and then back. It ends by itself.
//
//   node dist/examples/adopt-node-socket.js
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket as NodeSocket } from 'node:net'
import { adopt, AF_INET, inet, SOCK_STREAM, Socket, TCP_NODELAY, toNodeSocket } from 'berkeley'

const server = createServer().listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address() as AddressInfo
const client = new Socket(AF_INET, SOCK_STREAM)
const connection = once(server, 'connection') as Promise<[NodeSocket]>
await client.connect(inet('127.0.0.1', port))
const [accepted] = await connection
accepted.write('from Node, ')

const socket = await adopt(accepted)
console.log('Node has closed its own:', accepted.destroyed)
socket.set(TCP_NODELAY, true)
await socket.sendAll(new TextEncoder().encode('from berkeley, '))

const again = toNodeSocket(socket)
again.end('and from Node again')
let text = ''
for (let bytes = await client.read(); bytes.length > 0; bytes = await client.read()) {
  text += new TextDecoder().decode(bytes)
}
console.log(text)
client.close()
server.close()
