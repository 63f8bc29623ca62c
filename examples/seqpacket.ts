// Unix sockets of the type seqpacket: connections, as with streams, and messages that are kept apart, as with datagrams.
// No framing, no length before each message. It ends by itself.
//
//   node dist/examples/seqpacket.js
import { SOCK_SEQPACKET, socketpair } from 'berkeley'

const [parent, child] = socketpair(SOCK_SEQPACKET)

// One side answers each record with another, in the handler form.
child.handleWith({
  data(connection, bytes) {
    const [a = 0, b = 0] = new TextDecoder().decode(bytes).split('+').map(Number)
    connection.send(new TextEncoder().encode(`${a + b}`))
  },
})

// The other side asks, in the promise form. Both questions are on their way before the first answer is read.
const buffer = new Uint8Array(64)
for (const question of ['1+2', '20+22']) await parent.send(new TextEncoder().encode(question))
for (let i = 0; i < 2; i++) {
  const length = await parent.recv(buffer)
  console.log(new TextDecoder().decode(buffer.subarray(0, length)))
}

// A record that is longer than the buffer is cut, and the rest of it is lost: recvFrom tells.
await parent.send(new TextEncoder().encode('1000000+1'))
const { length, truncated } = await parent.recvFrom(buffer.subarray(0, 4))
console.log(new TextDecoder().decode(buffer.subarray(0, length)), truncated)
parent.close()
