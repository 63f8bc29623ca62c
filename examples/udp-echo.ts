// An echo over UDP, and a client that asks it three times. It ends by itself.
//
//   node dist/examples/udp-echo.js
//
// Datagrams may get lost, so the client gives each a time, and sends it again when that is over.
import { AF_INET, inet, SOCK_DGRAM, Socket, TimeoutError } from 'berkeley'

const echo = new Socket(AF_INET, SOCK_DGRAM).bind(inet('127.0.0.1', 0)).receiveWith({
  // Both are lent for the length of the call; to answer needs no copy of either.
  datagram(channel, bytes, source) {
    channel.send(bytes, source)
  },
  error(_channel, error) {
    console.error(error.message)
  },
})

// A connected datagram socket has one peer: it receives from no one else, and is told when nobody listens there.
const client = new Socket(AF_INET, SOCK_DGRAM)
await client.connect(echo.localAddress)

for (const word of ['one', 'two', 'three']) console.log(await ask(word))
client.close()
echo.close()

async function ask(word: string): Promise<string> {
  const buffer = new Uint8Array(1500)
  for (let attempt = 0; attempt < 5; attempt++) {
    await client.send(new TextEncoder().encode(word))
    try {
      for (;;) {
        const length = await client.recv(buffer, { timeout: 500 })
        const answer = new TextDecoder().decode(buffer.subarray(0, length))
        if (answer === word) return answer // else it answers an earlier question, that was asked twice
      }
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error
    }
  }
  throw new Error('no answer')
}
