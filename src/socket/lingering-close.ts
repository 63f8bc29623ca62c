/**
 * What is left of a socket that was closed while the kernel had no room for all that had been taken for sending: it is
 * sent as the peer reads, and then the descriptor is closed. A peer that does not read by the deadline is reset.
 */
import type { ByteQueue } from '../base/byte-queue.ts'
import type { Deadline } from '../reactor/deadlines.ts'
import { WRITABLE } from '../reactor/engine.ts'
import { DEFAULT_FINISH_DEADLINE_MS } from './finish.ts'
import { QueueingSocket } from './queueing-socket.ts'

export class LingeringClose extends QueueingSocket implements Deadline {
  readonly at: number = performance.now() + DEFAULT_FINISH_DEADLINE_MS
  place = -1

  /** Takes the descriptor over from `socket`, which then is closed. */
  static begin(socket: QueueingSocket, heldBack: ByteQueue): void {
    const rest = new LingeringClose(socket, heldBack)
    rest.reactor.arm(rest, WRITABLE)
    rest.reactor.deadlines.add(rest)
  }

  private constructor(socket: QueueingSocket, heldBack: ByteQueue) {
    super(socket.reactor, socket.number, socket.kind)
    this.heldBack = heldBack
    this.reactor.transfer(socket, this)
  }

  /** @internal */
  complete(kind: number): void {
    if (kind !== WRITABLE) return
    this.reactor.noteArmed(this, WRITABLE, false)
    try {
      if (!this.sendHeldBack()) return
    } catch {
      // The peer is gone, and nobody is left to be told.
    }
    this.reactor.deadlines.remove(this)
    this.reactor.close(this)
  }

  expire(): void {
    this.resetNow()
  }

  /** @internal */
  protected override flushFailed(): void {}
}
