// TCP_INFO: the list of fields against the system's header, as its C compiler has it; and a connection's as ss shows it.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { TCP_INFO } from '../../../src/index.ts'
import { readTcpInfo, tcpInfoFields } from '../../../src/socket/options/tcp-info.ts'
import { tcpPair } from '../../support/connections.ts'
import { needs } from '../../support/needs.ts'

/** What the compiler says of a field: where it lies, and its width. */
function askCompiler(): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'berkeley-tcp-info-'))
  try {
    const header = execFileSync('cc', ['-E', '-xc', '-'], { input: '#include <linux/tcp.h>\n', encoding: 'utf8' })
    const body = /struct tcp_info \{([^}]*)\}/.exec(header)![1]!
    const names = [...body.matchAll(/\btcpi_(\w+);/g)].map(([, name]) => name!)
    const lines = names.map((name) => {
      const field = `tcpi_${name}`
      return `printf("${name} %zu %zu\\n", offsetof(struct tcp_info, ${field}), sizeof(((struct tcp_info *)0)->${field}));`
    })
    const source = join(folder, 'ask.c')
    const text = `#include <linux/tcp.h>\n#include <stddef.h>\n#include <stdio.h>\nint main(void) {${lines.join('\n')} return 0; }`
    writeFileSync(source, text)
    const program = join(folder, 'ask')
    execFileSync('cc', ['-o', program, source])
    const answer = execFileSync(program, { encoding: 'utf8' }).trim().split('\n')
    return new Map(answer.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('fields lie where the system’s header has them', { skip: needs({ program: 'cc' }) }, () => {
  const header = askCompiler()
  assert.ok(header.size > 50)
  const missing = new Set(header.keys())
  let at = 0
  for (const [, width, kernelName] of tcpInfoFields()) {
    at = Math.ceil(at / width) * width
    missing.delete(kernelName)
    const known = header.get(kernelName)
    if (known !== undefined) assert.equal(`${at} ${width}`, known, kernelName)
    at += width
  }
  // A header that is younger than this list may know more; those of Linux 6.1 know no more.
  assert.deepEqual(
    [...missing].filter((name) => !/^(?:ecn|accecn|options2|received|delivered)/.test(name)),
    [],
  )
})

test('an answer of any length is read as far as it goes', () => {
  const whole = Uint8Array.from({ length: 280 }, (_, index) => index & 0xff)
  const all = readTcpInfo(whole)
  assert.equal(all.receivedCeBytes, 0x1312_1110)
  for (let length = 0; length < whole.length; length++) {
    const part = readTcpInfo(whole.subarray(0, length)) as unknown as Record<string, unknown>
    for (const [name, value] of Object.entries(part)) {
      if (length >= 104)
        assert.deepEqual(value, (all as unknown as Record<string, unknown>)[name], `${name} of ${length}`)
    }
    if (length <= 104) assert.equal('pacingRate' in part, false)
    assert.equal(typeof part['totalRetransmits'], 'number')
  }
})

test('states have names', () => {
  for (const [state, name] of [
    [1, 'ESTABLISHED'],
    [8, 'CLOSE_WAIT'],
    [10, 'LISTEN'],
    [200, 'state 200'],
  ] as const) {
    assert.equal(readTcpInfo(Uint8Array.of(state)).state, name)
  }
  assert.equal(readTcpInfo(Uint8Array.of(1, 4)).congestionState, 'Loss')
  assert.deepEqual(readTcpInfo(Uint8Array.of(1, 0, 0, 0, 0, 0, 0x7a, 0b101)).sendWindowScale, 10)
  assert.equal(readTcpInfo(Uint8Array.of(1, 0, 0, 0, 0, 0, 0x7a, 0b101)).receiveWindowScale, 7)
  assert.equal(readTcpInfo(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0b101)).isDeliveryRateAppLimited, true)
  assert.equal(readTcpInfo(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0b101)).fastOpenClientFail, 2)
})

test('a connection is as ss shows it', { skip: needs({ program: 'ss' }) }, async () => {
  const { client, server } = await tcpPair()
  try {
    await client.sendAll(new Uint8Array(5000))
    await server.recvExactly(new Uint8Array(5000))
    const { port } = client.localAddress as { port: number }
    // What changes by itself between the two readings is left out.
    const shown = execFileSync('ss', ['-tinH', `sport = :${port}`], { encoding: 'utf8' })
    const info = client.get(TCP_INFO)
    const number = (name: string): number => Number(new RegExp(`\\b${name}:([\\d.]+)`).exec(shown)?.[1])
    assert.equal(info.state, 'ESTABLISHED')
    assert.equal(info.sendMss, number('mss'))
    assert.equal(info.pathMtu, number('pmtu'))
    assert.equal(info.receiveMss, number('rcvmss'))
    assert.equal(info.advertisedMss, number('advmss'))
    assert.equal(info.bytesSent, number('bytes_sent'))
    assert.equal(info.bytesSent, 5000)
    assert.equal(info.segmentsOut, number('segs_out'))
    assert.equal(info.dataSegmentsOut, number('data_segs_out'))
    const [, send, receive] = /wscale:(\d+),(\d+)/.exec(shown)!
    assert.deepEqual([info.sendWindowScale, info.receiveWindowScale], [Number(send), Number(receive)])
    assert.equal(server.get(TCP_INFO).bytesReceived, 5000)
  } finally {
    client.close()
    server.close()
  }
})
