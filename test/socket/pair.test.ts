// socketpair: two ends that nobody else can reach, of each type.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SOCK_DGRAM, SOCK_SEQPACKET, SOCK_STREAM, socketpair } from '../../src/index.ts'
import { currentReactor } from '../../src/reactor/index.ts'
import { bytes, text } from '../support/connections.ts'
import { openSockets } from '../support/open-descriptors.ts'
import { closedAfterEach } from '../support/opened.ts'

const opened = closedAfterEach()

for (const [name, type] of Object.entries({ SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET })) {
  test(`${name}: both ends have no name, and what one sends the other receives`, async () => {
    const [one, other] = socketpair(type)
    opened(one)
    opened(other)
    assert.equal(one.type, type)
    for (const socket of [one, other]) {
      assert.equal(String(socket.localAddress), '')
      assert.equal(String(socket.remoteAddress), '')
    }
    const buffer = new Uint8Array(16)
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      await from.send(bytes('first'))
      await from.send(bytes('second'))
      const received = text(buffer, await to.recv(buffer))
      assert.equal(received, type === SOCK_STREAM ? 'firstsecond' : 'first')
      if (type !== SOCK_STREAM) assert.equal(text(buffer, await to.recv(buffer)), 'second')
    }
  })
}

test('a type that Unix sockets do not have, or no type, leaves nothing open', () => {
  const before = openSockets().size
  assert.throws(() => socketpair(77), { code: /ESOCKTNOSUPPORT|EINVAL/, syscall: 'socketpair' })
  for (const wrong of [-1, 1.5, '1', null]) {
    // @ts-expect-error no type
    assert.throws(() => socketpair(wrong), { message: /type/ })
  }
  assert.equal(openSockets().size, before)
})

test('when one end gets no slot in the reactor, both are closed', (context) => {
  const before = openSockets().size
  for (const failing of [1, 2]) {
    let calls = 0
    const reactor = currentReactor()
    const attach = reactor.attach.bind(reactor)
    const mock = context.mock.method(reactor, 'attach', (...args: Parameters<typeof attach>) => {
      if (++calls === failing) throw new Error('no slot')
      attach(...args)
    })
    assert.throws(() => socketpair(), { message: 'no slot' })
    mock.mock.restore()
    assert.equal(openSockets().size, before)
  }
})
