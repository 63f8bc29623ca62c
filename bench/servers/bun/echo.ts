// An echo on Bun.listen. Bun sets TCP_NODELAY by itself.
import { endpointFromArguments, ready } from '../lifetime.ts'
import { runtime, type BunSocket } from './runtime.ts'

type Unsent = { bytes: Uint8Array | undefined }

function send(socket: BunSocket<Unsent>, bytes: Uint8Array): void {
  const sent = Math.max(0, socket.write(bytes))
  socket.data.bytes = sent === bytes.length ? undefined : bytes.slice(sent)
}

const endpoint = endpointFromArguments()
const where = 'path' in endpoint ? { unix: endpoint.path } : { hostname: '127.0.0.1', port: endpoint.port }
const server = runtime.listen<Unsent>({
  ...where,
  socket: {
    open(socket) {
      socket.data = { bytes: undefined }
    },
    data(socket, bytes) {
      const { bytes: unsent } = socket.data
      if (unsent === undefined) send(socket, bytes)
      else socket.data.bytes = Buffer.concat([unsent, bytes])
    },
    drain(socket) {
      const { bytes: unsent } = socket.data
      if (unsent !== undefined) send(socket, unsent)
    },
    error() {},
  },
})
ready('path' in endpoint ? endpoint.path : server.port)
