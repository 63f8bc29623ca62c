/**
 * The contract between TypeScript and an engine: one block of memory that both share, and what its words mean. It is
 * the twin of `native/linux/engine.h`; the regions' places and sizes are decided here and handed to the engine, which
 * checks them.
 *
 *     header | completions | settlements | operations | receive region | send region | flags of the slots
 *
 * In a turn the engine takes what is ready, performs what is armed (accept, receive) into the receive region, and
 * writes a completion for each result. Handlers run, and queue operations. The engine performs those in their order,
 * and writes a settlement for each that did not go through whole, and for each close.
 *
 * The block is a `WebAssembly.Memory`'s, because its buffer is the only kind that no one can detach: a handler that
 * passes the bytes it was lent to `structuredClone` with `transfer`, or to a worker, gets an error (in Node 20 a copy)
 * instead of taking the memory away from under everybody.
 */
import type { Binding, EngineHandle } from '../sys/binding.ts'

/** What can be armed on a slot; the completion that answers has the same kind. */
export const READABLE = 1
export const WRITABLE = 2
export const RECEIVE = 4
export const ACCEPT = 8
export const RECEIVE_FROM = 16
export const RECEIVE_ONCE = 32

/**
 * The flags of a slot: what is armed (the kinds above); that it has hung up or urgent data came, and so a short read
 * does not mean that it is drained; that it became readable while nobody waited; that it is
 * registered for input, so that READABLE and RECEIVE_ONCE are armed by setting their flag, without a call; and above
 * that, how many bytes RECEIVE_ONCE is to receive, or connections ACCEPT (0: any), at the most.
 */
export const IS_UNSURE = 128
export const IS_READABLE = 256
export const WATCHES_INPUT = 512
export const WANTED_SHIFT = 10
export const MOST_WANTED: number = 2 ** (31 - WANTED_SHIFT) - 1

/** The words of a completion and of a settlement. In a settlement `OFFSET` is the operation's number. */
export const SLOT = 0
export const GENERATION = 1
export const KIND = 2
export const RESULT = 3
export const OFFSET = 4
export const FLAGS = 5
export const ADDRESS = 6
export const ADDRESS_LENGTH = 7
export const COMPLETION_WORDS = 8

/** The words of an operation. */
export const OPERATION_SLOT = 0
export const OPERATION_GENERATION = 1
export const OPERATION_KIND = 2
export const OPERATION_OFFSET = 3
export const OPERATION_LENGTH = 4
export const OPERATION_NEXT = 5
export const OPERATION_ADDRESS = 6
export const OPERATION_ADDRESS_LENGTH = 7
export const OPERATION_WORDS = 8

/** The kinds of operations. */
export const SEND = 1
export const SEND_MORE = 2
export const SEND_TO = 3
export const SHUTDOWN_WRITE = 4
export const CLOSE = 5

/** The words of the header. */
export const HEADER_OPERATIONS = 0
export const HEADER_SEND_USED = 1
export const HEADER_FLUSHES = 2
/** Not 0 while a waker's turn runs: the waker flushes at its end. */
export const HEADER_TURN = 3
const HEADER_BYTES = 64

/** A slot's traits. */
export const KEEPS_MESSAGES = 1
/** A Unix stream: a read ends where descriptors came with the bytes. */
export const BRINGS_DESCRIPTORS = 2

/** The room of the memory and the limits of a turn. */
export const OPERATION_CAPACITY = 4096
export const SEND_BYTES: number = 1 << 20
const COMPLETION_CAPACITY = 2048
const RECEIVE_BYTES = 4 << 20
/** One receive asks for this much at the most. */
const CHUNK_BYTES = 65536
/** What each ready socket is sure of in a turn; an engine takes no more events than there are shares. */
const SHARE_BYTES = 4096
/** What one socket may take of a turn before it has to line up again. */
const SOCKET_TURN_BYTES = 4 * CHUNK_BYTES
/** Room for the longest datagram that UDP can carry, on a socket that does not say otherwise. */
export const MESSAGE_BYTES = 65536
/** Descriptors that one thread can drive; as many as Linux lets a process have (`fs.nr_open`). */
const SLOT_CAPACITY = 1 << 20

/** The counters of an engine, in native code's order. */
export const ENGINE_COUNTERS: readonly EngineCounter[] = [
  'collects',
  'events',
  'completions',
  'receives',
  'receivedBytes',
  'accepts',
  'flushes',
  'sends',
  'sentBytes',
  'settlements',
  'staleEvents',
  'rearms',
]
export type EngineCounter =
  | 'collects'
  | 'events'
  | 'completions'
  | 'receives'
  | 'receivedBytes'
  | 'accepts'
  | 'flushes'
  | 'sends'
  | 'sentBytes'
  | 'settlements'
  | 'staleEvents'
  | 'rearms'

/** The block of memory, and typed views of its regions. */
export interface EngineMemory {
  readonly buffer: ArrayBuffer
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly words: Int32Array
  readonly header: Int32Array
  readonly completions: Int32Array
  readonly settlements: Int32Array
  readonly operations: Int32Array
  readonly flags: Int32Array
  /** Where the send region starts in `bytes`. */
  readonly sendOffset: number
}

/** An engine with its memory. */
export interface Engine {
  readonly handle: EngineHandle
  readonly memory: EngineMemory
}

declare const WebAssembly: {
  Memory: new (pages: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer }
}

/** Makes an engine and the memory that it shares. Throws what `fail` makes of an errno. */
export function openEngine(binding: Binding, fail: (result: number, syscall: string) => Error): Engine {
  const completions = HEADER_BYTES
  const settlements = completions + COMPLETION_CAPACITY * COMPLETION_WORDS * 4
  const operations = settlements + (OPERATION_CAPACITY + 1) * COMPLETION_WORDS * 4
  const receive = operations + (OPERATION_CAPACITY + 1) * OPERATION_WORDS * 4
  const sendOffset = receive + RECEIVE_BYTES
  const flags = sendOffset + SEND_BYTES
  const pages = Math.ceil((flags + SLOT_CAPACITY * 4) / 65536)
  const { buffer } = new WebAssembly.Memory({ initial: pages, maximum: pages })
  const layout = Int32Array.of(
    completions,
    COMPLETION_CAPACITY,
    settlements,
    operations,
    OPERATION_CAPACITY,
    receive,
    RECEIVE_BYTES,
    sendOffset,
    SEND_BYTES,
    flags,
    SLOT_CAPACITY,
    CHUNK_BYTES,
    SHARE_BYTES,
    SOCKET_TURN_BYTES,
  )
  const handle = binding.engineCreate(buffer, layout)
  if (typeof handle === 'number') throw fail(handle, 'epoll_create1')
  return {
    handle,
    memory: {
      buffer,
      bytes: new Uint8Array(buffer),
      words: new Int32Array(buffer),
      header: new Int32Array(buffer, 0, HEADER_BYTES / 4),
      completions: new Int32Array(buffer, completions, COMPLETION_CAPACITY * COMPLETION_WORDS),
      settlements: new Int32Array(buffer, settlements, (OPERATION_CAPACITY + 1) * COMPLETION_WORDS),
      operations: new Int32Array(buffer, operations, (OPERATION_CAPACITY + 1) * OPERATION_WORDS),
      flags: new Int32Array(buffer, flags, SLOT_CAPACITY),
      sendOffset,
    },
  }
}
