// B10: TCP_NODELAY and TCP_CORK, seen in the segments that the kernel counts.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { TCP_CORK, TCP_NODELAY } from '../../src/index.ts'
import { pattern, tcpPair } from '../support/connections.ts'
import { needs } from '../support/needs.ts'

/** `data_segs_out` of the connection from a local port, as ss(8) reads it from the kernel. */
function dataSegmentsSent(port: number): number {
  const output = execFileSync('ss', ['-tinH', `sport = :${port}`], { encoding: 'utf8' })
  return Number(/\bdata_segs_out:(\d+)/.exec(output)?.[1] ?? 0)
}

test('B10: TCP_NODELAY and TCP_CORK can be set, and the kernel has them', async () => {
  const { client, server } = await tcpPair()
  for (const option of [TCP_NODELAY, TCP_CORK]) {
    for (const value of [true, false, true, false]) assert.equal(client.set(option, value).get(option), value)
  }
  client.close()
  server.close()
})

test(
  'B10: corked, ten sends are one segment; without Nagle they are ten',
  { skip: needs({ program: 'ss' }) },
  async () => {
    for (const [isCorked, least, most] of [
      [true, 1, 1],
      [false, 10, 10],
    ] as const) {
      const { client, server } = await tcpPair()
      client.set(TCP_NODELAY, true)
      if (isCorked) client.set(TCP_CORK, true)
      for (let time = 0; time < 10; time++) assert.equal(client.trySend(pattern(20)), 20)
      if (isCorked) client.set(TCP_CORK, false)
      await server.recvExactly(new Uint8Array(200))
      const { port } = client.localAddress as { port: number }
      const segments = dataSegmentsSent(port)
      assert.ok(segments >= least && segments <= most, `${segments} segments`)
      client.close()
      server.close()
    }
  },
)
