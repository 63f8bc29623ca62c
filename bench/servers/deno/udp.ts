// A UDP echo on Deno.listenDatagram (behind --unstable-net).
import { ready } from '../lifetime.ts'
import { runtime } from './runtime.ts'

const socket = runtime.listenDatagram({ transport: 'udp', hostname: '127.0.0.1', port: 0 })
ready(socket.addr.port)
const buffer = new Uint8Array(65536)
for (;;) {
  const [bytes, source] = await socket.receive(buffer)
  await socket.send(bytes, source)
}
