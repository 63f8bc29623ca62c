// Who has a port: found in /proc, for listeners and datagram sockets of both families, in this process and in others.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { portHolder } from '../../src/cli/port-holder.ts'
import { boundDatagram, closedPort, listening, listening6, portOf, tcpPair } from '../support/connections.ts'
import { closedAfterEach } from '../support/opened.ts'
import { PythonPeer } from '../support/python-peer.ts'

const opened = closedAfterEach()
const python = new PythonPeer()
after(() => python.end())

const OWN = `node (process ${process.pid})`

test('a listener of this process, IPv4 and IPv6, and a datagram socket', () => {
  assert.equal(portHolder('tcp', portOf(opened(listening()))), OWN)
  assert.equal(portHolder('tcp', portOf(opened(listening6()))), OWN)
  assert.equal(portHolder('udp', portOf(opened(boundDatagram()))), OWN)
})

test('another process, by its name and number', async () => {
  const port = await python.ask<number>('(l := socket.create_server(("127.0.0.1", 0))).getsockname()[1]')
  assert.match(portHolder('tcp', port) ?? '', new RegExp(`^python3[.0-9]* \\(process ${python.pid}\\)$`))
})

test('a port that nobody has, and one that is only the end of a connection, has no holder', async () => {
  assert.equal(portHolder('tcp', closedPort()), undefined)
  const { client, server } = await tcpPair()
  opened(server)
  assert.equal(portHolder('tcp', portOf(opened(client))), undefined)
})
