/** The blocking form of the socket API: each call blocks its thread until it is done. */
export type { BlockingOptions, BlockingTransferOptions } from './blocking-call.ts'
export { Cancellation } from './cancellation.ts'
export { Socket, socketpair, type Accepted } from './socket.ts'
