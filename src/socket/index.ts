/** The BSD socket API. */
export { adopt, type Adoptable } from './adopt.ts'
export { bindUnix, type BindUnixOptions } from './bind-unix.ts'
export { Connection, type ConnectionHandler, type ConnectionOptions } from './connection.ts'
export { DatagramChannel, type DatagramHandler, type DatagramOptions } from './datagram-channel.ts'
export { fromfd } from './fromfd.ts'
export * from './options/index.ts'
export {
  if_indextoname,
  if_nameindex,
  if_nametoindex,
  interfaces,
  type InterfaceAddress,
  type InterfaceFlag,
  type NetworkInterface,
} from './interfaces.ts'
export * from './names/index.ts'
export { openSockets, type OpenSocket } from './open-sockets.ts'
export { optionsOf, SocketOptions } from './options-of.ts'
export { packAddress, sockaddrFamily, unpackAddress } from './packed-address.ts'
export { socketpair } from './pair.ts'
export type { DescriptorHolder } from './foreign-descriptor.ts'
export { COPY_LIMIT_BYTES } from './queueing-socket.ts'
export * from './readiness/index.ts'
export type { AcceptOptions } from './acceptor.ts'
export type { ServeOptions } from './serve.ts'
export type { QueuePolicy } from './service.ts'
export type { ReceivedDatagram } from './receiving-socket.ts'
export type { TransferOptions } from './sending-socket.ts'
export { Socket, type Accepted, type Detached } from './socket.ts'
export { Source } from './source.ts'
export { supports, type SupportedKind } from './supports.ts'
export { toNodeDatagramSocket, toNodeServer, toNodeSocket } from './to-node.ts'
export type { Waiting } from './wait.ts'
