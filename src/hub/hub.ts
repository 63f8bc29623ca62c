/** The hub: clients of every kind of socket in the same rooms. */
import { rmSync } from 'node:fs'
import { type AnyAddress, UnixAddress } from '../base/address.ts'
import { DatagramClients } from './datagram-clients.ts'
import { type ClientKind, Rooms } from './rooms.ts'
import type { HubSocket } from './sockets.ts'
import { StreamClients } from './stream-clients.ts'
import { Tally } from './tally.ts'

/** How often silent datagram peers are looked for. */
const LOOK_MS = 1000

export class Hub {
  readonly rooms: Rooms = new Rooms()
  readonly tally: Tally = new Tally()
  /** Where it listens. */
  readonly listeners: readonly { readonly kind: ClientKind; readonly address: AnyAddress }[]
  readonly #streams: StreamClients[] = []
  readonly #datagrams: DatagramClients[] = []
  readonly #look: NodeJS.Timeout

  /**
   * Takes bound sockets, which it owns from here on.
   * @param onError told what went wrong with one client or listener; the hub goes on
   */
  constructor(sockets: readonly HubSocket[], onError: (error: unknown) => void) {
    this.listeners = sockets.map(({ kind, socket }) => ({ kind, address: socket.localAddress }))
    for (const { kind, socket } of sockets) {
      if (kind === 'tcp' || kind === 'unix') {
        this.#streams.push(new StreamClients(kind, socket, this.rooms, this.tally, onError))
      } else this.#datagrams.push(new DatagramClients(kind, socket, this.rooms, this.tally, onError))
    }
    this.#look = setInterval(() => {
      for (const clients of this.#datagrams) clients.forgetSilent(performance.now())
    }, LOOK_MS).unref()
  }

  /** Tells everybody, sends what waits, and closes. No socket file is left behind. */
  async finish(): Promise<void> {
    clearInterval(this.#look)
    this.rooms.tellAll('* the hub is closing; goodbye')
    this.#removeFiles()
    const finished = this.#streams.map((clients) => clients.finish())
    for (const clients of this.#datagrams) clients.finish()
    await Promise.all(finished)
  }

  /** Ends what `finish` waits for. */
  abort(): void {
    for (const clients of this.#streams) clients.abort()
  }

  /** Before the sockets are closed: afterwards another hub might have bound the same path. */
  #removeFiles(): void {
    for (const { address } of this.listeners) {
      if (address instanceof UnixAddress && address.path !== undefined) rmSync(address.path, { force: true })
    }
  }
}
