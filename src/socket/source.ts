/**
 * Who sent a datagram: a view of the packed address where the engine put it, lent with the datagram. It is turned into
 * an `Address` only when somebody asks, and a reply to it needs none.
 */
import { unnamed, type AnyAddress } from '../base/address.ts'
import { argumentValueError } from '../base/argument-error.ts'
import { unpackAddress } from '../sys/sockaddr.ts'

/** @internal What is wrong with a source that was kept. */
export const SPENT = 'it is lent for the length of the call; keep source.toAddress() instead'

export class Source {
  /** @internal Where the address lies in `bytes`; -1 once the call that lent it is over. */
  offset = -1
  /** @internal */
  byteLength = 0
  /** @internal What it lies in: the shared memory, or a copy of what came before a pause. */
  bytes: Uint8Array<ArrayBuffer>

  /** @internal */
  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.bytes = bytes
  }

  /** The address, to keep; sending to it costs no more than to its source. Throws a `TypeError` after the call. */
  toAddress(): AnyAddress {
    const start = this.#checked
    // A Unix socket without a name sends without an address.
    return this.byteLength === 0 ? unnamed() : unpackAddress(this.bytes, start, this.byteLength)
  }

  /** A text that is the same for the same sender and different for others: a key for a Map. */
  get key(): string {
    let key = ''
    const start = this.#checked
    for (let i = 0; i < this.byteLength; i++) key += String.fromCharCode(this.bytes[start + i]!)
    return key
  }

  /** The address as text. */
  toString(): string {
    return this.toAddress().toString()
  }

  get #checked(): number {
    if (this.offset === -1) throw argumentValueError('source', SPENT, 'a source whose call is over')
    return this.offset
  }
}
