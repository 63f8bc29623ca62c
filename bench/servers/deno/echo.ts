// An echo on Deno.listen, with the same buffer as the promise form of this project.
import { endpointFromArguments, numberArgument, ready } from '../lifetime.ts'
import { type DenoConnection, runtime, writeAll } from './runtime.ts'

const bufferBytes = numberArgument('buffer', 4096)

async function echo(connection: DenoConnection): Promise<void> {
  connection.setNoDelay?.(true)
  const buffer = new Uint8Array(bufferBytes)
  try {
    for (;;) {
      const length = await connection.read(buffer)
      if (length === null) break
      await writeAll(connection, buffer.subarray(0, length))
    }
  } finally {
    connection.close()
  }
}

const endpoint = endpointFromArguments()
const where =
  'path' in endpoint ? { transport: 'unix' as const, path: endpoint.path } : { hostname: '127.0.0.1', ...endpoint }
const listener = runtime.listen(where)
ready('path' in endpoint ? endpoint.path : listener.addr.port)
for await (const connection of listener) echo(connection).catch(() => {})
