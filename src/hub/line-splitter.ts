/**
 * Lines out of a stream of bytes. It keeps at most one unfinished line of at most MAX_LINE_BYTES; a longer one is
 * reported once, and skipped to its end. A CR before the LF belongs to the line's end.
 */
import { MAX_LINE_BYTES } from './limits.ts'

const LF = 0x0a
const CR = 0x0d

/** Takes what comes out of a splitter. */
export interface LineReader {
  /** The bytes are lent for the length of the call. */
  line(bytes: Uint8Array): void
  lineTooLong(): void
}

export class LineSplitter {
  #begun: Uint8Array | undefined
  #isSkipping = false

  /** Takes bytes, which it does not keep, and calls the reader for each line that they end. */
  push(bytes: Uint8Array, reader: LineReader): void {
    let from = 0
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, from)) {
      this.#end(bytes.subarray(from, end), reader)
      from = end + 1
    }
    if (from < bytes.length) this.#begin(bytes.subarray(from), reader)
  }

  #end(rest: Uint8Array, reader: LineReader): void {
    const isSkipped = this.#isSkipping
    this.#isSkipping = false
    if (isSkipped) return
    const line = this.#joined(rest)
    this.#begun = undefined
    const length = line.at(-1) === CR ? line.length - 1 : line.length
    if (length > MAX_LINE_BYTES) reader.lineTooLong()
    else reader.line(line.subarray(0, length))
  }

  #begin(bytes: Uint8Array, reader: LineReader): void {
    if (this.#isSkipping) return
    // One byte more: it may be the CR.
    if ((this.#begun?.length ?? 0) + bytes.length <= MAX_LINE_BYTES + 1) {
      this.#begun = this.#begun === undefined ? bytes.slice() : this.#joined(bytes)
      return
    }
    this.#begun = undefined
    this.#isSkipping = true
    reader.lineTooLong()
  }

  #joined(rest: Uint8Array): Uint8Array {
    if (this.#begun === undefined) return rest
    const line = new Uint8Array(this.#begun.length + rest.length)
    line.set(this.#begun)
    line.set(rest, this.#begun.length)
    return line
  }
}
