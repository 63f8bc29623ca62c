// B1: an endpoint is a descriptor, and what the kernel refuses is told in full.
import assert from 'node:assert/strict'
import { readlinkSync } from 'node:fs'
import { test } from 'node:test'
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  inet,
  SOCK_DGRAM,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  Socket,
  SocketError,
} from '../../src/index.ts'
import { closedPort, listening, portOf } from '../support/connections.ts'

test('B1: socket() gives the lowest free entry of the table, and /proc shows a socket there', () => {
  for (const [family, type] of [
    [AF_INET, SOCK_STREAM],
    [AF_INET, SOCK_DGRAM],
    [AF_INET6, SOCK_STREAM],
    [AF_INET6, SOCK_DGRAM],
    [AF_UNIX, SOCK_STREAM],
    [AF_UNIX, SOCK_DGRAM],
    [AF_UNIX, SOCK_SEQPACKET],
  ] as const) {
    const socket = new Socket(family, type)
    assert.ok(Number.isInteger(socket.fd) && socket.fd > 2)
    assert.match(readlinkSync(`/proc/self/fd/${socket.fd}`), /^socket:\[\d+\]$/)
    const { fd } = socket
    socket.close()
    const next = new Socket(family, type)
    assert.equal(next.fd, fd)
    next.close()
  }
})

test('B1: a family or type that the kernel refuses is an errno by name and number, with the call', () => {
  assert.throws(
    () => new Socket(AF_INET, SOCK_SEQPACKET),
    (error: unknown) => {
      assert.ok(error instanceof SocketError)
      assert.deepEqual([error.code, error.errno, error.syscall], ['ESOCKTNOSUPPORT', -94, 'socket'])
      return true
    },
  )
  assert.throws(() => new Socket(4095, SOCK_STREAM), { code: 'EAFNOSUPPORT', errno: -97, syscall: 'socket' })
})

test('B1: a refused bind or connect names its address', async () => {
  const listener = listening()
  const port = portOf(listener)
  const other = new Socket(AF_INET, SOCK_STREAM)
  assert.throws(() => other.bind(inet('127.0.0.1', port)), {
    code: 'EADDRINUSE',
    errno: -98,
    syscall: 'bind',
    address: '127.0.0.1',
    port,
    status: 'addressInUse',
  })
  const nobody = closedPort()
  await assert.rejects(other.connect(inet('127.0.0.1', nobody)), {
    code: 'ECONNREFUSED',
    errno: -111,
    syscall: 'connect',
    address: '127.0.0.1',
    port: nobody,
  })
  other.close()
  listener.close()
})

test('B1: arguments at fault are named, with what they got, before any call', () => {
  assert.throws(() => new Socket('inet' as never, SOCK_STREAM), { name: 'TypeError', message: /"family".*'inet'/ })
  assert.throws(() => new Socket(AF_INET, 1.5), { name: 'RangeError', message: /"type".*1\.5/ })
  const socket = new Socket(AF_INET, SOCK_STREAM)
  assert.throws(() => socket.bind('127.0.0.1:80' as never), { name: 'TypeError', message: /"address"/ })
  assert.throws(() => socket.listen(-1), { name: 'RangeError', message: /"backlog".*-1/ })
  assert.throws(() => inet('127.0.0.1', 65_536), { name: 'RangeError', message: /"port".*65536/ })
  socket.close()
})
