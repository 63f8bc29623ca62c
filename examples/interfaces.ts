// The network interfaces of this machine, and the sockets that this program holds.
import { AF_INET, inet, interfaces, openSockets, SOCK_STREAM, Socket } from 'berkeley'

for (const { name, flags, mtu, addresses } of interfaces()) {
  if (flags.includes('loopback')) console.log(name, flags.includes('up'), mtu > 0, addresses[0]?.network.toString())
}

const listener = new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen()
const client = new Socket(AF_INET, SOCK_STREAM)
await client.connect(listener.localAddress)
const { peer } = await listener.accept()
console.log(
  openSockets()
    .map(({ state }) => state)
    .join(' '),
)
for (const socket of [listener, client, peer]) socket.close()
