// A service for inetd, which hands each program its connection as standard input. Each line comes back in capitals.
//
//   socat TCP-LISTEN:7000,reuseaddr,fork EXEC:'node dist/examples/inetd.js',nofork
import { fromfd } from 'berkeley'

const socket = fromfd(0)
for (;;) {
  const bytes = await socket.read()
  if (bytes.length === 0) break
  await socket.sendAll(new TextEncoder().encode(new TextDecoder().decode(bytes).toUpperCase()))
}
await socket.finish()
