// A UDP server as in a textbook, in the blocking form: sends each datagram back. It runs until Ctrl-C.
//
//   node dist/examples/sync-udp-server.js [PORT]
import { AF_INET, inet, SOCK_DGRAM } from 'berkeley'
import { Socket } from 'berkeley/sync'

const socket = new Socket(AF_INET, SOCK_DGRAM).bind(inet('127.0.0.1', Number(process.argv[2] ?? 0)))
console.log(`listening on ${socket.localAddress.toString()}`)
const buffer = new Uint8Array(65_536)
for (;;) {
  const { length, address } = socket.recvFrom(buffer)
  socket.sendTo(buffer.subarray(0, length), address)
}
