// Sockets that a test opens are closed when it ends, however it ends: one that fails must not keep its file running.
import { afterEach } from 'node:test'

interface Closable {
  close(): void
  abort?(): void
}

/** Returns a function that notes what each test opens, and hands it back; call it at the top of a file. */
export function closedAfterEach(): <Opened extends Closable>(socket: Opened) => Opened {
  const opened: Closable[] = []
  afterEach(() => {
    for (const socket of opened.splice(0)) {
      if (socket.abort === undefined) socket.close()
      else socket.abort()
    }
  })
  return (socket) => {
    opened.push(socket)
    return socket
  }
}

/** A promise, and what fulfils it, for conditions that handlers see come true. */
export function condition(): { promise: Promise<void>; fulfil: () => void } {
  let fulfil!: () => void
  const promise = new Promise<void>((resolve) => {
    fulfil = resolve
  })
  return { promise, fulfil }
}
