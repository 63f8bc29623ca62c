/**
 * Sends that wait: until the turn's flush, gathered with everybody's, and longer where the kernel has no room.
 *
 * Sends of up to COPY_LIMIT_BYTES are copied to the outbox; the caller may use its bytes again at once. Longer ones are
 * handed to the kernel at once, since there is nothing to gain by gathering them, and what it does not take is borrowed
 * until it is sent: the caller leaves those bytes alone until then. Whatever the kernel did not take is held back here,
 * in order, and sent when the socket can be written.
 */
import { ByteQueue } from '../base/byte-queue.ts'
import { SHUTDOWN_WRITE, WRITABLE } from '../reactor/engine.ts'
import { EAGAIN, EWOULDBLOCK } from '../sys/constants.ts'
import { systemError } from '../sys/system-error.ts'
import { OpenSocket } from './open-socket.ts'

/** Sends up to this long are copied, longer ones borrowed until they are with the kernel. */
export const COPY_LIMIT_BYTES = 16384

/** Whether a call's result says that it would have to wait. */
export function wouldWait(result: number): boolean {
  return result === -EAGAIN || result === -EWOULDBLOCK
}

export abstract class QueueingSocket extends OpenSocket {
  /** @internal What the kernel had no room for; undefined when there is nothing. */
  heldBack: ByteQueue | undefined = undefined
  /** The number of its last send in the outbox, good while `#stamp` is the outbox's count of flushes. */
  #tail = 0
  #stamp = -1
  #unflushedBytes = 0

  /** The bytes that were sent here and are not with the kernel yet. */
  get queuedBytes(): number {
    return (this.heldBack === undefined ? 0 : this.heldBack.byteLength) + this.#unflushed
  }

  get #unflushed(): number {
    return this.#stamp === this.reactor.outbox.flushes ? this.#unflushedBytes : 0
  }

  /** @internal Hands what waits in the outbox to the kernel, so that what is done next comes after it. */
  protected flushOwn(): void {
    if (this.#unflushed > 0) this.reactor.flush()
  }

  /** @internal Queues bytes behind what is queued. Returns how many wait after that. Throws `SocketError`. */
  protected queue(bytes: Uint8Array): number {
    const { outbox } = this.reactor
    const { length } = bytes
    if (this.heldBack !== undefined) this.#holdBack(bytes)
    else if (length > COPY_LIMIT_BYTES) this.#sendLong(bytes)
    else if (!outbox.hasRoomFor(length)) {
      this.reactor.flush()
      return this.queue(bytes)
    } else {
      if (this.#stamp !== outbox.flushes) {
        this.#stamp = outbox.flushes
        this.#tail = 0
        this.#unflushedBytes = 0
        this.reactor.noteSender(this)
      }
      this.#tail = outbox.send(this.slot, this.generation, this.#tail, !this.isStream, bytes)
      this.#unflushedBytes += length
      this.reactor.scheduleFlush()
      return this.#unflushedBytes
    }
    return this.queuedBytes
  }

  #sendLong(bytes: Uint8Array): void {
    this.flushOwn()
    if (this.heldBack !== undefined) return this.#holdBack(bytes)
    const sent = this.reactor.binding.send(this.number, bytes, 0, bytes.length, 0)
    if (sent === bytes.length) return
    if (sent < 0 && !wouldWait(sent)) throw systemError(sent, 'send')
    this.#holdBack(bytes.subarray(Math.max(0, sent)))
    this.reactor.arm(this, WRITABLE)
  }

  #holdBack(bytes: Uint8Array): void {
    const queue = (this.heldBack ??= new ByteQueue())
    const isLent = bytes.buffer === this.reactor.memory.buffer
    if (!this.isStream) queue.append(bytes.slice())
    else if (isLent || bytes.length <= COPY_LIMIT_BYTES) queue.appendCopy(bytes)
    else queue.append(bytes)
  }

  /** @internal The socket can be written. Returns false while something is still held back. Throws `SocketError`. */
  protected sendHeldBack(): boolean {
    const queue = this.heldBack
    if (queue === undefined) return true
    for (let chunk = queue.first(); chunk.length > 0; chunk = queue.first()) {
      const sent = this.reactor.binding.send(this.number, chunk, 0, chunk.length, 0)
      if (sent < 0 && !wouldWait(sent)) throw systemError(sent, 'send')
      if (sent > 0) queue.discard(sent)
      if (sent < chunk.length) {
        this.reactor.arm(this, WRITABLE)
        return false
      }
    }
    this.heldBack = undefined
    this.reactor.watchers.changed(this.slot)
    return true
  }

  /** @internal The socket is closed: nothing is sent any more. */
  protected dropQueue(): void {
    this.heldBack = undefined
    this.#stamp = -1
    this.reactor.watchers.changed(this.slot)
  }

  /**
   * @internal The flush did not go through whole. What the kernel did not take is saved from the outbox; the engine has
   * armed WRITABLE by itself.
   */
  settle(kind: number, result: number, operation: number): void {
    this.#stamp = -1
    if (result < 0) {
      this.flushFailed(systemError(result, kind === SHUTDOWN_WRITE ? 'shutdown' : 'send'))
      return
    }
    this.reactor.noteArmed(this, WRITABLE, true)
    const { outbox } = this.reactor
    let skip = result
    for (let number = operation; number !== 0; number = outbox.after(number)) {
      const bytes = outbox.bytesOf(number)
      if (skip < bytes.length) this.#holdBack(bytes.subarray(skip))
      skip = Math.max(0, skip - bytes.length)
    }
  }

  /** @internal What was flushed failed. No handler may be called from here. */
  protected abstract flushFailed(error: Error): void
}
