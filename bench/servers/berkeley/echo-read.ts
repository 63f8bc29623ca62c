// An echo in the promise form that holds no buffer while it waits: each read makes one, as long as what has come.
import { ready } from '../lifetime.ts'
import { listen, placeOf } from './listener.ts'

const listener = listen()
const serving = listener.serve(async (peer) => {
  for (;;) {
    const bytes = await peer.read()
    if (bytes.length === 0) return
    await peer.sendAll(bytes)
  }
})
ready(placeOf(listener.localAddress))
await serving
