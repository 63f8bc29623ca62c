// A peer in Python that takes little at a time and reads only when it is told to.
import { createHash } from 'node:crypto'
import { type Socket, SO_SNDBUF } from '../../src/index.ts'
import { listening, portOf } from './connections.ts'
import type { PythonPeer } from './python-peer.ts'

/** What a peer received until the end. */
export interface Digest {
  readonly length: number
  readonly sha256: string
  /** The exception that ended it, if it was no orderly end. */
  readonly error: string | null
}

let count = 0

export class SlowReader {
  /** Our end; its send buffer is small. */
  readonly socket: Socket
  /** What Python calls its end. */
  readonly name: string
  readonly #python: PythonPeer

  private constructor(python: PythonPeer, socket: Socket, name: string) {
    this.#python = python
    this.socket = socket
    this.name = name
  }

  static async connect(python: PythonPeer): Promise<SlowReader> {
    const name = `slow${++count}`
    const listener = listening()
    await python.ask(`${name} = socket.socket()
${name}.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
${name}.connect(('127.0.0.1', ${portOf(listener)}))`)
    const { peer } = await listener.accept()
    listener.close()
    peer.set(SO_SNDBUF, 16_384)
    return new SlowReader(python, peer, name)
  }

  static digestOf(content: Uint8Array): Digest {
    return { length: content.length, sha256: createHash('sha256').update(content).digest('hex'), error: null }
  }

  /** Has it read until the end, and close. */
  digest(): Promise<Digest> {
    return this.#python
      .ask(`hashed, length, error = hashlib.sha256(), 0, None
try:
    while True:
        data = ${this.name}.recv(5000)
        if not data: break
        hashed.update(data)
        length += len(data)
except OSError as caught: error = type(caught).__name__
${this.name}.close()`)
      .then(() => this.#python.ask<Digest>("{'length': length, 'sha256': hashed.hexdigest(), 'error': error}"))
  }

  /** Has it read so many bytes, which are there or will be. */
  read(length: number): Promise<Uint8Array> {
    return this.#python.receive(this.name, length)
  }

  /** Has it reset the connection. */
  async reset(): Promise<void> {
    await this.#python.ask(
      `${this.name}.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0)); ${this.name}.close()`,
    )
  }

  /** Has it close its end. */
  async close(): Promise<void> {
    await this.#python.ask(`${this.name}.close()`)
  }
}
