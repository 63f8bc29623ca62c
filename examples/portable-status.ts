// One word for an error, whichever system numbered it; and a sentence for whoever has to do something about it.
import { AF_INET, explain, inet, SOCK_STREAM, Socket, statusOf } from 'berkeley'

const listener = new Socket(AF_INET, SOCK_STREAM)
listener.bind(inet('127.0.0.1', 0)) // bound, and not listening
const client = new Socket(AF_INET, SOCK_STREAM)
try {
  await client.connect(listener.localAddress)
} catch (error) {
  if (statusOf(error as Error) === 'connectionRefused') console.log('nobody listens')
}
client.close()
listener.close()

console.log(statusOf(61, 'darwin'), statusOf(10061, 'winsock'), statusOf(0x8007274d, 'hresult'))
console.log(statusOf('EAI_NONAME'), statusOf('ENOTFOUND'))
console.log(explain(48, 'darwin').code)
