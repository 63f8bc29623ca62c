// One way, in the handler form: forgets what it is sent, or sends for as long as the connection takes it.
import type { Connection, ConnectionHandler } from 'berkeley'
import { isSending, ready } from '../lifetime.ts'
import { listen, placeOf } from './listener.ts'

const QUEUED_BYTES = 1 << 18 // four writes: one is being sent while the next are there
const chunk = new Uint8Array(65536)

function fill(connection: Connection): void {
  while (connection.queuedBytes < QUEUED_BYTES) connection.send(chunk)
}

const receiving: ConnectionHandler = { data() {} }
const sending: ConnectionHandler = { open: fill, drain: fill, data() {} }

const listener = listen()
listener.acceptWith(isSending() ? sending : receiving)
ready(placeOf(listener.localAddress))
