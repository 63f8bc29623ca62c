// Several sockets and one wait: what is ready is read, and what stays silent is let go of. It ends by itself.
//
//   node dist/examples/select.js
import { AF_INET, EVENT_READ, inet, select, Selector, SOCK_DGRAM, SOCK_STREAM, Socket, socketpair } from 'berkeley'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const listener = new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen()
const datagrams = new Socket(AF_INET, SOCK_DGRAM).bind(inet('127.0.0.1', 0))
const [near, far] = socketpair()

// select(2): three lists in, three lists out.
await far.send(encode('over the pair'))
const [readable, writable] = await select([listener, datagrams, near], [near], [], { timeout: 1000 })
console.log(readable.length, 'readable,', writable.length, 'writable')
console.log(new TextDecoder().decode(await near.read()))
console.log(await select([near], [], [], { timeout: 10 }))

// A Selector remembers what it watches, each with something of the program's own.
const selector = new Selector<() => Promise<void>>()
selector.register(listener, EVENT_READ, async () => {
  const { peer } = await listener.accept()
  console.log('a connection')
  peer.close()
})
selector.register(datagrams, EVENT_READ, async () => {
  const buffer = new Uint8Array(1500)
  const { length } = await datagrams.recvFrom(buffer)
  console.log('a datagram:', new TextDecoder().decode(buffer.subarray(0, length)))
})

const client = new Socket(AF_INET, SOCK_STREAM)
await client.connect(listener.localAddress)
for (const [key] of await selector.select()) await key.data()
const sender = new Socket(AF_INET, SOCK_DGRAM)
await sender.sendTo(encode('hello'), datagrams.localAddress)
for (const [key] of await selector.select()) await key.data()

selector.close()
for (const socket of [listener, datagrams, near, far, client, sender]) socket.close()
