// As much of Bun's own socket API as the servers use (https://bun.sh/docs/api/tcp, https://bun.sh/docs/api/udp).

export interface BunSocket<Data> {
  data: Data
  /** Gives the kernel what it takes, and says how many bytes that was (less than all: wait for `drain`; -1: closed). */
  write(bytes: Uint8Array, offset?: number, length?: number): number
  end(): void
}

export interface BunSocketHandler<Data> {
  open?(socket: BunSocket<Data>): void
  data?(socket: BunSocket<Data>, bytes: Uint8Array): void
  drain?(socket: BunSocket<Data>): void
  error?(socket: BunSocket<Data>, error: Error): void
}

interface BunUdpSocket {
  readonly port: number
  send(bytes: Uint8Array, port: number, address: string): boolean
}

interface BunRuntime {
  listen<Data>(options: ({ hostname: string; port: number } | { unix: string }) & { socket: BunSocketHandler<Data> }): {
    readonly port: number
  }
  udpSocket(options: {
    hostname: string
    port: number
    socket: { data(socket: BunUdpSocket, bytes: Uint8Array, port: number, address: string): void }
  }): Promise<BunUdpSocket>
}

/** The global object `Bun`. */
export const runtime: BunRuntime = (globalThis as unknown as { Bun: BunRuntime }).Bun
