// R3: the hub as its users have it: the command, with netcat and socat.
import assert from 'node:assert/strict'
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { checkoutPath } from '../support/checkout.ts'
import { listening, portOf } from '../support/connections.ts'
import { needs } from '../support/needs.ts'

const folder = mkdtempSync(join(tmpdir(), 'berkeley-r3-'))
const programs = new Set<Program>()
after(() => {
  for (const program of programs) program.child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})
const MAIN = checkoutPath('dist', 'src', 'cli', 'main.js')

/** A child process, and what it has said. */
class Program {
  readonly child: ChildProcessWithoutNullStreams
  output = ''
  errors = ''
  readonly closed: Promise<number | null>
  #told = (): void => {}

  constructor(name: string, args: readonly string[]) {
    this.child = spawn(name, args, { env: { ...process.env, XDG_RUNTIME_DIR: folder } })
    programs.add(this)
    this.child.stdin.on('error', () => {})
    this.child.stdout.on('data', (chunk) => {
      this.output += String(chunk)
      this.#told()
    })
    this.child.stderr.on('data', (chunk) => {
      this.errors += String(chunk)
      this.#told()
    })
    this.closed = once(this.child, 'close').then(([code]) => {
      programs.delete(this)
      return code as number | null
    })
  }

  say(line: string): void {
    this.child.stdin.write(`${line}\n`)
  }

  async until(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.output + this.errors)) {
      await new Promise<void>((resolve) => {
        this.#told = resolve
      })
    }
  }
}

interface Places {
  tcp: string[]
  udp: string[]
  unix: string[]
  unixDatagram: string[]
}

async function startHub(...args: string[]): Promise<{ hub: Program; places: Places }> {
  const hub = new Program(process.execPath, [MAIN, 'hub', ...args])
  await hub.until(/"listening".*\n/)
  return { hub, places: JSON.parse(hub.output.split('\n')[0]!) as Places }
}

const portIn = (place: string): string => place.slice(place.lastIndexOf(':') + 1)

test(
  'R3: nc, nc -u, nc -U and socat talk in one room; Ctrl-C leaves no file',
  { skip: needs({ program: ['nc', 'socat'] }) },
  async () => {
    const { hub, places } = await startHub('--port', '0', '--host', '127.0.0.1')
    const ann = new Program('nc', ['127.0.0.1', portIn(places.tcp[0]!)])
    await ann.until(/welcome/)
    const bob = new Program('nc', ['-u', '127.0.0.1', portIn(places.udp[0]!)])
    bob.say('hello from udp')
    await ann.until(/: hello from udp\n/)
    const cat = new Program('nc', ['-U', places.unix[0]!])
    await cat.until(/welcome/)
    const own = join(folder, 'dan')
    const dan = new Program('socat', ['-', `UNIX-SENDTO:${places.unixDatagram[0]},bind=${own}`])
    dan.say('/nick Dan')
    await dan.until(/you are Dan/)
    ann.say('to everybody')
    for (const program of [bob, cat, dan]) await program.until(/tcp-1: to everybody\n/)
    dan.say('me too')
    for (const program of [ann, bob, cat]) await program.until(/Dan: me too\n/)
    await hub.until(/"event":"state".*"clients":\{"tcp":1,"udp":1,"unix":1,"unixDatagram":1\}/)
    hub.child.kill('SIGINT')
    await ann.until(/the hub is closing/)
    for (const program of [ann, bob, cat, dan]) {
      program.child.kill('SIGTERM')
      await program.closed
    }
    assert.equal(await hub.closed, 0)
    assert.deepEqual(readdirSync(join(folder, 'berkeley')), [])
  },
)

test(
  'R3: the ports by default are 7000, or the next that are free, and it says who has the first',
  { skip: needs({ program: 'unshare', root: true }) },
  () => {
    const script = `
    ip link set lo up
    node ${JSON.stringify(MAIN)} hub > ${folder}/one 2> ${folder}/one-errors & first=$!
    until grep -q listening ${folder}/one; do :; done
    node ${JSON.stringify(MAIN)} hub > ${folder}/two 2> ${folder}/two-errors & second=$!
    until grep -q listening ${folder}/two; do :; done
    kill -TERM $first $second; wait $first && wait $second
    cat ${folder}/one ${folder}/two ${folder}/two-errors`
    const { stdout, stderr, status } = spawnSync('unshare', ['--net', 'bash', '-c', script], {
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...process.env, XDG_RUNTIME_DIR: folder },
    })
    assert.equal(status, 0, stderr)
    assert.match(stdout, /"tcp":\["127\.0\.0\.1:7000","\[::1\]:7000"\],"udp":\["127\.0\.0\.1:7000","\[::1\]:7000"\]/)
    assert.match(stdout, /"tcp":\["127\.0\.0\.1:7001","\[::1\]:7001"\]/)
    assert.match(stdout, /port 7000 is taken by node \(process \d+\); trying 7001/)
    assert.match(stdout, /hub belongs to another hub; trying the next name/)
  },
)

test('R3: a port that was given and is taken ends it, and says who has it', async () => {
  const listener = listening()
  const hub = new Program(process.execPath, [MAIN, 'hub', '--host', '127.0.0.1', '--port', String(portOf(listener))])
  assert.equal(await hub.closed, 1)
  assert.match(
    hub.errors,
    new RegExp(`port ${portOf(listener)} is taken by .* \\(process ${process.pid}\\); give another`),
  )
  listener.close()
})

test('R3: a mistake on the command line is a sentence, and exit code 2', async () => {
  for (const [args, sentence] of [
    [[], /no command is given; see berkeley --help/],
    [['hob'], /there is no command "hob"/],
    [['hub', '--port', 'x'], /--port needs a number from 0 to 65535, and got "x"/],
    [['hub', '--host', 'localhost'], /--host needs an IPv4 or IPv6 address/],
    [['hub', '--colour'], /colour/],
  ] as const) {
    const program = new Program(process.execPath, [MAIN, ...args])
    assert.equal(await program.closed, 2)
    assert.match(program.errors, sentence)
  }
  for (const args of [['--help'], ['hub', '--help'], ['--version']]) {
    const program = new Program(process.execPath, [MAIN, ...args])
    assert.equal(await program.closed, 0)
    assert.match(program.output, /berkeley/)
  }
})

test('R3: on a terminal it draws a table, and puts the cursor back', async () => {
  const command = [process.execPath, MAIN, 'hub', '--port', '0', '--host', '127.0.0.1']
  const python = `
import os, pty, signal, sys
pid, fd = pty.fork()
if pid == 0: os.execv(${JSON.stringify(process.execPath)}, ${JSON.stringify(command)})
seen = b''
while b'nobody is here' not in seen: seen += os.read(fd, 4096)
os.kill(pid, signal.SIGINT)
try:
    while True:
        more = os.read(fd, 4096)
        if not more: break
        seen += more
except OSError: pass
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(status))`
  const program = new Program('python3', ['-c', python])
  assert.equal(await program.closed, 0, program.errors)
  assert.match(program.output, /nc 127\.0\.0\.1 \d+/)
  assert.match(program.output, /clients {2}listens on/)
  assert.ok(program.output.includes('\u001b[?25l') && program.output.includes('\u001b[?25h'))
})
