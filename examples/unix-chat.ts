// A chat over a Unix stream socket: what one says, all others hear. It ends by itself.
//
//   node dist/examples/unix-chat.js           with two clients of its own, on a file that it removes
//   node dist/examples/unix-chat.js PATH      until Ctrl-C; join with `nc -U PATH`
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { AF_UNIX, bindUnix, type Connection, SOCK_STREAM, Socket, unix } from 'berkeley'

const given = process.argv[2]
const path = given ?? join(mkdtempSync(join(tmpdir(), 'unix-chat-')), 'chat.sock')
const listener = new Socket(AF_UNIX, SOCK_STREAM)
// A file that a dead server left behind is replaced; one that a live server listens on is EADDRINUSE.
bindUnix(listener, path, { mode: 0o600 })
listener.listen()

const guests = new Set<Connection>()
listener.acceptWith(
  {
    open(guest) {
      guests.add(guest)
      guest.send(new TextEncoder().encode(`you are one of ${guests.size}\n`))
    },
    data(guest, bytes) {
      for (const other of guests) if (other !== guest) other.send(bytes)
    },
    close(guest) {
      guests.delete(guest)
    },
  },
  // A guest that does not read is put out, and never costs the others more than this.
  { queueLimitBytes: 1 << 20, whenQueueFull: 'close' },
)

function end(): void {
  listener.close()
  for (const guest of guests) guest.finish()
  rmSync(given ?? dirname(path), { recursive: true })
}

if (given === undefined) {
  await demonstrate()
  end()
} else {
  process.once('SIGINT', end)
  console.log(`listening on ${listener.localAddress.toString()}`)
}

async function demonstrate(): Promise<void> {
  const [ann, bob] = [new Socket(AF_UNIX, SOCK_STREAM), new Socket(AF_UNIX, SOCK_STREAM)]
  for (const guest of [ann, bob]) {
    await guest.connect(unix(path))
    console.log(await line(guest))
  }
  await ann.sendAll(new TextEncoder().encode('hello, it is Ann\n'))
  console.log(await line(bob))
  await bob.sendAll(new TextEncoder().encode('hello Ann\n'))
  console.log(await line(ann))
  await Promise.all([ann.finish(), bob.finish()])
}

/** A stream has no messages in it: a line ends where its line feed is, wherever the bytes were cut. */
async function line(socket: Socket): Promise<string> {
  const bytes: number[] = []
  const one = new Uint8Array(1)
  for (;;) {
    await socket.recvExactly(one, { timeout: 5000 })
    if (one[0] === 10) return new TextDecoder().decode(Uint8Array.from(bytes))
    bytes.push(one[0]!)
  }
}
