// The databases of services and protocols, against Python's reading of the same files.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import {
  AF_INET,
  getnameinfo,
  getprotobyname,
  getprotobynumber,
  getservbyname,
  getservbyport,
  gethostname,
  inet,
  inet6,
  NI_DGRAM,
  NI_NAMEREQD,
  NI_NUMERICHOST,
  NI_NUMERICSERV,
  unix,
} from '../../../src/index.ts'
import { askPython } from '../../support/python.ts'

const SERVICES = ['http', 'domain', 'ssh', 'tftp', 'no-such-service', '']

test('services by name and by port are Python’s', () => {
  const questions = SERVICES.flatMap((name) => ['tcp', 'udp', null].map((protocol) => [name, protocol] as const))
  const byName = askPython<number | null>(
    `
import socket
def answer(q):
  try: return socket.getservbyname(q[0], q[1]) if q[1] else socket.getservbyname(q[0])
  except OSError: return None`,
    questions,
  )
  for (const [i, [name, protocol]] of questions.entries()) {
    assert.equal(getservbyname(name, protocol ?? undefined)?.port ?? null, byName[i], `${name} ${protocol}`)
  }
  const ports = [22, 53, 69, 80, 1, 65535].flatMap((port) =>
    ['tcp', 'udp'].map((protocol) => [port, protocol] as const),
  )
  const byPort = askPython<string | null>(
    `
import socket
def answer(q):
  try: return socket.getservbyport(*q)
  except OSError: return None`,
    ports,
  )
  for (const [i, [port, protocol]] of ports.entries()) {
    const service = getservbyport(port, protocol)
    assert.equal(service?.name ?? null, byPort[i], `${port} ${protocol}`)
    if (service !== undefined) assert.deepEqual([service.port, service.protocol], [port, protocol])
  }
  assert.throws(() => getservbyport(65536), { code: 'ERR_OUT_OF_RANGE' })
  assert.throws(() => getservbyname('a'.repeat(256)), { code: 'ERR_OUT_OF_RANGE' })
})

test('protocols by name and by number', () => {
  assert.deepEqual([getprotobyname('tcp')?.number, getprotobyname('udp')?.number], [6, 17])
  assert.deepEqual([getprotobynumber(1)?.name, getprotobyname('ICMP')?.name], ['icmp', 'icmp'])
  assert.deepEqual([getprotobyname('no-such'), getprotobynumber(254)], [undefined, undefined])
})

test('the host’s name is the kernel’s', () => {
  assert.equal(gethostname(), readFileSync('/proc/sys/kernel/hostname', 'utf8').trim())
})

test('names of addresses are Python’s, with every flag', async () => {
  const flags = [0, NI_NUMERICHOST, NI_NUMERICSERV, NI_NUMERICHOST | NI_NUMERICSERV, NI_NUMERICHOST | NI_DGRAM]
  const questions = flags.flatMap((flag) =>
    [
      ['127.0.0.1', 80],
      ['127.0.0.1', 69],
      ['::1', 22],
      ['127.0.0.1', 65_432],
    ].map(([host, port]) => [host, port, flag] as [string, number, number]),
  )
  const expected = askPython<[string, string]>(
    'import socket\ndef answer(q): return socket.getnameinfo((q[0], q[1]), q[2])',
    questions,
  )
  for (const [i, [host, port, flag]] of questions.entries()) {
    const address = host.includes(':') ? inet6(host, port) : inet(host, port)
    const { host: name, service } = await getnameinfo(address, flag)
    assert.deepEqual([name, service], expected[i], JSON.stringify(questions[i]))
  }
})

test('getnameinfo refuses what has no name, and what is no address', async () => {
  await assert.rejects(getnameinfo(inet('127.0.0.1', 80), NI_NAMEREQD | 0x4000), { code: 'EAI_BADFLAGS' })
  await assert.rejects(getnameinfo('127.0.0.1' as unknown as ReturnType<typeof inet>), { code: 'ERR_INVALID_ARG_TYPE' })
  await assert.rejects(getnameinfo(inet('127.0.0.1', 80), 0, { signal: AbortSignal.abort() }), { name: 'AbortError' })
  assert.deepEqual(await getnameinfo(unix('/tmp/x')), { host: gethostname(), service: '/tmp/x' })
  assert.equal(AF_INET, 2)
})
