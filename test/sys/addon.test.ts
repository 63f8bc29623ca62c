// Each system call of the addon: its result, and the errno negated where the kernel refuses.
import assert from 'node:assert/strict'
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { afterEach, test } from 'node:test'
import { inet, inet6 } from '../../src/base/address.ts'
import { addon } from '../../src/sys/addon.ts'
import * as c from '../../src/sys/constants.ts'
import { packAddress, unpackAddress } from '../../src/sys/sockaddr.ts'

const calls = addon()
const opened: number[] = []
afterEach(() => {
  for (const fd of opened.splice(0)) calls.close(fd)
})

/** A descriptor, closed when the test ends. Fails the test if the call did. */
function kept(fd: number): number {
  assert.ok(fd >= 0, `errno ${-fd}`)
  opened.push(fd)
  return fd
}

function socket(family: number, type: number): number {
  return kept(calls.socket(family, type | c.SOCK_CLOEXEC | c.SOCK_NONBLOCK, 0))
}

function pair(type: number): [number, number] {
  const out = new Int32Array(2)
  assert.equal(calls.socketpair(c.AF_UNIX, type | c.SOCK_CLOEXEC | c.SOCK_NONBLOCK, 0, out), 0)
  return [kept(out[0]!), kept(out[1]!)]
}

/** A TCP listener, and its packed address. */
function listener(): { fd: number; address: Uint8Array } {
  const fd = socket(c.AF_INET, c.SOCK_STREAM)
  assert.equal(calls.bind(fd, packAddress(inet('127.0.0.1', 0))), 0)
  assert.equal(calls.listen(fd, 16), 0)
  const address = new Uint8Array(128)
  return { fd, address: address.slice(0, calls.getsockname(fd, address)) }
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()
const bytesOf = (value: string): Uint8Array => new Uint8Array(Buffer.from(value))

test('socket gives a descriptor with the flags that were asked for, or the errno', () => {
  const fd = socket(c.AF_INET, c.SOCK_STREAM)
  assert.ok(fstatSync(fd).isSocket())
  assert.equal(calls.fcntl(fd, c.F_GETFD, 0) & c.FD_CLOEXEC, c.FD_CLOEXEC)
  assert.equal(calls.fcntl(fd, c.F_GETFL, 0) & c.O_NONBLOCK, c.O_NONBLOCK)
  assert.equal(calls.socket(255, c.SOCK_STREAM, 0), -c.EAFNOSUPPORT)
  assert.equal(calls.socket(c.AF_INET, 99, 0), -c.EINVAL)
  assert.equal(calls.socket(c.AF_INET, c.SOCK_STREAM, c.IPPROTO_UDP), -c.EPROTONOSUPPORT)
})

test('socketpair gives two connected descriptors, or the errno', () => {
  const [one, other] = pair(c.SOCK_STREAM)
  assert.equal(calls.send(one, bytesOf('ab'), 0, 2, 0), 2)
  const buffer = new Uint8Array(4)
  assert.equal(calls.recv(other, buffer, 0, 4, 0), 2)
  assert.equal(text(buffer.subarray(0, 2)), 'ab')
  assert.equal(calls.socketpair(c.AF_INET, c.SOCK_STREAM, 0, new Int32Array(2)), -c.EOPNOTSUPP)
})

test('bind, listen, connect, accept4 and the names of both ends', () => {
  const { fd, address } = listener()
  const client = socket(c.AF_INET, c.SOCK_STREAM)
  assert.equal(calls.accept4(fd, new Uint8Array(128), new Int32Array(1)), -c.EAGAIN)
  assert.equal(calls.getpeername(client, new Uint8Array(128)), -c.ENOTCONN)
  const connected = calls.connect(client, address)
  assert.ok(connected === 0 || connected === -c.EINPROGRESS, String(connected))
  const peerAddress = new Uint8Array(128)
  const out = new Int32Array(1)
  const peer = kept(calls.accept4(fd, peerAddress, out))
  assert.equal(calls.fcntl(peer, c.F_GETFD, 0) & c.FD_CLOEXEC, c.FD_CLOEXEC)
  assert.equal(calls.fcntl(peer, c.F_GETFL, 0) & c.O_NONBLOCK, c.O_NONBLOCK)
  const own = new Uint8Array(128)
  const length = calls.getsockname(client, own)
  assert.deepEqual(unpackAddress(peerAddress, 0, out[0]), unpackAddress(own, 0, length))
  assert.equal(calls.getpeername(client, own), address.length)
  assert.deepEqual(own.slice(0, address.length), address)
  assert.equal(calls.bind(socket(c.AF_INET, c.SOCK_STREAM), address), -c.EADDRINUSE)
  assert.equal(calls.bind(fd, address.subarray(0, 3)), -c.EINVAL)
  assert.equal(calls.bind(client, packAddress(inet6('::1', 0))), -c.EAFNOSUPPORT)
  assert.equal(calls.listen(socket(c.AF_INET, c.SOCK_DGRAM), 1), -c.EOPNOTSUPP)
})

test('a name that has no room is cut off, and its whole length told', () => {
  const { fd, address } = listener()
  const room = new Uint8Array(6).fill(0xee)
  assert.equal(calls.getsockname(fd, room.subarray(0, 4)), address.length)
  assert.deepEqual(room, Uint8Array.of(...address.subarray(0, 4), 0xee, 0xee))
})

test('connecting where nobody listens is refused', () => {
  const { fd, address } = listener()
  opened.splice(opened.indexOf(fd), 1)
  assert.equal(calls.close(fd), 0)
  const client = kept(calls.socket(c.AF_INET, c.SOCK_STREAM | c.SOCK_CLOEXEC, 0)) // blocking: loopback answers at once
  assert.equal(calls.connect(client, address), -c.ECONNREFUSED)
})

test('shutdown ends a direction', () => {
  const [one, other] = pair(c.SOCK_STREAM)
  assert.equal(calls.shutdown(one, c.SHUT_WR), 0)
  assert.equal(calls.recv(other, new Uint8Array(1), 0, 1, 0), 0)
  assert.equal(calls.send(one, new Uint8Array(1), 0, 1, 0), -c.EPIPE)
  assert.equal(calls.shutdown(one, 7), -c.EINVAL)
  assert.equal(calls.shutdown(socket(c.AF_INET, c.SOCK_STREAM), c.SHUT_WR), -c.ENOTCONN)
})

test('recv and send move the part of the bytes that was named, and never wait', () => {
  const [one, other] = pair(c.SOCK_STREAM)
  assert.equal(calls.fcntl(other, c.F_SETFL, 0), 0) // blocking, as an adopted descriptor may be
  assert.equal(calls.recv(other, new Uint8Array(1), 0, 1, 0), -c.EAGAIN)
  assert.equal(calls.send(one, bytesOf('abcdef'), 2, 3, 0), 3)
  const buffer = new Uint8Array(8)
  assert.equal(calls.recv(other, buffer, 4, 2, c.MSG_PEEK), 2)
  assert.equal(calls.recv(other, buffer, 1, 2, 0), 2)
  assert.equal(text(buffer), '\0cd\0cd\0\0')
  assert.equal(calls.fcntl(one, c.F_SETFL, 0), 0)
  let sent: number
  do sent = calls.send(one, new Uint8Array(1 << 20), 0, 1 << 20, 0)
  while (sent > 0)
  assert.equal(sent, -c.EAGAIN)
})

test('sendto and recvfrom carry datagrams, addresses and MSG_TRUNC', () => {
  const receiver = socket(c.AF_INET, c.SOCK_DGRAM)
  const sender = socket(c.AF_INET, c.SOCK_DGRAM)
  for (const fd of [receiver, sender]) assert.equal(calls.bind(fd, packAddress(inet('127.0.0.1', 0))), 0)
  const address = new Uint8Array(128)
  const to = address.slice(0, calls.getsockname(receiver, address))
  const from = address.slice(0, calls.getsockname(sender, address))
  const out = new Int32Array(2)
  assert.equal(calls.recvfrom(receiver, new Uint8Array(9), 0, 9, 0, address, out), -c.EAGAIN)
  assert.equal(calls.sendto(sender, bytesOf('abcdef'), 1, 4, 0, to), 4)
  assert.equal(calls.sendto(sender, bytesOf('abcdef'), 0, 6, 0, to), 6)
  const buffer = new Uint8Array(9)
  assert.equal(calls.recvfrom(receiver, buffer, 5, 4, 0, address, out), 4)
  assert.deepEqual([text(buffer.subarray(5)), out[1]! & c.MSG_TRUNC], ['bcde', 0])
  assert.deepEqual(address.slice(0, out[0]), from)
  assert.equal(calls.recvfrom(receiver, buffer, 0, 2, 0, address, out), 2)
  assert.deepEqual([text(buffer.subarray(0, 2)), out[1]! & c.MSG_TRUNC], ['ab', c.MSG_TRUNC])
  assert.equal(calls.sendto(sender, new Uint8Array(70_000), 0, 70_000, 0, to), -c.EMSGSIZE)
})

test('readv and writev gather and scatter, up to 1,024 parts', () => {
  const [one, other] = pair(c.SOCK_STREAM)
  assert.equal(calls.writev(one, [bytesOf('ab'), new Uint8Array(0), bytesOf('cde')], 0), 5)
  const parts = [new Uint8Array(1), new Uint8Array(3), new Uint8Array(9)]
  assert.equal(calls.readv(other, parts, 0), 5)
  assert.deepEqual(
    parts.map((part) => text(part).replaceAll('\0', '')),
    ['a', 'bcd', 'e'],
  )
  assert.equal(calls.readv(other, parts, 0), -c.EAGAIN)
  const many = Array.from({ length: 1024 }, (_, i) => Uint8Array.of(i & 0xff))
  assert.equal(calls.writev(one, many, 0), 1024)
  assert.equal(
    calls.readv(
      other,
      many.map(() => new Uint8Array(1)),
      0,
    ),
    1024,
  )
  assert.equal(calls.writev(one, [], 0), 0)
})

test('options are read and set as a number and as bytes', () => {
  const fd = socket(c.AF_INET, c.SOCK_STREAM)
  const value = new Uint8Array(8)
  assert.equal(calls.setsockoptInt(fd, c.SOL_SOCKET, c.SO_KEEPALIVE, 1), 0)
  assert.equal(calls.getsockopt(fd, c.SOL_SOCKET, c.SO_KEEPALIVE, value), 4)
  assert.equal(value[0], 1)
  assert.equal(calls.setsockopt(fd, c.SOL_SOCKET, c.SO_LINGER, new Uint8Array(Int32Array.of(1, 7).buffer)), 0)
  assert.equal(calls.getsockopt(fd, c.SOL_SOCKET, c.SO_LINGER, value), 8)
  assert.deepEqual(new Int32Array(value.buffer), Int32Array.of(1, 7))
  assert.equal(calls.setsockopt(fd, c.SOL_SOCKET, c.SO_LINGER, new Uint8Array(2)), -c.EINVAL)
  assert.equal(calls.setsockoptInt(fd, c.SOL_SOCKET, 9999, 1), -c.ENOPROTOOPT)
  assert.equal(calls.getsockopt(fd, c.SOL_SOCKET, 9999, value), -c.ENOPROTOOPT)
})

test('fcntl takes the commands whose argument is a number, and no others', () => {
  const fd = socket(c.AF_INET, c.SOCK_STREAM)
  assert.equal(calls.fcntl(fd, c.F_SETFL, 0), 0)
  assert.equal(calls.fcntl(fd, c.F_GETFL, 0) & c.O_NONBLOCK, 0)
  for (const command of [0 /* F_DUPFD */, 5 /* F_GETLK */, 16 /* F_GETOWN_EX */, 1030 /* F_DUPFD_CLOEXEC */]) {
    assert.equal(calls.fcntl(fd, command, 0), -c.EINVAL)
  }
})

test('close closes once; a descriptor that is not open is EBADF everywhere', () => {
  const fd = calls.socket(c.AF_INET, c.SOCK_STREAM, 0)
  assert.equal(calls.close(fd), 0)
  const bytes = new Uint8Array(16)
  const out = new Int32Array(2)
  const results = [
    calls.close(fd),
    calls.own(fd),
    calls.bind(fd, bytes),
    calls.connect(fd, bytes),
    calls.listen(fd, 1),
    calls.shutdown(fd, c.SHUT_WR),
    calls.getsockname(fd, bytes),
    calls.getpeername(fd, bytes),
    calls.fcntl(fd, c.F_GETFL, 0),
    calls.fcntlGetOwner(fd, out),
    calls.ioctl(fd, c.FIONREAD, bytes),
    calls.setsockoptProgram(fd, c.SOL_SOCKET, c.SO_ATTACH_FILTER, bytes),
    calls.setsockoptInt(fd, c.SOL_SOCKET, c.SO_KEEPALIVE, 1),
    calls.setsockopt(fd, c.SOL_SOCKET, c.SO_KEEPALIVE, bytes),
    calls.getsockopt(fd, c.SOL_SOCKET, c.SO_KEEPALIVE, bytes),
    calls.recv(fd, bytes, 0, 16, 0),
    calls.send(fd, bytes, 0, 16, 0),
    calls.sendto(fd, bytes, 0, 16, 0, bytes),
    calls.recvfrom(fd, bytes, 0, 16, 0, bytes, out),
    calls.readv(fd, [bytes], 0),
    calls.writev(fd, [bytes], 0),
    calls.accept4(fd, bytes, out),
  ]
  assert.deepEqual(new Set(results), new Set([-c.EBADF]))
})

test('ioctl gives the structure back, and no byte more than it was lent', () => {
  const [one, other] = pair(c.SOCK_STREAM)
  assert.equal(calls.send(one, bytesOf('hello'), 0, 5, 0), 5)
  const bytes = new Uint8Array(16).fill(0xee)
  assert.equal(calls.ioctl(other, c.FIONREAD, bytes.subarray(4, 8)), 0)
  assert.deepEqual([...bytes.subarray(2, 10)], [0xee, 0xee, 5, 0, 0, 0, 0xee, 0xee])
  // Too short for the int that the kernel writes.
  assert.equal(calls.ioctl(other, c.FIONREAD, bytes.subarray(0, 1)), 0)
  assert.deepEqual([...bytes.subarray(0, 4)], [5, 0xee, 0xee, 0xee])
  assert.equal(calls.ioctl(other, c.FIONREAD, new Uint8Array(0)), 0)
  assert.equal(calls.ioctl(other, 0x7777, new Uint8Array(16_384)), -c.ENOTTY)
  assert.throws(() => calls.ioctl(other, c.FIONREAD, new Uint8Array(16_385)), { code: 'ERR_OUT_OF_RANGE' })
})

test('the owner of a descriptor: a process, a group negated, nobody', () => {
  const [fd] = pair(c.SOCK_STREAM)
  const out = new Int32Array(1)
  assert.deepEqual([calls.fcntlGetOwner(fd, out), out[0]], [0, 0])
  assert.equal(calls.fcntl(fd, c.F_SETOWN, process.pid), 0)
  assert.deepEqual([calls.fcntlGetOwner(fd, out), out[0]], [0, process.pid])
  // proc(5): the group is the third field behind the program's name.
  const stat = readFileSync('/proc/self/stat', 'utf8')
  const group = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2])
  assert.equal(calls.fcntl(fd, c.F_SETOWN, -group), 0)
  assert.deepEqual([calls.fcntlGetOwner(fd, out), out[0]], [0, -group])
  assert.equal(calls.fcntl(fd, c.F_SETOWN, 0), 0)
  assert.deepEqual([calls.fcntlGetOwner(fd, out), out[0]], [0, 0])
})

test('a filter’s length counts instructions: nothing is written past the bytes that were lent', () => {
  const [fd] = pair(c.SOCK_DGRAM)
  const program = new Uint8Array(5 * 8)
  for (let at = 0; at < program.length; at += 8) program.set([6, 0, 0, 0, 255, 0, 0, 0], at) // return 255
  assert.equal(calls.setsockoptProgram(fd, c.SOL_SOCKET, c.SO_ATTACH_FILTER, program), 0)
  const bytes = new Uint8Array(256).fill(0xee)
  for (const length of [8, 16, 32]) {
    assert.equal(calls.getsockopt(fd, c.SOL_SOCKET, c.SO_ATTACH_FILTER, bytes.subarray(0, length)), -c.EINVAL)
  }
  assert.equal(calls.getsockopt(fd, c.SOL_SOCKET, c.SO_ATTACH_FILTER, bytes.subarray(0, 41)), -c.EINVAL)
  assert.ok(bytes.every((byte) => byte === 0xee))
  assert.equal(calls.getsockopt(fd, c.SOL_SOCKET, c.SO_ATTACH_FILTER, bytes.subarray(0, 48)), 40)
  assert.deepEqual([...bytes.subarray(0, 40)], [...program])
  assert.ok(bytes.subarray(40).every((byte) => byte === 0xee))
  for (const wrong of [program.subarray(1), new Uint8Array(4097 * 8), new Uint8Array(0)]) {
    assert.equal(calls.setsockoptProgram(fd, c.SOL_SOCKET, c.SO_ATTACH_FILTER, wrong), -c.EINVAL)
  }
})

test('a call on something that is no socket is ENOTSOCK', () => {
  const file = openSync('/dev/null', 'r')
  assert.equal(calls.listen(file, 1), -c.ENOTSOCK)
  assert.equal(calls.recv(file, new Uint8Array(1), 0, 1, 0), -c.ENOTSOCK)
  closeSync(file)
})

test('if_nametoindex knows the loopback interface, and says ENODEV of others', () => {
  assert.ok(calls.if_nametoindex('lo') >= 1)
  for (const name of ['', 'no-such-if', 'a name far too long for an interface', 'é'.repeat(40)]) {
    assert.equal(calls.if_nametoindex(name), -c.ENODEV)
  }
})
