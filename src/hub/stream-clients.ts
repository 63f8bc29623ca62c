/** Clients on TCP and Unix stream connections. */
import { type Connection, type ConnectionHandler, type Socket, TCP_NODELAY, SO_KEEPALIVE } from '../socket/index.ts'
import { Client } from './client.ts'
import { FAREWELL_MS, MAX_CONNECTIONS, QUEUE_LIMIT_BYTES } from './limits.ts'
import { LineSplitter } from './line-splitter.ts'
import type { Rooms } from './rooms.ts'
import type { Tally } from './tally.ts'

const TOO_SLOW = new TextEncoder().encode('* you read too slowly; goodbye\n')

class StreamClient extends Client {
  readonly #connection: Connection<StreamClient>
  readonly #lines = new LineSplitter()
  /** Set when it reads too slowly: it is told as soon as it has taken what waits, and dropped when that takes too long. */
  #dropTimer: NodeJS.Timeout | undefined
  #isLeaving = false

  constructor(kind: StreamKind, connection: Connection<StreamClient>, rooms: Rooms, tally: Tally) {
    super(kind, rooms, tally)
    this.#connection = connection
  }

  hear(bytes: Uint8Array): void {
    this.tally.receivedBytes += bytes.length
    if (!this.#isLeaving) this.#lines.push(bytes, this)
  }

  override line(bytes: Uint8Array): void {
    if (!this.#isLeaving) super.line(bytes)
  }

  tell(line: Uint8Array): void {
    if (this.#isLeaving || this.#connection.isClosed) return
    if (this.#connection.send(line) >= 0) this.tally.sentBytes += line.length
    else if (!this.#connection.isClosed) this.#drop()
  }

  /** The rooms are told later: they are in the middle of telling. */
  #drop(): void {
    this.tally.slowReaders++
    this.#isLeaving = true
    this.#dropTimer = setTimeout(() => this.#connection.abort(), FAREWELL_MS)
    queueMicrotask(() => this.rooms.leave(this))
  }

  /** What waited is with the kernel. */
  drained(): void {
    if (this.#dropTimer === undefined) return
    this.#connection.send(TOO_SLOW)
    this.quit()
  }

  /** From here on it is told nothing: its connection refuses to send. */
  quit(): void {
    this.#isLeaving = true
    this.#stopTimer()
    this.#connection.finish(FAREWELL_MS)
  }

  gone(): void {
    this.#stopTimer()
    this.rooms.leave(this)
  }

  #stopTimer(): void {
    clearTimeout(this.#dropTimer)
    this.#dropTimer = undefined
  }
}

export type StreamKind = 'tcp' | 'unix'

/** The clients of one listener. */
export class StreamClients implements ConnectionHandler<StreamClient> {
  readonly #kind: StreamKind
  readonly #rooms: Rooms
  readonly #tally: Tally
  readonly #open = new Set<Connection<StreamClient>>()
  readonly #listener: Socket
  #whenEmpty: (() => void) | undefined

  /** @param onError told what went wrong with a listener or a connection, and hurts no other */
  constructor(kind: StreamKind, listener: Socket, rooms: Rooms, tally: Tally, onError: (error: unknown) => void) {
    this.#kind = kind
    this.#rooms = rooms
    this.#tally = tally
    this.#listener = listener
    // Accepted connections inherit both.
    if (kind === 'tcp') listener.set(TCP_NODELAY, true).set(SO_KEEPALIVE, true)
    listener.acceptWith<StreamClient>(this, {
      maxConnections: MAX_CONNECTIONS,
      queueLimitBytes: QUEUE_LIMIT_BYTES,
      whenQueueFull: 'wait',
      onError,
    })
  }

  open(connection: Connection<StreamClient>): void {
    this.#open.add(connection)
    connection.state = new StreamClient(this.#kind, connection, this.#rooms, this.#tally)
    this.#rooms.enter(connection.state)
  }

  data(connection: Connection<StreamClient>, bytes: Uint8Array): void {
    connection.state?.hear(bytes)
  }

  drain(connection: Connection<StreamClient>): void {
    connection.state?.drained()
  }

  /** It says no more. What it was told before still reaches it. */
  end(connection: Connection<StreamClient>): void {
    connection.state?.quit()
  }

  close(connection: Connection<StreamClient>): void {
    this.#open.delete(connection)
    connection.state?.gone()
    if (this.#open.size === 0) this.#whenEmpty?.()
  }

  /** Accepts no more, and finishes each connection; fulfilled when all are closed. */
  finish(): Promise<void> {
    this.#listener.close()
    for (const connection of this.#open) connection.state?.quit()
    if (this.#open.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#whenEmpty = resolve
    })
  }

  /** Ends at once. */
  abort(): void {
    this.#listener.close()
    for (const connection of this.#open) connection.abort()
  }
}
