// B21: one portable word for every error, whoever numbered it.
import assert from 'node:assert/strict'
import { lookup } from 'node:dns/promises'
import { createConnection } from 'node:net'
import { once } from 'node:events'
import { test } from 'node:test'
import { AF_INET, explain, getaddrinfo, inet, SOCK_STREAM, Socket, SocketError, statusOf } from '../../src/index.ts'
import { closedPort } from '../support/connections.ts'
import { closedAfterEach } from '../support/opened.ts'

const opened = closedAfterEach()

function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => assert.fail('it was fulfilled'),
    (error: unknown) => error,
  )
}

test('B21: the kernel’s refusal has the same word from this library, from Node and from Windows', async () => {
  const port = closedPort()
  const socket = opened(new Socket(AF_INET, SOCK_STREAM))
  const ours: unknown = await rejection(socket.connect(inet('127.0.0.1', port)))
  assert.ok(ours instanceof SocketError)
  const [theirs] = (await once(createConnection(port, '127.0.0.1'), 'error').catch((error: unknown) => [error])) as [
    Error,
  ]
  assert.deepEqual([ours.status, statusOf(theirs)], ['connectionRefused', 'connectionRefused'])
  assert.equal(statusOf(ours.errno, 'linux'), 'connectionRefused')
  assert.equal(statusOf(61, 'darwin'), 'connectionRefused')
  assert.equal(statusOf(61, 'freebsd'), 'connectionRefused')
  assert.equal(statusOf(10061, 'winsock'), 'connectionRefused')
  assert.equal(statusOf(0x8007274d, 'hresult'), 'connectionRefused')
})

test('B21: resolver errors map too, Node’s and ours', async () => {
  const ours: unknown = await rejection(getaddrinfo('no such host', 80, { timeout: 60_000 }))
  const theirs: unknown = await rejection(lookup('no such host'))
  assert.deepEqual([statusOf(ours as Error), statusOf(theirs as Error)], ['nameNotFound', 'nameNotFound'])
  assert.equal(statusOf(-2, 'glibc-resolver'), 'nameNotFound')
  assert.equal(statusOf(8, 'bsd-resolver'), 'nameNotFound')
  assert.equal(statusOf(11001, 'winsock'), 'nameNotFound')
})

test('B21: and a sentence to act on', () => {
  assert.match(explain(48, 'darwin').sentence, /^Address already in use\. .*Take another/)
})
