// One way on Deno.listen: forgets what it is sent, or sends until the peer goes away.
import { isSending, ready } from '../lifetime.ts'
import { type DenoConnection, runtime, writeAll } from './runtime.ts'

const sending = isSending()
const chunk = new Uint8Array(65536)

async function transfer(connection: DenoConnection): Promise<void> {
  connection.setNoDelay?.(true)
  if (sending) for (;;) await writeAll(connection, chunk)
  const buffer = new Uint8Array(65536)
  while ((await connection.read(buffer)) !== null) continue
  connection.close()
}

const listener = runtime.listen({ hostname: '127.0.0.1', port: 0 })
ready(listener.addr.port)
for await (const connection of listener) transfer(connection).catch(() => connection.close())
