// One way on Bun.listen: forgets what it is sent, or writes until the kernel takes no more, and again on `drain`.
import { isSending, ready } from '../lifetime.ts'
import { runtime, type BunSocket } from './runtime.ts'

type Position = { sent: number }

const chunk = new Uint8Array(65536)
const sending = isSending()

function fill(socket: BunSocket<Position>): void {
  for (;;) {
    const { sent } = socket.data
    const length = Math.max(0, socket.write(chunk, sent, chunk.length - sent))
    const taken = sent + length
    socket.data.sent = taken === chunk.length ? 0 : taken
    if (taken < chunk.length) return
  }
}

const server = runtime.listen<Position>({
  hostname: '127.0.0.1',
  port: 0,
  socket: {
    open(socket) {
      socket.data = { sent: 0 }
      if (sending) fill(socket)
    },
    data() {},
    drain(socket) {
      if (sending) fill(socket)
    },
    error() {},
  },
})
ready(server.port)
