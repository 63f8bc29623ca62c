/** A server in the promise form: one call of a function for each connection. */
import { AsyncResource } from 'node:async_hooks'
import type { AnyAddress } from '../base/address.ts'
import { TimeoutError } from '../base/errors.ts'
import { Acceptor, type AcceptOptions } from './acceptor.ts'
import { checkFunction } from './arguments.ts'
import type { OpenSocket } from './open-socket.ts'
import { reportError } from './service.ts'

/** What `serve` takes. */
export interface ServeOptions<Peer> extends AcceptOptions {
  /** Ends accepting; `serve` is done when the connections that are open have been served. */
  readonly signal?: AbortSignal | undefined
  /**
   * Where what the function throws is reported, and that accepting ran out of descriptors (then without a peer).
   * Without it, as a process warning.
   */
  readonly onError?: ((error: unknown, peer: Peer | undefined) => void) | undefined
}

/** A connection that is served. */
interface Served extends OpenSocket {
  finish(): Promise<void>
  abort(): void
}

/** The listener, as far as a server needs it. */
interface Listener<Peer> extends OpenSocket {
  /** Makes a connection of an accepted descriptor; `at` is the completion that tells of it. */
  welcome(fd: number, at: number): { peer: Peer; address: AnyAddress }
  /** Connections go to the acceptor from now on. */
  acceptBy(acceptor: Acceptor): void
  /** Accepting ends; the listener stays open. */
  stopAccepting(): void
}

export class Server<Peer extends Served> {
  /** Fulfilled when accepting has ended (by the signal, or the listener's close) and all connections are served. */
  readonly done: Promise<void>
  readonly #listener: Listener<Peer>
  readonly #serve: (peer: Peer, address: AnyAddress) => unknown
  readonly #options: ServeOptions<Peer>
  readonly #acceptor: Acceptor
  #open = 0
  #isEnded = false
  #finish!: () => void

  constructor(
    listener: Listener<Peer>,
    serve: (peer: Peer, address: AnyAddress) => unknown,
    options: ServeOptions<Peer> = {},
  ) {
    checkFunction('serve', serve)
    if (options.onError !== undefined) checkFunction('options.onError', options.onError)
    this.#listener = listener
    this.#serve = serve
    this.#options = options
    this.#acceptor = new Acceptor(
      listener,
      (fd, at) => this.#welcome(fd, at),
      (error) => this.#report(error, undefined),
      options,
      () => this.#end(),
    )
    this.done = new Promise((resolve) => {
      this.#finish = resolve
    })
    listener.acceptBy(this.#acceptor)
    listener.context = new AsyncResource('berkeley:serve', { requireManualDestroy: true })
    options.signal?.addEventListener('abort', this.#stop)
    this.#acceptor.start()
  }

  readonly #stop = (): void => this.#listener.stopAccepting()

  #end(): void {
    this.#isEnded = true
    this.#options.signal?.removeEventListener('abort', this.#stop)
    if (this.#open === 0) this.#finish()
  }

  /**
   * An idle connection pays for what waits here: so no asynchronous function spans its life, and of the closures one
   * is made now, the others when its promise has settled.
   */
  #welcome(fd: number, at: number): void {
    const { peer, address } = this.#listener.welcome(fd, at)
    this.#open++
    const serving = this.#begin(peer, address)
    const settled = (): void => {
      serving.then(
        () => this.#served(peer),
        (error: unknown) => this.#failed(peer, error),
      )
    }
    serving.then(settled, settled)
  }

  #begin(peer: Peer, address: AnyAddress): Promise<unknown> {
    try {
      const served = this.#serve(peer, address)
      return served instanceof Promise ? served : Promise.resolve(served)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  #served(peer: Peer): void {
    if (peer.isClosed) this.#gone()
    else {
      finish(peer).then(
        () => this.#gone(),
        (error: unknown) => this.#failed(peer, error),
      )
    }
  }

  #failed(peer: Peer, error: unknown): void {
    this.#listener.reactor.handlerErrors++
    this.#report(error, peer)
    if (!peer.isClosed) peer.abort()
    this.#gone()
  }

  #gone(): void {
    this.#open--
    this.#acceptor.connectionGone()
    if (this.#isEnded && this.#open === 0) this.#finish()
  }

  #report(error: unknown, peer: Peer | undefined): void {
    reportError(error, this.#options.onError, peer)
  }
}

/** A peer that does not finish in time has been reset: that is no error of the program. */
async function finish(peer: Served): Promise<void> {
  try {
    await peer.finish()
  } catch (error) {
    if (!(error instanceof TimeoutError) && !peer.isClosed) throw error
  }
}
