// A process of its own for life-checks.ts, which says in the arguments what it is to do.
import { AF_INET, inet, SOCK_STREAM, Socket, socketpair } from '../../src/index.ts'
import { bytes, listening } from './check.ts'

const [what, port] = process.argv.slice(2)
if (what === 'send and exit') {
  const socket = new Socket(AF_INET, SOCK_STREAM)
  await socket.connect(inet('127.0.0.1', Number(port)))
  socket.handleWith({ data() {} }).send(bytes('last words'))
  process.exit(7)
} else if (what === 'used and closed') {
  const [one, other] = socketpair()
  await one.sendAll(bytes('x'))
  await other.recv(new Uint8Array(1))
  one.close()
  other.close()
} else {
  listening()
    .unref()
    .acceptWith({ data() {} })
}
