// Datagrams, under every runtime.
import assert from 'node:assert/strict'
import { AF_INET, AF_UNIX, inet, SOCK_DGRAM, Socket, abstract } from '../../src/index.ts'
import { bytes, type Check, textOf } from './check.ts'

function bound(): Socket {
  return new Socket(AF_INET, SOCK_DGRAM).bind(inet('127.0.0.1', 0))
}

export const datagramChecks: readonly Check[] = [
  {
    name: 'UDP by promises',
    async run() {
      const [one, other] = [bound(), bound()]
      await one.sendTo(bytes('ping'), other.localAddress)
      const buffer = new Uint8Array(16)
      const { length, address } = await other.recvFrom(buffer)
      assert.equal(textOf(buffer.subarray(0, length)), 'ping')
      assert.equal(String(address), String(one.localAddress))
      one.close()
      other.close()
    },
  },
  {
    name: 'UDP by handlers: a thousand datagrams, each answered',
    async run() {
      const server = bound().receiveWith({ datagram: (channel, lent, source) => void channel.send(lent, source) })
      const client = bound()
      const buffer = new Uint8Array(16)
      for (let i = 0; i < 1000; i += 10) {
        for (let j = i; j < i + 10; j++) client.trySendTo(bytes(String(j)), server.localAddress)
        for (let j = i; j < i + 10; j++) {
          const { length } = await client.recvFrom(buffer)
          assert.equal(textOf(buffer.subarray(0, length)), String(j))
        }
      }
      server.close()
      client.close()
    },
  },
  {
    name: 'Unix datagrams',
    async run() {
      const name = abstract(`berkeley smoke datagrams ${process.pid}`)
      const receiver = new Socket(AF_UNIX, SOCK_DGRAM).bind(name)
      const sender = new Socket(AF_UNIX, SOCK_DGRAM)
      await sender.sendTo(bytes('hello'), name)
      const buffer = new Uint8Array(16)
      const { length } = await receiver.recvFrom(buffer)
      assert.equal(textOf(buffer.subarray(0, length)), 'hello')
      sender.close()
      receiver.close()
    },
  },
]
