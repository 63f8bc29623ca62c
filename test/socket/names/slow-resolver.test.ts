// Name servers that do not answer, and answers that are long: in a network and a mount namespace of their own, where
// /etc/resolv.conf and /etc/hosts are those of the test.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { moduleOf } from '../../support/child.ts'
import { needs } from '../../support/needs.ts'

const folder = mkdtempSync(join(tmpdir(), 'berkeley-names-'))
after(() => rmSync(folder, { recursive: true }))

const COMMON = `
  import assert from 'node:assert/strict'
  import { execFileSync } from 'node:child_process'
  import { createReadStream, promises } from 'node:fs'
  import { AF_INET, SOCK_DGRAM, SOCK_STREAM, Socket, getaddrinfo, inet } from ${moduleOf('index')}
`

/** Runs a program in namespaces of its own, with files of the test's in place of the system's. */
function runInside(program: string, hosts: string): { status: number | null; stderr: string; stdout: string } {
  writeFileSync(join(folder, 'hosts'), hosts)
  writeFileSync(join(folder, 'resolv.conf'), 'nameserver 127.0.0.1\noptions timeout:2 attempts:1\n')
  writeFileSync(join(folder, 'nsswitch.conf'), 'hosts: files dns\nservices: files\nprotocols: files\n')
  const script = `
    ip link set lo up &&
    for file in hosts resolv.conf nsswitch.conf; do
      [ -e /etc/$file ] || continue; mount --bind ${folder}/$file /etc/$file || exit 1
    done
    exec "$@"`
  const node = [process.execPath, '--input-type=module', '--eval', COMMON + program]
  return spawnSync('unshare', ['--mount', '--net', 'sh', '-c', script, 'sh', ...node], {
    encoding: 'utf8',
    timeout: 60_000,
  })
}

const options = { skip: needs({ program: ['unshare', 'ip'], root: true }) }

test('lookups that no server answers hold up neither files nor each other', options, () => {
  const { status, stderr } = runInside(
    `
    const server = new Socket(AF_INET, SOCK_DGRAM).bind(inet('127.0.0.1', 53)) // it never reads
    const ended = []
    const stuck = Array.from({ length: 8 }, (_, i) =>
      getaddrinfo('host' + i + '.test', 80).catch((error) => ended.push(error.code)))
    assert.match(await promises.readFile('/proc/self/status', 'utf8'), /Name:/)
    const [found] = await getaddrinfo('here.test', 80, { type: SOCK_STREAM })
    assert.equal(String(found.address), '192.0.2.7:80')
    assert.deepEqual(ended, [])
    await assert.rejects(getaddrinfo('late.test', 80, { timeout: 10 }), { code: 'ERR_SOCKET_TIMEOUT' })
    await Promise.all(stuck)
    assert.deepEqual(new Set(ended), new Set(['EAI_AGAIN']))
    server.close()`,
    '192.0.2.7 here.test\n',
  )
  assert.equal(status, 0, stderr)
})

test('files that block do not hold up lookups', options, () => {
  const { status, stderr } = runInside(
    `
    const fifo = '${folder}/fifo'
    execFileSync('mkfifo', [fifo])
    const blocked = Array.from({ length: 8 }, () => promises.open(fifo, 'r')) // more than libuv has threads
    const [found] = await getaddrinfo('here.test', 80, { type: SOCK_STREAM })
    assert.equal(String(found.address), '192.0.2.7:80')
    execFileSync('sh', ['-c', 'exec 3<>' + fifo + '; sleep 0.2'])
    process.exit(0)`,
    '192.0.2.7 here.test\n',
  )
  assert.equal(status, 0, stderr)
})

test('four thousand addresses of one host are all told', options, () => {
  const addresses = Array.from({ length: 4000 }, (_, i) => `10.0.${i >> 8}.${i & 255}`)
  const { status, stderr } = runInside(
    `
    const found = await getaddrinfo('many.test', 80, { type: SOCK_STREAM, family: AF_INET })
    const hosts = new Set(found.map(({ address }) => address.host))
    assert.equal(found.length, 4000)
    for (let i = 0; i < 4000; i++) assert.ok(hosts.has('10.0.' + (i >> 8) + '.' + (i & 255)), String(i))`,
    `${addresses.map((address) => `${address} many.test`).join('\n')}\n`,
  )
  assert.equal(status, 0, stderr)
})

test('more lookups than may run wait for their turn, in order, and a worker may end while they run', options, () => {
  const { status, stderr } = runInside(
    `
    const { Worker } = await import('node:worker_threads')
    const { MAXIMUM_RUNNING_LOOKUPS } = await import(${moduleOf('index')})
    const server = new Socket(AF_INET, SOCK_DGRAM).bind(inet('127.0.0.1', 53))
    const worker = new Worker(new URL('data:text/javascript,' + encodeURIComponent(\`
      import { getaddrinfo } from ${moduleOf('index')}
      import { parentPort } from 'node:worker_threads'
      for (let i = 0; i < 8; i++) getaddrinfo('worker' + i + '.test', 80).catch(() => {})
      parentPort.postMessage('asked')\`)))
    await new Promise((resolve) => worker.once('message', resolve))
    await worker.terminate()
    const order = []
    const stuck = Array.from({ length: MAXIMUM_RUNNING_LOOKUPS }, (_, i) =>
      getaddrinfo('host' + i + '.test', 80).catch(() => order.push('stuck')))
    const stop = new AbortController()
    const never = getaddrinfo('never.test', 80, { signal: stop.signal }).catch(() => order.push('stopped'))
    const next = getaddrinfo('here.test', 80).then(() => order.push('next'))
    stop.abort()
    await never
    assert.deepEqual(order, ['stopped'])
    await next
    assert.equal(order[1], 'stuck')
    await Promise.all(stuck)
    server.close()`,
    '192.0.2.7 here.test\n',
  )
  assert.equal(status, 0, stderr)
})
