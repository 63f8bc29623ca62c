// Names to addresses, and back: a connection to a host by name.
import { getaddrinfo, getnameinfo, getservbyname, NI_NUMERICHOST, NI_NUMERICSERV, SOCK_STREAM, Socket } from 'berkeley'

const [here] = await getaddrinfo('localhost', 0, { type: SOCK_STREAM })
if (here === undefined) throw new Error('localhost has no address')
const listener = new Socket(here.family, here.type, here.protocol)
listener.bind(here.address).listen()
const port = 'port' in listener.localAddress ? listener.localAddress.port : 0

for (const found of await getaddrinfo('localhost', port, { type: SOCK_STREAM, family: here.family })) {
  const client = new Socket(found.family, found.type, found.protocol)
  await client.connect(found.address)
  const { service } = await getnameinfo(found.address, NI_NUMERICHOST | NI_NUMERICSERV)
  console.log(service === String(port))
  client.close()
}
listener.close()

console.log(getservbyname('http', 'tcp')?.port)
await getaddrinfo('localhost', 'no-such-service').catch((error: Error) => console.log(error.message))
