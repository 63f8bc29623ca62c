// A UDP echo on Bun.udpSocket.
import { ready } from '../lifetime.ts'
import { runtime } from './runtime.ts'

const server = await runtime.udpSocket({
  hostname: '127.0.0.1',
  port: 0,
  socket: {
    data(socket, bytes, port, address) {
      socket.send(bytes, port, address)
    },
  },
})
ready(server.port)
