// One way, in the promise form: forgets what it is sent, or sends until the peer goes away.
import { isSending, ready } from '../lifetime.ts'
import { listen, placeOf } from './listener.ts'

const chunk = new Uint8Array(65536)
const sending = isSending()

const listener = listen()
const serving = listener.serve(
  async (peer) => {
    if (sending) for (;;) await peer.sendAll(chunk)
    const buffer = new Uint8Array(65536)
    while ((await peer.recv(buffer)) > 0) continue
  },
  { onError() {} }, // a peer that went away while it was sent to
)
ready(placeOf(listener.localAddress))
await serving
