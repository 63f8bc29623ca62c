// Sockets to test with, on ports that the kernel chooses, and bytes that can be told apart.
import { AF_INET, AF_INET6, type AnyAddress, inet, inet6, SOCK_DGRAM, SOCK_STREAM, Socket } from '../../src/index.ts'

/** A TCP socket that listens on 127.0.0.1. */
export function listening(backlog?: number): Socket {
  return new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen(backlog)
}

/** A TCP socket that listens on ::1. */
export function listening6(backlog?: number): Socket {
  return new Socket(AF_INET6, SOCK_STREAM).bind(inet6('::1', 0)).listen(backlog)
}

/** A UDP socket bound to 127.0.0.1. */
export function boundDatagram(): Socket {
  return new Socket(AF_INET, SOCK_DGRAM).bind(inet('127.0.0.1', 0))
}

/** The port of an address, or of the address that a socket is bound to. */
export function portOf(of: Socket | AnyAddress | undefined): number {
  const address = of instanceof Socket ? of.localAddress : of
  if (address !== undefined && 'port' in address) return address.port
  throw new Error(`${String(address)} has no port`)
}

/** A port of 127.0.0.1 that nothing listens on, though it was free a moment ago. */
export function closedPort(type: number = SOCK_STREAM): number {
  const socket = new Socket(AF_INET, type).bind(inet('127.0.0.1', 0))
  const port = portOf(socket)
  socket.close()
  return port
}

/** Two ends of a TCP connection over the loopback. */
export async function tcpPair(): Promise<{ client: Socket; server: Socket }> {
  const listener = listening()
  const client = new Socket(AF_INET, SOCK_STREAM)
  await client.connect(listener.localAddress)
  const { peer } = await listener.accept()
  listener.close()
  return { client, server: peer }
}

export function closeAll(...sockets: readonly { close(): void }[]): void {
  for (const socket of sockets) socket.close()
}

export function text(content: Uint8Array, length: number = content.length): string {
  return Buffer.from(content.buffer, content.byteOffset, length).toString('latin1')
}

export function bytes(content: string): Uint8Array {
  return new Uint8Array(Buffer.from(content, 'latin1'))
}

/** Bytes of which no stretch of some length looks like another. */
export function pattern(length: number, seed: number = 1): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4))
  let state = seed | 1
  for (let i = 0; i < words.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    words[i] = state
  }
  return new Uint8Array(words.buffer, 0, length)
}

/** Receives until the peer has finished. */
export async function receiveAll(socket: Socket, chunk: number = 65_536): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  const buffer = new Uint8Array(chunk)
  for (let n = await socket.recv(buffer); n > 0; n = await socket.recv(buffer)) parts.push(buffer.slice(0, n))
  return new Uint8Array(Buffer.concat(parts))
}
