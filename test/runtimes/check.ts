// What the programs of this folder share.
import { AF_INET, inet, SOCK_STREAM, Socket } from '../../src/index.ts'

/** Something that has to hold under every runtime. */
export interface Check {
  readonly name: string
  run(): Promise<void>
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export function textOf(content: Uint8Array): string {
  return new TextDecoder().decode(content)
}

export function listening(): Socket {
  return new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen()
}

export async function connected(listener: Socket): Promise<Socket> {
  const client = new Socket(AF_INET, SOCK_STREAM)
  await client.connect(listener.localAddress)
  return client
}

export async function receive(socket: Socket, size: number = 65_536): Promise<string> {
  const buffer = new Uint8Array(size)
  return textOf(buffer.subarray(0, await socket.recv(buffer)))
}
