// A UDP client as in a textbook, in the blocking form: asks with each word, and prints the answers.
//
//   node dist/examples/sync-udp-client.js ENDPOINT WORD...
import { AF_INET, parseEndpoint, SOCK_DGRAM } from 'berkeley'
import { Socket } from 'berkeley/sync'

const [endpoint = '127.0.0.1:7', ...words] = process.argv.slice(2)
const socket = new Socket(AF_INET, SOCK_DGRAM)
socket.timeout = 10_000
for (const word of words) {
  socket.sendTo(new TextEncoder().encode(word), parseEndpoint(endpoint))
  console.log(new TextDecoder().decode(socket.read()))
}
socket.close()
