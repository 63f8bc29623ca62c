/** What the hub takes from outside, at the most. docs/hub.md lists the same. */

/** The longest line, in bytes; what is longer is dropped, and its sender is told. */
export const MAX_LINE_BYTES = 1024
/** The longest name of a person or a room, in characters. */
export const MAX_NAME_CHARACTERS = 24
/** Connections at once, for each kind of listener; more wait in its backlog. */
export const MAX_CONNECTIONS = 10_000
/** Datagram peers at once, for each socket; datagrams of more are dropped. */
export const MAX_DATAGRAM_PEERS = 4096
/** A datagram peer that says nothing for so long is forgotten. */
export const DATAGRAM_IDLE_MS = 300_000
/** What may wait for a slow reader. */
export const QUEUE_LIMIT_BYTES = 262_144
/** How long a slow reader that is dropped, or a client at the hub's end, has to take what waits for it. */
export const FAREWELL_MS = 2000
/** Lines that a client may send at once, and how many more come to that in each second. */
export const BURST_LINES = 100
export const LINES_PER_SECOND = 20
/** Lines that are told in a room in a second (one line to ten people is ten), and at once. More than may ever be there. */
export const TOLD_LINES_PER_SECOND = 50_000
/** In a room with more people nobody is told who comes, goes, or takes another name. */
export const MAX_ANNOUNCED_MEMBERS = 100
/** How many names `/who` lists. */
export const MAX_LISTED_NAMES = 50
