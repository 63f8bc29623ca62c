// Calls that do not wait for ever: a timeout, a signal, both together, and closing. It ends by itself.
//
//   node dist/examples/timeouts-and-abort.js
import { ClosedError, socketpair, TimeoutError } from 'berkeley'

const [left, right] = socketpair()
const buffer = new Uint8Array(64)

// A time in milliseconds, for the whole call.
try {
  await left.recv(buffer, { timeout: 20 })
} catch (error) {
  if (!(error instanceof TimeoutError)) throw error
  console.log(`timeout: ${error.message}`)
}

// A signal. The call rejects with the signal's own reason, whatever that is.
const controller = new AbortController()
const first = left.recv(buffer, { signal: controller.signal })
controller.abort(new Error('the user went away'))
await first.catch((reason: Error) => console.log(`signal: ${reason.message}`))

// Both. Whichever is first ends the call; here it is neither.
const second = left.recv(buffer, { signal: new AbortController().signal, timeout: 5000 })
await right.sendAll(new TextEncoder().encode('just in time'))
console.log(`neither: ${new TextDecoder().decode(buffer.subarray(0, await second))}`)

// A call that was ended has taken nothing: what comes later is there for the next.
const third = left.recv(buffer, { timeout: 20 })
await third.catch(() => {})
await right.sendAll(new TextEncoder().encode('too late for the third'))
console.log(`the fourth: ${new TextDecoder().decode(buffer.subarray(0, await left.recv(buffer)))}`)

// Closing ends what waits.
const fifth = left.recv(buffer)
left.close()
await fifth.catch((error: Error) => console.log(`closed: ${error instanceof ClosedError}`))
right.close()
