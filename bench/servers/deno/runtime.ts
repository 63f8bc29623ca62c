// As much of Deno's own socket API as the servers use (https://docs.deno.com/api/deno/network).

export interface DenoConnection {
  setNoDelay?(on: boolean): void // TCP only
  read(buffer: Uint8Array): Promise<number | null>
  write(bytes: Uint8Array): Promise<number>
  close(): void
}

interface DenoNetAddress {
  transport: 'udp'
  hostname: string
  port: number
}

interface DenoRuntime {
  listen(
    options: { hostname: string; port: number } | { transport: 'unix'; path: string },
  ): AsyncIterable<DenoConnection> & { readonly addr: { readonly port: number } }
  listenDatagram(options: DenoNetAddress): {
    readonly addr: DenoNetAddress
    receive(buffer: Uint8Array): Promise<[Uint8Array, DenoNetAddress]>
    send(bytes: Uint8Array, address: DenoNetAddress): Promise<number>
  }
}

/** The global object `Deno`. */
export const runtime: DenoRuntime = (globalThis as unknown as { Deno: DenoRuntime }).Deno

/** Writes all of it. */
export async function writeAll(connection: DenoConnection, bytes: Uint8Array): Promise<void> {
  let sent = await connection.write(bytes)
  while (sent < bytes.length) sent += await connection.write(bytes.subarray(sent))
}
