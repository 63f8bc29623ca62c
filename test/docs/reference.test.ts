// The reference mentions everything that is public, and nothing that is gone.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { test } from 'node:test'
import * as berkeley from '../../src/index.ts'
import * as reactor from '../../src/reactor/index.ts'
import * as blocking from '../../src/socket/sync/index.ts'
import { checkoutPath } from '../support/checkout.ts'
import { page, pages } from '../support/pages.ts'

/** What a page says in code: between backticks, or in a program. */
function codeOf(text: string): string {
  return [...text.matchAll(/^```.*?^```$|`[^`\n]+`/gms)].map(([code]) => code).join('\n')
}

function mentions(code: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(code)
}

const reference = pages()
  .filter(({ path }) => path.startsWith('docs/reference/') || path === 'docs/errors.md')
  .map(({ text }) => codeOf(text))
  .join('\n')

/** The names that a source file exports, types too, those of the files that it exports whole among them. */
function exportsOf(path: string): string[] {
  const text = readFileSync(checkoutPath(path), 'utf8')
  const lists = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, list = '']) =>
    list.split(',').map((name) => name.trim().replace(/^type /, '')),
  )
  const own = [...text.matchAll(/^export (?:abstract )?(?:const|function|class|interface|type) (\w+)/gm)]
  const whole = [...text.matchAll(/^export \* from '(.*)'$/gm)].flatMap(([, from = '']) =>
    exportsOf(join(dirname(path), from)),
  )
  return [...lists, ...own.map((match) => match[1]!), ...whole].filter((name) => name !== '')
}

const MODULES = { 'src/index.ts': berkeley, 'src/reactor/index.ts': reactor, 'src/socket/sync/index.ts': blocking }
for (const [entry, module] of Object.entries(MODULES)) {
  test(`every export of ${entry} is in the reference`, () => {
    const names = exportsOf(entry)
    for (const name of Object.keys(module)) assert.ok(names.includes(name), name)
    assert.deepEqual(
      names.filter((name) => !mentions(reference, name)),
      [],
    )
  })
}

/** Public classes, the page of each, and the files that they are written in. */
const CLASSES = [
  { of: berkeley.Socket, on: 'socket', files: ['socket', 'receiving-socket', 'sending-socket'] },
  { of: berkeley.Connection, on: 'connection', files: ['connection'] },
  { of: berkeley.DatagramChannel, on: 'datagram-channel', files: ['datagram-channel'] },
  { of: berkeley.Selector, on: 'readiness', files: ['readiness/selector'] },
  {
    of: blocking.Socket,
    on: 'blocking',
    files: ['sync/socket', 'sync/transfer-socket', 'sync/open-socket'],
  },
  { of: blocking.Cancellation, on: 'blocking', files: ['sync/cancellation'] },
  { of: berkeley.Source, on: 'datagram-channel', files: ['source'] },
  { of: berkeley.SocketOptions, on: 'descriptor', files: ['options-of'] },
]
const BASES = [
  'src/socket/queueing-socket.ts',
  'src/socket/optioned-descriptor.ts',
  'src/socket/open-socket.ts',
  'src/reactor/descriptor.ts',
]
const INTERNAL =
  /\/\*\*(?:(?!\*\/).)*@internal(?:(?!\*\/).)*\*\/\s*(?:(?:static|abstract|override|readonly|async|get|set) )*(\w+)/gs
const PROTECTED = /\bprotected (?:(?:static|abstract|override|readonly|async|get|set) )*(\w+)/g

/** The methods and accessors of a class and those it extends. */
function membersOf(of: { readonly prototype: object }): string[] {
  const names = new Set<string>()
  for (let level = of.prototype; level !== Object.prototype; level = Object.getPrototypeOf(level) as object) {
    for (const name of Object.getOwnPropertyNames(level)) names.add(name)
  }
  names.delete('constructor')
  return [...names]
}

for (const { of, on, files } of CLASSES) {
  test(`every member of ${of.name} is on docs/reference/${on}.md`, () => {
    const sources = [...files.map((file) => `src/socket/${file}.ts`), ...BASES]
    const text = sources.map((path) => readFileSync(checkoutPath(path), 'utf8')).join('\n')
    const inside = new Set(
      [INTERNAL, PROTECTED].flatMap((pattern) => [...text.matchAll(pattern)].map(([, name]) => name)),
    )
    const code = codeOf(page(`docs/reference/${on}.md`).text)
    const missing = membersOf(of).filter((name) => !inside.has(name) && !mentions(code, name))
    assert.deepEqual(missing, [])
  })
}

test('the page of addresses has every member of an address', () => {
  const code = codeOf(page('docs/reference/addresses.md').text)
  const classes = [
    berkeley.InetAddress,
    berkeley.Inet6Address,
    berkeley.UnixAddress,
    berkeley.OtherAddress,
    berkeley.PacketAddress,
    berkeley.NetlinkAddress,
    berkeley.VsockAddress,
    berkeley.Prefix,
  ]
  const made = [
    berkeley.inet('127.0.0.1', 0),
    berkeley.inet6('::', 0),
    berkeley.unnamed(),
    berkeley.packet(),
    berkeley.netlink(),
    berkeley.vsock(1, 1),
  ]
  const names = [...classes.flatMap(membersOf), ...made.flatMap((address) => Object.keys(address))]
  assert.deepEqual(
    names.filter((name) => name !== 'packed' && !mentions(code, name)),
    [],
  )
})

test('the page of statistics has a row for each counter, and no other', () => {
  const rows = [...page('docs/reference/statistics.md').text.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
  assert.deepEqual(rows.toSorted(), Object.keys(berkeley.statistics()).toSorted())
})

test('the page of the environment has every variable that the sources read', () => {
  const sources = ['src/sys/addon.ts', 'src/reactor/reactor.ts', 'src/reactor/waker.ts']
  const read = sources.flatMap((path) => {
    const text = readFileSync(checkoutPath(path), 'utf8')
    return [...text.matchAll(/process\.env\['(\w+)'\]/g)].map(([, name]) => name)
  })
  const rows = [...page('docs/reference/environment.md').text.matchAll(/^\| `(BERKELEY_\w+)` \|/gm)]
  assert.deepEqual(rows.map(([, name]) => name).toSorted(), [...new Set(read)].toSorted())
})

test('paths of the checkout that pages name in code are there', () => {
  const isPath = /^(?:src|test|native|scripts|examples|docs|bench)\/[\w./-]*$/
  const missing = pages().flatMap(({ path, text }) =>
    [...text.matchAll(/`([^`\n]+)`/g)]
      .map(([, code = '']) => code)
      .filter((code) => isPath.test(code) && !existsSync(checkoutPath(code)))
      .map((code) => `${relative('.', path)}: ${code}`),
  )
  assert.deepEqual(missing, [])
})
