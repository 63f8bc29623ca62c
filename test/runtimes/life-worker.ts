// The worker thread of life-checks.ts: it answers what it receives until it is ended.
import { parentPort } from 'node:worker_threads'
import { listening } from './check.ts'

const listener = listening()
listener.acceptWith({ data: (connection, lent) => void connection.send(lent) })
const address = listener.localAddress
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of node:worker_threads has no origin
if (parentPort !== null && address !== undefined && 'port' in address) parentPort.postMessage(address.port)
