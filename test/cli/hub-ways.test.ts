// How to reach a hub: the commands can be pasted into a shell, whatever the addresses and paths.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AnyAddress, inet, inet6, unix } from '../../src/index.ts'
import { placesAsJson, waysToReach } from '../../src/cli/hub-ways.ts'
import type { ClientKind, Hub } from '../../src/hub/index.ts'

/** Only the listeners of a hub are asked for. */
function hubAt(...places: readonly (readonly [ClientKind, AnyAddress])[]): Hub {
  return { listeners: places.map(([kind, address]) => ({ kind, address })) } as unknown as Hub
}

test('a command for each kind of listener', () => {
  const hub = hubAt(
    ['tcp', inet('127.0.0.1', 7000)],
    ['udp', inet6('::1', 7001)],
    ['unix', unix('/run/hub')],
    ['unix-dgram', unix('/run/hub-datagram')],
  )
  assert.deepEqual(waysToReach(hub), [
    'TCP           nc 127.0.0.1 7000',
    'UDP           nc -u ::1 7001',
    'Unix stream   nc -U /run/hub',
    'Unix datagram nc -uU /run/hub-datagram',
  ])
  assert.deepEqual(placesAsJson(hub), {
    event: 'listening',
    tcp: ['127.0.0.1:7000'],
    udp: ['[::1]:7001'],
    unix: ['/run/hub'],
    unixDatagram: ['/run/hub-datagram'],
  })
})

test('a wildcard is reached by the loopback, a link-local address with its zone', () => {
  assert.match(waysToReach(hubAt(['tcp', inet('0.0.0.0', 1)]))[0]!, /nc 127\.0\.0\.1 1$/)
  assert.match(waysToReach(hubAt(['tcp', inet6('::', 1)]))[0]!, /nc ::1 1$/)
  assert.match(waysToReach(hubAt(['tcp', inet6('fe80::1%lo', 1)]))[0]!, /nc fe80::1%(lo|1) 1$/)
})

test('a path that a shell would take apart is quoted', () => {
  for (const [path, word] of [
    ["/tmp/o'brien hub", "'/tmp/o'\\''brien hub'"],
    ['/tmp/$(id)', "'/tmp/$(id)'"],
    ['/tmp/a;b', "'/tmp/a;b'"],
  ] as const) {
    assert.equal(waysToReach(hubAt(['unix', unix(path)]))[0], `Unix stream   nc -U ${word}`)
  }
})
