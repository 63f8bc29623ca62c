// Sockets that a program drops without closing them: what their peers see, and what is kept from it. (That each is
// closed, with a warning, is in test/reactor/life.test.ts.)
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { moduleOf, runProgram } from '../support/child.ts'

/** `lost` counts the warnings; `collect` collects garbage until it is as many as are expected. */
const PRELUDE = `
import { AF_INET, SOCK_DGRAM, SOCK_STREAM, Socket, inet, socketpair } from ${moduleOf('index')}
let lost = 0
process.on('warning', ({ name }) => void (name === 'SocketLostWarning' ? lost++ : console.log(name)))
const collect = async (count) => {
  for (let i = 0; i < 1000 && lost < count; i++) { await new Promise(setImmediate); gc() }
}
const listening = () => new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen()
`

/** What a program prints, and no warning is written besides. */
function outputOf(program: string): string {
  const { status, stdout, stderr } = runProgram(PRELUDE + program, [], ['--expose-gc', '--no-warnings'])
  assert.deepEqual([status, stderr], [0, ''])
  return stdout.trim()
}

test('the peer of a socket that was dropped reads the end', () => {
  const output = outputOf(`
    const listener = listening()
    const client = new Socket(AF_INET, SOCK_STREAM)
    await client.connect(listener.localAddress)
    await (async () => { await (await listener.accept()).peer.sendAll(Uint8Array.of(7)) })()
    const { length } = await client.read()
    await collect(1)
    console.log(lost, length, (await client.read(1, { timeout: 10_000 })).length)
    client.close()
    listener.close()`)
  assert.equal(output, '1 1 0')
})

test('what sendAll has taken of a socket that was dropped is delivered first', () => {
  const output = outputOf(`
    const [reader] = await (async () => {
      const [reader, writer] = socketpair()
      for (let i = 0; i < 60; i++) await writer.sendAll(new Uint8Array(16000))
      writer.trySend(Uint8Array.of(1))
      console.log(writer.queuedBytes > 0)
      return [reader]
    })()
    for (let i = 0; i < 20; i++) { await new Promise(setImmediate); gc() }
    console.log(lost)
    let total = 0
    const reading = (async () => { for (let part; (part = await reader.read()).length > 0;) total += part.length })()
    await Promise.all([reading, collect(1)])
    console.log(lost, total)
    reader.close()`)
  assert.deepEqual(output.split('\n'), ['true', '0', '1 960000'])
})

test('a port whose listener or datagram socket was dropped is free again', () => {
  const output = outputOf(`
    const addresses = (() => [
      listening().localAddress,
      new Socket(AF_INET, SOCK_DGRAM).bind(inet('127.0.0.1', 0)).localAddress,
    ])()
    await collect(2)
    for (const [i, type] of [SOCK_STREAM, SOCK_DGRAM].entries()) new Socket(AF_INET, type).bind(addresses[i]).close()
    console.log(lost)`)
  assert.equal(output, '2')
})

test('what is served, or in the handler form, is not lost though the program keeps nothing of it', () => {
  const output = outputOf(`
    const address = (() => {
      const listener = listening()
      listener.serve(async (peer) => {
        await peer.sendAll(await peer.read())
        await new Promise(() => {})
      })
      return listener.localAddress
    })()
    const channelAddress = (() => new Socket(AF_INET, SOCK_DGRAM).bind(inet('127.0.0.1', 0)).receiveWith({
      datagram: (channel, bytes, source) => channel.send(bytes, source),
    }).localAddress)()
    const client = new Socket(AF_INET, SOCK_STREAM)
    await client.connect(address)
    for (let i = 0; i < 30; i++) { await new Promise(setImmediate); gc() }
    await client.sendAll(Uint8Array.of(1, 2, 3))
    console.log((await client.read()).length)
    const asker = new Socket(AF_INET, SOCK_DGRAM)
    await asker.sendTo(Uint8Array.of(1, 2), channelAddress)
    console.log((await asker.read()).length)
    for (let i = 0; i < 30; i++) { await new Promise(setImmediate); gc() }
    console.log(client.tryRecv(new Uint8Array(1)), lost)
    process.exit()`)
  assert.deepEqual(output.split('\n'), ['3', '2', 'undefined 0'])
})

test('one that is closed, given on or taken over before it is dropped has no warning', () => {
  const output = outputOf(`
    for (let i = 0; i < 20; i++) {
      for (const socket of socketpair()) socket.close()
      for (const socket of socketpair()) socket.abort()
      await Promise.all(socketpair().map((socket) => socket.finish()))
      for (const socket of socketpair()) socket.handleWith({ data() {} }).close()
      for (const socket of socketpair()) Socket.takeOver(socket.handleWith({ data() {} })).close()
    }
    for (let i = 0; i < 30; i++) { await new Promise(setImmediate); gc() }
    console.log(lost)`)
  assert.equal(output, '0')
})
