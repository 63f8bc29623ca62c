// B14: addresses as values, as bytes and as text.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  abstract,
  AF_INET,
  AF_NETLINK,
  AF_PACKET,
  AF_UNIX,
  AF_VSOCK,
  type AnyAddress,
  htons,
  inet,
  inet6,
  inet_aton,
  inet_ntoa,
  inet_ntop,
  inet_pton,
  netlink,
  packAddress,
  packet,
  parseEndpoint,
  SOCK_DGRAM,
  SOCK_RAW,
  SOCK_STREAM,
  Socket,
  sockaddrFamily,
  unix,
  unnamed,
  unpackAddress,
  vsock,
} from '../../src/index.ts'
import { needs } from '../support/needs.ts'
import { closedAfterEach } from '../support/opened.ts'
import { PythonPeer } from '../support/python-peer.ts'

const opened = closedAfterEach()

/** What Python makes of the address that a socket of ours is bound to: it gets the descriptor. */
async function asPythonHas(socket: Socket): Promise<unknown> {
  const python = new PythonPeer([socket.fd])
  try {
    return await python.ask('list(socket.socket(fileno=3).getsockname())')
  } finally {
    await python.end()
  }
}

const packed: readonly AnyAddress[] = [
  inet('127.0.0.1', 80),
  inet6('fe80::1', 80, { scope: 1, flowInfo: 7 }),
  unix('/run/x'),
  abstract('name'),
  unnamed(),
  packet({ protocol: 0x800, interface: 1 }),
  netlink(0, 1),
  vsock(2, 1024),
]

test('B14: the sockaddr of every family is built and taken apart', () => {
  for (const address of packed) assert.ok(unpackAddress(packAddress(address)).equals(address), String(address))
  const other = Uint8Array.from([...new Uint8Array(Uint16Array.of(44).buffer), 1, 2, 3])
  assert.deepEqual(packAddress(unpackAddress(other)), other)
  assert.equal(sockaddrFamily(packAddress(inet('127.0.0.1', 80))), AF_INET)
})

test('B14: [x]:y reads as IPv6 address x, port y', () => {
  assert.deepEqual(parseEndpoint('[fe80::1%eth0]:80'), inet6('fe80::1%eth0', 80))
  assert.deepEqual(parseEndpoint('[::1]:443'), inet6('::1', 443))
})

test('B14: text and bytes of addresses, and the byte order', () => {
  assert.deepEqual([...inet_pton('inet', '1.2.3.4')], [1, 2, 3, 4])
  assert.equal(inet_ntop('inet6', inet_pton('inet6', '::1')), '::1')
  assert.equal(inet_ntoa(inet_aton('127.1')), '127.0.0.1')
  assert.equal(new DataView(Uint16Array.of(htons(80)).buffer).getUint16(0), 80)
})

test('B14: an abstract and an unnamed Unix address', async () => {
  const named = opened(new Socket(AF_UNIX, SOCK_DGRAM)).bind(abstract(`berkeley b14 ${process.pid}`))
  assert.equal(String(named.localAddress), `@berkeley b14 ${process.pid}`)
  const silent = opened(new Socket(AF_UNIX, SOCK_DGRAM))
  assert.ok(silent.localAddress.equals(unnamed()))
})

test('B14: netlink: the kernel chooses a port id, and Python reads the same', async () => {
  const socket = opened(new Socket(AF_NETLINK, SOCK_RAW)).bind(netlink(0, 1))
  const address = socket.localAddress
  assert.ok(address.family === 'netlink' && address.portId > 0)
  assert.deepEqual(await asPythonHas(socket), [address.portId, 1])
})

test('B14: packet: bound to an interface by its name', { skip: needs({ root: true }) }, async () => {
  const socket = opened(new Socket(AF_PACKET, SOCK_DGRAM)).bind(packet({ interface: 'lo', protocol: 0x0800 }))
  const address = socket.localAddress
  assert.ok(address.family === 'packet')
  assert.deepEqual([address.interface, address.protocol, address.hardwareType], [1, 0x0800, 772])
  assert.deepEqual(await asPythonHas(socket), ['lo', 0x0800, 0, 772, new Uint8Array(6)])
})

test('B14: vsock: bound to a port of any machine', () => {
  const socket = opened(new Socket(AF_VSOCK, SOCK_STREAM)).bind(vsock(-1, -1))
  const address = socket.localAddress
  assert.ok(address.family === 'vsock' && address.port > 0)
  assert.equal(address.contextId, 0xffff_ffff)
})

test('B14: an address of another family than the socket’s is refused, with what to write', () => {
  const socket = opened(new Socket(AF_NETLINK, SOCK_RAW))
  assert.throws(() => socket.bind(inet('127.0.0.1', 0)), /AF_NETLINK; make its address with netlink\(\)/)
})
