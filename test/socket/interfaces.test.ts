// Interfaces as ip(8) and Python have them.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { if_indextoname, if_nameindex, if_nametoindex, interfaces, type NetworkInterface } from '../../src/index.ts'
import { moduleOf } from '../support/child.ts'
import { needs } from '../support/needs.ts'
import { askPython } from '../support/python.ts'

/** What `ip -json address` says of an interface. */
interface Link {
  readonly ifname: string
  readonly ifindex: number
  readonly mtu: number
  readonly flags: readonly string[]
  readonly address?: string
  readonly addr_info: readonly { local?: string; prefixlen: number; broadcast?: string; address?: string }[]
}

const WORDS: Readonly<Record<string, string>> = {
  UP: 'up',
  BROADCAST: 'broadcast',
  LOOPBACK: 'loopback',
  POINTOPOINT: 'pointToPoint',
  NOARP: 'noArp',
  MULTICAST: 'multicast',
  PROMISC: 'promiscuous',
}

function compare(ours: readonly NetworkInterface[], theirs: readonly Link[]): void {
  assert.deepEqual(
    ours.map(({ name, index, mtu }) => [name, index, mtu]),
    theirs.map(({ ifname, ifindex, mtu }) => [ifname, ifindex, mtu]),
  )
  for (const [i, link] of theirs.entries()) {
    const { name, flags, hardwareAddress, addresses } = ours[i]!
    const known = new Set(Object.values(WORDS))
    const words = link.flags.flatMap((flag) => WORDS[flag] ?? [])
    assert.deepEqual(flags.filter((flag) => known.has(flag)).toSorted(), words.toSorted(), name)
    assert.equal(hardwareAddress, link.address ?? '', name)
    const hosts = addresses.map(({ address, network, broadcast, destination }) => [
      address.host,
      network.length,
      broadcast?.host,
      destination?.host,
    ])
    const expected = link.addr_info.map(({ local, prefixlen, broadcast, address }) => [
      local,
      prefixlen,
      broadcast,
      address,
    ])
    assert.deepEqual(hosts.toSorted(), expected.toSorted(), name)
  }
}

test('interfaces are those of ip(8)', { skip: needs({ program: 'ip' }) }, () => {
  compare(interfaces(), JSON.parse(execFileSync('ip', ['-json', 'address'], { encoding: 'utf8' })) as Link[])
})

test(
  'in a network of its own: a pair of devices, a point-to-point address, a label',
  {
    skip: needs({ program: ['ip', 'unshare'], root: true }),
  },
  () => {
    const script = `
    set -e
    ip link set lo up mtu 40000
    ip link add left address 02:00:00:00:00:0a mtu 1400 type veth peer name right
    ip address add 10.9.8.7/20 brd + dev left label left:one
    ip address add 10.1.1.1 peer 10.1.1.2 dev right
    ip -6 address add fd00:9::1/48 dev left nodad
    ip link set left up
    ip -json address
    exec "$@"`
    const program = `
    import { interfaces } from ${moduleOf('index')}
    console.log(JSON.stringify(interfaces()))`
    const node = [process.execPath, '--input-type=module', '--eval', program]
    const { status, stdout, stderr } = spawnSync('unshare', ['--net', 'sh', '-c', script, 'sh', ...node], {
      encoding: 'utf8',
    })
    assert.equal(status, 0, stderr)
    const [theirs = '', ours = ''] = stdout.trim().split('\n')
    const links = JSON.parse(theirs) as Link[]
    const found = JSON.parse(ours) as (Omit<NetworkInterface, 'addresses'> & {
      addresses: { address: { host: string }; network: string; broadcast?: { host: string } }[]
    })[]
    assert.deepEqual(
      found.map(({ name, index, mtu }) => [name, index, mtu]),
      links.map(({ ifname, ifindex, mtu }) => [ifname, ifindex, mtu]),
    )
    const left = found.find(({ name }) => name === 'left')
    assert.deepEqual([left?.mtu, left?.hardwareAddress, left?.hardwareType], [1400, '02:00:00:00:00:0a', 1])
    const [labelled] = left?.addresses ?? []
    assert.deepEqual(
      [labelled?.address.host, labelled?.network, labelled?.broadcast?.host],
      ['10.9.8.7', '10.9.0.0/20', '10.9.15.255'],
    )
    assert.ok(left?.addresses.some(({ network }) => network === 'fd00:9::/48'))
  },
)

test('numbers and names of interfaces are Python’s; unknown ones are the kernel’s refusal', () => {
  const [expected] = askPython<[number, string][]>('import socket\ndef answer(q): return socket.if_nameindex()', [0])
  assert.deepEqual(if_nameindex(), expected)
  for (const [index, name] of expected!) {
    assert.equal(if_nametoindex(name), index)
    assert.equal(if_indextoname(index), name)
  }
  assert.throws(() => if_nametoindex('no-such-if'), { code: 'ENODEV', syscall: 'if_nametoindex' })
  assert.throws(() => if_nametoindex('a'.repeat(1000)), { code: 'ENODEV' })
  assert.throws(() => if_indextoname(0x7fff_fff0), { code: 'ENXIO', syscall: 'if_indextoname' })
  assert.throws(() => if_indextoname(-1), { code: 'ERR_OUT_OF_RANGE' })
  assert.throws(() => if_nametoindex(1 as unknown as string), { code: 'ERR_INVALID_ARG_TYPE' })
})
