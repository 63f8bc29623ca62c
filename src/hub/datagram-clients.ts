/** Clients that send datagrams: known by their address, and forgotten when they have been silent. */
import { type AnyAddress, UnixAddress } from '../base/address.ts'
import { SocketError } from '../base/errors.ts'
import type { DatagramChannel, DatagramHandler, Socket, Source } from '../socket/index.ts'
import { Client } from './client.ts'
import { DATAGRAM_IDLE_MS, MAX_DATAGRAM_PEERS, MAX_LINE_BYTES, QUEUE_LIMIT_BYTES } from './limits.ts'
import { LineSplitter } from './line-splitter.ts'
import type { Rooms } from './rooms.ts'
import type { Tally } from './tally.ts'

const FORGOTTEN = new TextEncoder().encode('* you were silent for long and are forgotten; a line brings you back\n')
const LF = Uint8Array.of(0x0a)

export type DatagramKind = 'udp' | 'unix-dgram'

class DatagramClient extends Client {
  readonly address: AnyAddress
  heardAt = performance.now()
  readonly #channel: DatagramChannel
  readonly #forget: () => void

  constructor(
    kind: DatagramKind,
    channel: DatagramChannel,
    address: AnyAddress,
    rooms: Rooms,
    tally: Tally,
    forget: () => void,
  ) {
    super(kind, rooms, tally)
    this.#channel = channel
    this.address = address
    this.#forget = forget
  }

  tell(line: Uint8Array): void {
    if (this.#channel.isClosed) return
    if (this.#channel.send(line, this.address) >= 0) this.tally.sentBytes += line.length
    else this.tally.lostDatagrams++
  }

  quit(): void {
    this.#forget()
  }
}

/** The clients of one datagram socket. */
export class DatagramClients implements DatagramHandler {
  readonly #kind: DatagramKind
  readonly #rooms: Rooms
  readonly #tally: Tally
  readonly #channel: DatagramChannel
  readonly #clients = new Map<string, DatagramClient>()

  constructor(kind: DatagramKind, socket: Socket, rooms: Rooms, tally: Tally, onError: (error: unknown) => void) {
    this.#kind = kind
    this.#rooms = rooms
    this.#tally = tally
    this.#channel = socket.receiveWith(this, {
      maxMessageBytes: 2 * MAX_LINE_BYTES,
      queueLimitBytes: 16 * QUEUE_LIMIT_BYTES,
      onError,
    })
  }

  datagram(_: DatagramChannel, bytes: Uint8Array, source: Source, isTruncated: boolean): void {
    this.#tally.receivedBytes += bytes.length
    const client = this.#clientOf(source)
    if (client === undefined) return
    client.heardAt = performance.now()
    if (isTruncated) return client.lineTooLong()
    // Whether it ends with an LF or not, a datagram ends its last line.
    const lines = new LineSplitter()
    lines.push(bytes, client)
    if (bytes.at(-1) !== LF[0]) lines.push(LF, client)
  }

  #clientOf(source: Source): DatagramClient | undefined {
    const key = source.toString()
    const known = this.#clients.get(key)
    if (known !== undefined) return known
    const address = source.toAddress()
    if (address instanceof UnixAddress && address.kind === 'unnamed') {
      this.#tally.unanswerable++
      return undefined
    }
    if (this.#clients.size >= MAX_DATAGRAM_PEERS) {
      this.#tally.lostDatagrams++
      return undefined
    }
    const forget = (): boolean => this.#clients.delete(key)
    const client = new DatagramClient(this.#kind, this.#channel, address, this.#rooms, this.#tally, forget)
    this.#clients.set(key, client)
    this.#rooms.enter(client)
    return client
  }

  /** A datagram was refused: its receiver is gone, or (EAGAIN) is a Unix socket that is full. */
  error(_: DatagramChannel, error: Error): void {
    this.#tally.lostDatagrams++
    if (!(error instanceof SocketError) || error.code === 'EAGAIN' || error.address === undefined) return
    const key = keyOf(error.address, error.port)
    const client = this.#clients.get(key)
    if (client === undefined) return
    this.#clients.delete(key)
    this.#rooms.leave(client)
  }

  /** Forgets who has been silent for too long; called once a second. */
  forgetSilent(now: number): void {
    for (const [key, client] of this.#clients) {
      if (now - client.heardAt < DATAGRAM_IDLE_MS) continue
      client.tell(FORGOTTEN)
      this.#clients.delete(key)
      this.#rooms.leave(client)
    }
  }

  close(): void {}

  /** Hands what is queued to the kernel, and closes. */
  finish(): void {
    this.#channel.close()
  }
}

/** The key of the client at an address that an error names. */
function keyOf(address: string, port: number | undefined): string {
  if (port === undefined) return address
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
