// B4: one listening socket, and one more for each client, told apart by their pairs of addresses.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { AF_UNIX, abstract, openSockets, SOCK_DGRAM, Socket, socketpair } from '../../src/index.ts'
import { boundDatagram, listening, portOf } from '../support/connections.ts'
import { needs } from '../support/needs.ts'
import { closedAfterEach } from '../support/opened.ts'
import { PythonPeer } from '../support/python-peer.ts'

const opened = closedAfterEach()

/** The rows of ss for this process's TCP sockets: state, local and remote address, descriptor. */
function rowsOfSs(): string[] {
  const output = execFileSync('ss', ['-tanpH'], { encoding: 'utf8' })
  return output
    .split('\n')
    .filter((line) => line.includes(`pid=${process.pid},`))
    .map((line) => {
      const [state = '', , , local = '', remote = ''] = line.trim().split(/\s+/)
      const fd = /pid=\d+,fd=(\d+)/.exec(line)?.[1] ?? ''
      return [fd, state.replace('ESTAB', 'ESTABLISHED').replace('LISTENLISHED', 'LISTEN'), local, remote].join(' ')
    })
    .toSorted()
}

test(
  'B4: the listener’s one address is part of each connection, and ss shows the same pairs',
  {
    skip: needs({ program: 'ss' }),
  },
  async () => {
    const python = new PythonPeer()
    try {
      const listener = opened(listening())
      const port = portOf(listener)
      const peers: Socket[] = []
      for (let i = 0; i < 3; i++) {
        await python.ask(`c${i} = socket.create_connection(('127.0.0.1', ${port}))`)
        peers.push(opened((await listener.accept()).peer))
      }
      const ours = openSockets().filter(({ localAddress }) => String(localAddress) === `127.0.0.1:${port}`)
      assert.deepEqual(
        ours.map(({ fd }) => fd).toSorted((a, b) => a - b),
        [listener.fd, ...peers.map(({ fd }) => fd)].toSorted((a, b) => a - b),
      )
      assert.equal(new Set(ours.map(({ remoteAddress }) => String(remoteAddress))).size, 4)
      const rows = ours.map(({ fd, state, localAddress, remoteAddress }) =>
        [fd, state, localAddress, remoteAddress ?? '0.0.0.0:*'].join(' '),
      )
      assert.deepEqual(rows.toSorted(), rowsOfSs())
    } finally {
      await python.end()
    }
  },
)

test('B4: sockets of every kind are listed while they are open, and what is no socket never', () => {
  const before = openSockets().length
  const udp = opened(boundDatagram())
  const unix = opened(new Socket(AF_UNIX, SOCK_DGRAM)).bind(abstract(`berkeley b04 ${process.pid}`))
  const [one, other] = socketpair()
  const states = new Map(openSockets().map(({ fd, state }) => [fd, state]))
  assert.equal(states.size, before + 4)
  assert.deepEqual(
    [udp, unix, one, other].map(({ fd }) => states.get(fd)),
    ['UNCONN', 'UNCONN', 'ESTABLISHED', 'ESTABLISHED'],
  )
  one.close()
  other.close()
  assert.equal(openSockets().length, before + 2)
})
