// An echo on node:net, as its users write it.
import net from 'node:net'
import { endpointFromArguments, ready } from '../lifetime.ts'

const server = net.createServer({ noDelay: true }, (socket) => {
  socket.on('data', (bytes) => socket.write(bytes))
  socket.on('error', () => socket.destroy())
})
const endpoint = endpointFromArguments()
server.listen('path' in endpoint ? endpoint : { ...endpoint, host: '127.0.0.1', backlog: 4096 }, () => {
  const address = server.address()
  ready(typeof address === 'object' ? (address?.port ?? 0) : address)
})
