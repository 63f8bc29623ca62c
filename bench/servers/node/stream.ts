// One way on node:net: forgets what it is sent, or writes until write() says that it is enough, and again on 'drain'.
import net from 'node:net'
import { isSending, ready } from '../lifetime.ts'

const chunk = new Uint8Array(65536)
const sending = isSending()
const server = net.createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy())
  if (!sending) {
    socket.on('data', () => {})
    return
  }
  const fill = (): void => {
    while (socket.write(chunk)) continue
  }
  socket.on('drain', fill)
  fill()
})
server.listen({ port: 0, host: '127.0.0.1' }, () => {
  const address = server.address()
  ready(typeof address === 'object' ? (address?.port ?? 0) : address)
})
