/** A program in which people on different kinds of sockets talk to each other. */
export { Hub } from './hub.ts'
export { LOBBY, Rooms, type ClientKind, type Member } from './rooms.ts'
export { openInet, openUnix, type HubSocket } from './sockets.ts'
