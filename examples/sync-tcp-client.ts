// A TCP client as in a textbook, in the blocking form: sends its words, and prints what comes back.
//
//   node dist/examples/sync-tcp-client.js ENDPOINT WORD...
import { AF_INET, parseEndpoint, SHUT_WR, SOCK_STREAM } from 'berkeley'
import { Socket } from 'berkeley/sync'

const [endpoint = '127.0.0.1:7', ...words] = process.argv.slice(2)
const socket = new Socket(AF_INET, SOCK_STREAM)
socket.connect(parseEndpoint(endpoint), { timeout: 10_000 })
socket.sendAll(new TextEncoder().encode(words.join(' ')))
socket.shutdown(SHUT_WR)
let answer = ''
for (let bytes = socket.read(); bytes.length > 0; bytes = socket.read()) answer += new TextDecoder().decode(bytes)
console.log(answer)
socket.close()
