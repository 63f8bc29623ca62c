// An echo in the promise form. The buffer is the caller's, so its size is the caller's choice (--buffer).
import { numberArgument, ready } from '../lifetime.ts'
import { listen, placeOf } from './listener.ts'

const bufferBytes = numberArgument('buffer', 4096)
const listener = listen()
const serving = listener.serve(async (peer) => {
  const buffer = new Uint8Array(bufferBytes)
  for (;;) {
    const length = await peer.recv(buffer)
    if (length === 0) return
    await peer.sendAll(buffer.subarray(0, length))
  }
})
ready(placeOf(listener.localAddress))
await serving
