// Descriptors in every state that readiness knows, and what Python's select and selectors say of the very same ones.
import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AF_INET,
  AF_UNIX,
  abstract,
  inet,
  MSG_OOB,
  type PollTarget,
  SHUT_RDWR,
  SHUT_WR,
  SOCK_DGRAM,
  SOCK_STREAM,
  Socket,
  socketpair,
  whenReadable,
} from '../../src/index.ts'
import { boundDatagram, bytes, closedPort, listening, pattern, tcpPair } from './connections.ts'

/** What was found of one descriptor: select's three lists, poll's mask, and the selector's, or why it has none. */
export interface Readiness {
  readonly selected: readonly [boolean, boolean, boolean]
  readonly polled: number
  readonly mask: number | string
}

/** The descriptors are the child's from number 3 on. A selector leaves out what is not ready: 0. */
const ORACLE = `
import errno, json, select, selectors, sys
def answer(fd):
    r, w, x = select.select([fd], [fd], [fd], 0)
    poll = select.poll()
    poll.register(fd, int(sys.argv[2]))
    polled = sum(mask for _, mask in poll.poll(0))
    selector = selectors.DefaultSelector()
    try:
        selector.register(fd, selectors.EVENT_READ | selectors.EVENT_WRITE)
        mask = sum(mask for _, mask in selector.select(0))
    except OSError as error: mask = errno.errorcode[error.errno]
    return {'selected': [bool(r), bool(w), bool(x)], 'polled': polled, 'mask': mask}
print(json.dumps([answer(3 + i) for i in range(int(sys.argv[1]))]))
`

/** What Python finds; `events` is what poll is asked. */
export function askPython(targets: readonly PollTarget[], events: number): Readiness[] {
  const numbers = targets.map((target) => (typeof target === 'number' ? target : target.fd))
  const { stdout } = spawnSync('python3', ['-c', ORACLE, String(numbers.length), String(events)], {
    stdio: ['ignore', 'pipe', 'inherit', ...numbers],
  })
  return JSON.parse(stdout.toString()) as Readiness[]
}

/** A descriptor in a state, with what keeps it so. */
export interface State {
  readonly name: string
  readonly target: PollTarget
}

const closers: (() => void)[] = []
function kept<Closable extends { close(): void }>(closable: Closable): Closable {
  closers.push(() => closable.close())
  return closable
}

/** Ends all that `allStates` made. */
export function closeStates(): void {
  for (const close of closers.splice(0)) close()
}

async function connected(): Promise<[Socket, Socket]> {
  const { client, server } = await tcpPair()
  return [kept(client), kept(server)]
}

async function fill(socket: Socket): Promise<void> {
  for (let vain = 0; vain < 10; vain++) {
    while (socket.trySend(pattern(100_000)) !== undefined) vain = 0
    await new Promise(setImmediate)
  }
}

const SOCKETS: Readonly<Record<string, () => Promise<Socket>>> = {
  'a TCP socket that is not connected': async () => kept(new Socket(AF_INET, SOCK_STREAM)),
  'a listener': async () => kept(listening()),
  'a listener with a connection': async () => {
    const listener = kept(listening())
    await kept(new Socket(AF_INET, SOCK_STREAM)).connect(listener.localAddress)
    return listener
  },
  'an idle connection': async () => (await connected())[0],
  'a connection with data': async () => {
    const [client, server] = await connected()
    await client.send(bytes('data'))
    await server.whenReadable()
    return server
  },
  'a connection with urgent data': async () => {
    const [client, server] = await connected()
    await client.send(bytes('!'), { flags: MSG_OOB })
    while ((await arrived(server)) === 0);
    return server
  },
  'a connection that is full': async () => {
    const [client] = await connected()
    await fill(client)
    return client
  },
  'a connection whose peer has finished': async () => {
    const [client, server] = await connected()
    client.shutdown(SHUT_WR)
    await server.whenReadable()
    return server
  },
  'a connection that finished': async () => {
    const [client] = await connected()
    return client.shutdown(SHUT_WR)
  },
  'a connection that finished both ways': async () => {
    const [client] = await connected()
    return client.shutdown(SHUT_RDWR)
  },
  'a connection that was reset': async () => {
    const [client, server] = await connected()
    client.abort()
    await server.whenReadable()
    return server
  },
  'a UDP socket': async () => kept(boundDatagram()),
  'a UDP socket with a datagram': async () => {
    const [one, other] = [kept(boundDatagram()), kept(boundDatagram())]
    await one.sendTo(bytes('data'), other.localAddress)
    await other.whenReadable()
    return other
  },
  'a UDP socket that was refused': async () => {
    const socket = kept(new Socket(AF_INET, SOCK_DGRAM))
    await socket.connect(inet('127.0.0.1', closedPort(SOCK_DGRAM)))
    await socket.send(bytes('data'))
    await socket.whenReadable()
    return socket
  },
  'a Unix stream': async () => {
    const [one, other] = socketpair()
    kept(other)
    return kept(one)
  },
  'a Unix stream whose peer is closed': async () => {
    const [one, other] = socketpair()
    other.close()
    return kept(one)
  },
  'a Unix stream with an empty read side': async () => {
    const [one, other] = socketpair()
    kept(other).shutdown(SHUT_WR)
    return kept(one)
  },
  'a Unix datagram socket whose receiver is full': async () => {
    const receiver = kept(new Socket(AF_UNIX, SOCK_DGRAM))
    receiver.bind(abstract(`berkeley-readiness-${process.pid}`))
    const sender = kept(new Socket(AF_UNIX, SOCK_DGRAM))
    await sender.connect(receiver.localAddress)
    while (sender.trySend(bytes('data')) !== undefined);
    return sender
  },
}

/** Urgent data makes a socket exceptional, and not readable: 1 once its mark is there (the kernel's own report). */
async function arrived(socket: Socket): Promise<number> {
  await new Promise(setImmediate)
  return socket.tryRecv(new Uint8Array(1), MSG_OOB_PEEK) ?? 0
}
const MSG_OOB_PEEK = MSG_OOB | 2

const { O_RDONLY, O_WRONLY, O_NONBLOCK, O_RDWR } = constants

/** The two ends of a pipe (a FIFO whose name is gone): one to read, one to write. */
export function pipe(): { reader: number; writer: number } {
  const folder = mkdtempSync(join(tmpdir(), 'berkeley-pipe-'))
  const path = join(folder, 'pipe')
  execFileSync('mkfifo', [path])
  const reader = openSync(path, O_RDONLY | O_NONBLOCK)
  const writer = openSync(path, O_WRONLY | O_NONBLOCK)
  rmSync(folder, { recursive: true })
  return { reader, writer }
}

function keptNumber(fd: number): number {
  closers.push(() => closeSync(fd))
  return fd
}

function fillPipe(writer: number): void {
  for (;;) {
    try {
      writeSync(writer, pattern(4096))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return
      throw error
    }
  }
}

const NUMBERS: Readonly<Record<string, () => Promise<number>>> = {
  'an empty pipe': async () => {
    const { reader, writer } = pipe()
    keptNumber(writer)
    return keptNumber(reader)
  },
  'a pipe with data': async () => {
    const { reader, writer } = pipe()
    writeSync(keptNumber(writer), 'data')
    await whenReadable(reader)
    return keptNumber(reader)
  },
  'a pipe that nobody writes': async () => {
    const { reader, writer } = pipe()
    closeSync(writer)
    return keptNumber(reader)
  },
  'the write end of a pipe': async () => {
    const { reader, writer } = pipe()
    keptNumber(reader)
    return keptNumber(writer)
  },
  'the write end of a pipe that is full': async () => {
    const { reader, writer } = pipe()
    keptNumber(reader)
    fillPipe(writer)
    return keptNumber(writer)
  },
  'the write end of a pipe that nobody reads': async () => {
    const { reader, writer } = pipe()
    closeSync(reader)
    return keptNumber(writer)
  },
  'a file': async () => keptNumber(openSync(import.meta.filename, O_RDONLY)),
  '/dev/null': async () => keptNumber(openSync('/dev/null', O_RDWR)),
}

/** One descriptor in each state. */
export async function allStates(): Promise<State[]> {
  const states: State[] = []
  for (const [name, make] of Object.entries({ ...SOCKETS, ...NUMBERS })) states.push({ name, target: await make() })
  return states
}
