/** The bits of a connection's state in the handler form. */
export const PAUSED = 1
/** The peer has finished. */
export const INPUT_ENDED = 2
/** `INPUT_ENDED` or broken, but the handler has not been told, because what came before is still to be delivered. */
export const END_IS_DUE = 4
/** `end()`: a FIN follows what is queued. */
export const ENDING = 8
/** The FIN is with the kernel, or in the outbox. */
export const FIN_QUEUED = 16
/** `close()`: close(2) follows what is queued. */
export const CLOSING = 32
/** `finish()`: what still comes is thrown away until the peer has finished. */
export const FINISHING = 64
/** Something ended it, and its `close` handler is due. */
export const FAILING = 128
/** The `close` handler is running: the peer's address can still be read. */
export const IN_CLOSE = 256
