// What keeps a process alive, and how it ends, under every runtime.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { AF_INET, inet, SOCK_STREAM, Socket, type socketpair } from '../../src/index.ts'
import { runtime } from '../../src/sys/runtime.ts'
import { bytes, type Check, listening, receive } from './check.ts'

const child = new URL('./life-child.js', import.meta.url)

/** Runs life-child.ts in another process of this runtime. */
function startChild(...args: readonly string[]): ChildProcess {
  const options = runtime === 'deno' ? ['run', '--quiet', '--no-config', '--no-lock', '--allow-all'] : []
  return spawn(process.execPath, [...options, child.pathname, ...args], { stdio: 'inherit' })
}

function portOf(listener: Socket): string {
  return String(listener.localAddress).split(':').at(-1)!
}

/** How many descriptors this process has open. */
function countDescriptors(): number {
  return readdirSync('/proc/self/fd').length
}

export const lifeChecks: readonly Check[] = [
  {
    name: 'the bundle, which the package ships, works like the sources',
    async run() {
      const bundle = (await import(new URL('../../../bundle/index.js', import.meta.url).href)) as {
        socketpair: typeof socketpair
      }
      const [one, other] = bundle.socketpair()
      await one.sendAll(bytes('bundled'))
      assert.equal(await receive(other), 'bundled')
      one.close()
      other.close()
    },
  },
  {
    name: 'a process that sends and exits loses nothing',
    async run() {
      const listener = listening()
      const process = startChild('send and exit', portOf(listener))
      const ended = once(process, 'exit')
      const { peer } = await listener.accept()
      assert.equal(await receive(peer), 'last words')
      assert.deepEqual(await ended, [7, null])
      peer.close()
      listener.close()
    },
  },
  {
    name: 'a process ends by itself once nothing is waited for, and what is unreferenced does not keep it',
    async run() {
      for (const what of ['used and closed', 'unreferenced']) {
        assert.deepEqual(await once(startChild(what), 'exit'), [0, null], what)
      }
    },
  },
  {
    name: 'a worker that is ended while it waits leaves no descriptor open',
    async run() {
      await endWorker() // what the runtime opens for its first worker stays open
      const before = countDescriptors()
      await endWorker()
      for (let tries = 0; countDescriptors() > before && tries < 100; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      assert.ok(countDescriptors() <= before, `${countDescriptors()} descriptors are open, ${before} were before`)
    },
  },
]

/** Starts a worker, talks to it, and ends it. */
async function endWorker(): Promise<void> {
  const worker = new Worker(new URL('./life-worker.js', import.meta.url))
  const [port] = (await once(worker, 'message')) as [number]
  const client = new Socket(AF_INET, SOCK_STREAM)
  await client.connect(inet('127.0.0.1', port))
  await client.sendAll(bytes('hello'))
  assert.equal(await receive(client), 'hello')
  await worker.terminate()
  assert.equal(await client.recv(new Uint8Array(1)).catch(() => 0), 0)
  client.close()
}
