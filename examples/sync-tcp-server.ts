// A TCP server as in a textbook: one client after the other, in the blocking form. It runs until Ctrl-C.
//
//   node dist/examples/sync-tcp-server.js [PORT]
import { AF_INET, inet, SO_REUSEADDR, SOCK_STREAM } from 'berkeley'
import { Socket } from 'berkeley/sync'

const listener = new Socket(AF_INET, SOCK_STREAM).set(SO_REUSEADDR, true)
listener.bind(inet('127.0.0.1', Number(process.argv[2] ?? 0))).listen()
console.log(`listening on ${listener.localAddress.toString()}`)
for (;;) {
  const { peer } = listener.accept()
  for (let bytes = peer.read(); bytes.length > 0; bytes = peer.read()) peer.sendAll(bytes)
  peer.close()
}
