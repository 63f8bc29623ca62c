// A client of TCP: connects, sends what stands on its command line, says that this was all, and prints what comes back
// until the server has finished too.
//
//   node dist/examples/tcp-client.js ENDPOINT [WORD...]
//
// Without arguments it shows itself off on a server of its own.
import { AF_INET, AF_INET6, type AnyAddress, inet, parseEndpoint, SHUT_WR, SOCK_STREAM, Socket } from 'berkeley'

async function ask(address: AnyAddress, text: string): Promise<string> {
  const socket = new Socket(address.family === 'inet6' ? AF_INET6 : AF_INET, SOCK_STREAM)
  try {
    await socket.connect(address, { timeout: 10_000 })
    await socket.sendAll(new TextEncoder().encode(text))
    socket.shutdown(SHUT_WR)
    const decoder = new TextDecoder()
    const buffer = new Uint8Array(65_536)
    let answer = ''
    let length: number
    while ((length = await socket.recv(buffer, { timeout: 10_000 })) > 0) {
      answer += decoder.decode(buffer.subarray(0, length), { stream: true })
    }
    return answer + decoder.decode()
  } finally {
    socket.close()
  }
}

const [endpoint, ...words] = process.argv.slice(2)
if (endpoint === undefined) {
  const listener = new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen()
  listener.acceptWith({
    data(connection, bytes) {
      connection.send(new TextEncoder().encode(new TextDecoder().decode(bytes).toUpperCase()))
    },
  })
  console.log(await ask(listener.localAddress, 'hello'))
  listener.close()
} else console.log(await ask(parseEndpoint(endpoint), words.join(' ')))
