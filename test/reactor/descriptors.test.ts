// Descriptors: none is inherited by another program, and running out of them is told once and survived.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { AF_INET, AF_UNIX, SOCK_DGRAM, SOCK_STREAM, Socket, socketpair, statistics } from '../../src/index.ts'
import { boundDatagram, listening, tcpPair } from '../support/connections.ts'
import { moduleOf } from '../support/child.ts'
import { openDescriptors } from '../support/open-descriptors.ts'
import { closedAfterEach, condition } from '../support/opened.ts'

const opened = closedAfterEach()

test('descriptors: a program that is started inherits none, whichever call made them', async () => {
  const before = new Set(openDescriptors().values())
  const listener = opened(listening())
  const accepted = condition()
  listener.acceptWith({
    open(connection) {
      opened(connection)
      accepted.fulfil()
    },
    data() {},
  })
  const client = opened(new Socket(AF_INET, SOCK_STREAM))
  await client.connect(listener.localAddress)
  await accepted.promise
  for (const socket of [...socketpair(), ...Object.values(await tcpPair())]) opened(socket)
  opened(boundDatagram().receiveWith({ datagram() {} }))
  opened(new Socket(AF_UNIX, SOCK_DGRAM))
  assert.ok(statistics().descriptors >= 9)
  // dup(2) and the like are not ours: the shell opens what it needs by itself.
  const { stdout } = spawnSync('sh', ['-c', 'for fd in /proc/self/fd/*; do readlink "$fd"; done; true'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const own = new Set([...openDescriptors().values()].filter((target) => target.startsWith('socket:')))
  assert.ok(own.size >= 9)
  for (const target of stdout.trim().split('\n')) {
    assert.ok(before.has(target) || !own.has(target), `inherited ${target}`)
    assert.notEqual(target, 'anon_inode:[eventpoll]')
  }
})

test('descriptors: out of them, accepting says so once, does not spin, and goes on when there are some', () => {
  const program = `
    import { closeSync, openSync } from 'node:fs'
    import { AF_INET, inet, SOCK_STREAM, Socket, statistics } from ${moduleOf('index')}
    const listener = new Socket(AF_INET, SOCK_STREAM).bind(inet('127.0.0.1', 0)).listen()
    const clients = Array.from({ length: 5 }, () => new Socket(AF_INET, SOCK_STREAM))
    await Promise.all(clients.map((client) => client.connect(listener.localAddress)))
    const files = []
    try { for (;;) files.push(openSync('/dev/null')) } catch (error) { console.log(error.code) }
    const errors = []
    let open = 0
    let told
    const first = new Promise((resolve) => { told = resolve })
    listener.acceptWith(
      { open(connection) { connection.abort(); if (++open === clients.length) end() }, data() {} },
      { onError(error) { errors.push([error.code, error.syscall].join()); told() } },
    )
    await first
    const { collects } = statistics()
    for (let i = 0; i < 500; i++) await new Promise(setImmediate)
    console.log(statistics().collects - collects < 5)
    // It tries again some times, of which nothing is said.
    const { completions } = statistics()
    while (statistics().completions - completions < 2) await new Promise(setImmediate)
    for (const file of files) closeSync(file)
    function end() { console.log(errors.join()); process.exit() }`
  const node = `exec '${process.execPath}' --input-type=module --eval "$PROGRAM"`
  const { stdout, stderr } = spawnSync('sh', ['-c', `ulimit -n 80; ${node}`], {
    env: { ...process.env, PROGRAM: program },
    encoding: 'utf8',
    timeout: 60_000,
  })
  assert.equal(stdout, 'EMFILE\ntrue\nEMFILE,accept4\n', stderr)
})
