// B15: names and services to addresses, and back.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AI_PASSIVE,
  getaddrinfo,
  getnameinfo,
  NI_NUMERICHOST,
  NI_NUMERICSERV,
  SOCK_STREAM,
  Socket,
} from '../../src/index.ts'
import { portOf } from '../support/connections.ts'
import { closedAfterEach } from '../support/opened.ts'

const opened = closedAfterEach()

test('B15: what an answer holds goes straight to socket, bind and connect', async () => {
  for (const wildcard of await getaddrinfo(undefined, 0, { type: SOCK_STREAM, flags: AI_PASSIVE })) {
    const listener = opened(new Socket(wildcard.family, wildcard.type, wildcard.protocol))
    listener.bind(wildcard.address).listen()
    const found = await getaddrinfo(undefined, portOf(listener), { type: SOCK_STREAM, family: wildcard.family })
    assert.equal(found.length, 1)
    const client = opened(new Socket(found[0]!.family, found[0]!.type, found[0]!.protocol))
    await client.connect(found[0]!.address)
    const { peer, address } = await listener.accept()
    opened(peer)
    assert.equal(String(address), String(client.localAddress))
  }
})

test('B15: no host gives the loopback, with AI_PASSIVE the wildcard; a service alone finds protocol and port', async () => {
  const hosts = async (flags: number): Promise<string[]> =>
    (await getaddrinfo(undefined, 80, { type: SOCK_STREAM, flags })).map(({ address }) =>
      'host' in address ? address.host : '',
    )
  assert.deepEqual((await hosts(0)).toSorted(), ['127.0.0.1', '::1'])
  assert.deepEqual((await hosts(AI_PASSIVE)).toSorted(), ['0.0.0.0', '::'])
  const kinds = new Set((await getaddrinfo(undefined, 'domain')).map((info) => info.toString().replace(/ .*:/, ' ')))
  assert.deepEqual(kinds, new Set(['TCP 53', 'UDP 53']))
  assert.deepEqual(new Set((await getaddrinfo(undefined, 'tftp')).map(({ protocol }) => protocol)), new Set([17]))
})

test('B15: errors bear the name of their EAI_ code', async () => {
  await assert.rejects(getaddrinfo(undefined, undefined), { code: 'EAI_NONAME', errno: -2, status: 'nameNotFound' })
  await assert.rejects(getaddrinfo('localhost', 80, { family: 255 }), { code: 'EAI_FAMILY' })
  await assert.rejects(getaddrinfo('localhost', 80, { flags: 0x4000_0000 }), { code: 'EAI_BADFLAGS' })
  await assert.rejects(getaddrinfo('localhost', 'no-such-service'), { code: 'EAI_SERVICE', status: 'serviceNotFound' })
  await assert.rejects(getaddrinfo('localhost', 80, { type: 77 }), { code: 'EAI_SOCKTYPE' })
})

test('B15: and back, from an address to the names', async () => {
  const [found] = await getaddrinfo('localhost', 'http', { type: SOCK_STREAM })
  const { service } = await getnameinfo(found!.address)
  assert.equal(service, 'http')
  const numbers = await getnameinfo(found!.address, NI_NUMERICHOST | NI_NUMERICSERV)
  assert.ok(['127.0.0.1', '::1'].includes(numbers.host))
  assert.equal(numbers.service, '80')
})
