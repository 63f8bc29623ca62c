// Each option of the tables that is one int or a switch: what is set is what Python reads from the same descriptor, by
// numbers of its own; what Python sets is what is read; and what the option can't have is refused before any call.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { inspect } from 'node:util'
import { supports, type Option } from '../../../src/index.ts'
import * as constants from '../../../src/sys/constants.ts'
import { checkoutPath } from '../../support/checkout.ts'
import { closedAfterEach } from '../../support/opened.ts'
import { PythonPeer } from '../../support/python-peer.ts'
import { kindNeeds, open } from './kinds.ts'
import { ELSEWHERE, kindOf, options, rowOf } from './values.ts'

const opened = closedAfterEach()
const hasPython = kindNeeds('tcp') === false
/** What Python has as constants under the options' names. */
const known = hasPython ? await numbersOfPython() : {}

async function numbersOfPython(): Promise<Readonly<Record<string, number>>> {
  const peer = new PythonPeer()
  const names = JSON.stringify(options.map(({ name }) => name))
  const found = await peer.ask<string>(
    `json.dumps({name: getattr(socket, name) for name in ${names} if hasattr(socket, name)})`,
  )
  await peer.end()
  return JSON.parse(found) as Readonly<Record<string, number>>
}

/** What the kernel has at the option's place, as Python reads it. */
function readInt(peer: PythonPeer, { level, number }: Option<unknown>): Promise<number> {
  return peer.ask(`s.getsockopt(${level}, ${number})`)
}

test('every option that can be set is tried here or has a test of its own', () => {
  const untried = options.filter((option) => option.direction === 'both' && rowOf(option) === undefined)
  assert.deepEqual(untried.map(({ name }) => name).toSorted(), Object.keys(ELSEWHERE).toSorted())
  for (const [name, file] of Object.entries(ELSEWHERE)) {
    const text = readFileSync(checkoutPath('test', 'socket', 'options', `${file}.test.ts`), 'utf8')
    assert.match(text, new RegExp(`\\b${name}\\b`), `${file}.test.ts`)
  }
})

test('each option has the number of its own name, and its name only once', () => {
  const numbers = constants as unknown as Readonly<Record<string, number>>
  for (const { name, number } of options) {
    // RFC 3542 calls it ICMP6_FILTER, and the kernel ICMPV6_FILTER.
    assert.equal(number, numbers[name === 'ICMPV6_FILTER' ? 'ICMP6_FILTER' : name], name)
  }
  assert.equal(new Set(options.map(({ name }) => name)).size, options.length)
  assert.equal(new Set(options.map(({ level, number }) => `${level}:${number}`)).size, options.length)
})

test('numbers are those of Python', { skip: kindNeeds('tcp') }, () => {
  assert.ok(Object.keys(known).length > 60)
  for (const { name, number } of options) if (known[name] !== undefined) assert.equal(number, known[name], name)
})

/** One Python for all options: it has a socket for each, behind its standard streams. */
const tried = options.flatMap((option) => {
  const row = option.direction === 'both' ? rowOf(option) : undefined
  if (row === undefined) return []
  const reason = kindNeeds(row.on, row.root) || (supports(option) ? false : `this kernel has no ${option.name}`)
  return [{ option, row, reason, socket: reason === false ? open(row.on) : undefined }]
})
const shared = tried.filter(({ socket }) => socket !== undefined)
const python = hasPython ? new PythonPeer(shared.map(({ socket }) => socket!.fd)) : undefined
after(async () => {
  for (const { socket } of shared) socket!.close()
  await python?.end()
})

for (const each of tried) {
  const { option, row, reason, socket } = each
  const { name } = option
  test(`${name}: set and read, and by Python both ways`, { skip: reason }, async () => {
    assert.ok(socket !== undefined && python !== undefined)
    await python.ask(`s = socket.socket(fileno=${3 + shared.indexOf(each)})`)
    for (const [value, int = Number(value), got = value] of row.tries) {
      assert.equal(socket.set(option, value), socket)
      assert.equal(await readInt(python, option), int, `Python reads ${String(value)}`)
      assert.deepEqual(socket.get(option), got)
    }
    for (const [value, int = Number(value), got = value] of row.tries.toReversed()) {
      // What the kernel doubles or replaces is set as it was before.
      const set = typeof value === 'number' && typeof got === 'number' && got !== value ? value : int
      await python.ask(`s.setsockopt(${option.level}, ${option.number}, ${set})`)
      assert.deepEqual(socket.get(option), got, `Python sets ${set}`)
    }
    await python.ask('s.detach()')
  })
}

for (const option of options.filter(({ direction }) => direction !== 'get')) {
  const { name } = option
  const kind = kindOf(name)
  test(`${name}: a value of a wrong type is refused with a sentence`, { skip: kindNeeds(kind) }, () => {
    const socket = opened(open(kind))
    const isNothing = name.startsWith('SO_DETACH_')
    for (const wrong of [null, Symbol('x'), 'no such interface or name', 1.5, { nothing: true }, true, undefined]) {
      if (accepts(option, wrong, isNothing)) continue
      assert.throws(
        () => socket.set(option, wrong),
        (error: Error & { code?: string }) => {
          assert.ok(error instanceof TypeError || error instanceof RangeError || error.code === 'ENODEV', String(error))
          if (error.code !== 'ENODEV') assert.match(error.message, new RegExp(`"value of ${name}`))
          return true
        },
        `${name} = ${inspect(wrong)}`,
      )
    }
  })
}

/** Values of those above that the option has after all. */
function accepts({ name, codec }: Option<unknown>, value: unknown, isNothing: boolean): boolean {
  if (value === undefined) return isNothing || name === 'SO_LINGER'
  if (typeof value === 'boolean') return isSwitch(codec.read(Uint8Array.of(1, 0, 0, 0)))
  // Milliseconds may have a fraction, and objects whose members are all optional need none.
  if (value === 1.5) return name.endsWith('TIMEO') || name.endsWith('_TIMEOUT')
  return (
    typeof value === 'object' && value !== null && ['SO_TIMESTAMPING', 'IP_MULTICAST_IF', 'IPV6_PKTINFO'].includes(name)
  )
}

function isSwitch(value: unknown): boolean {
  return typeof value === 'boolean'
}

test('numbers that an option can’t have are refused before any call', () => {
  for (const option of options) {
    const row = rowOf(option)
    if (row === undefined || typeof row.tries[0]![0] === 'boolean' || kindNeeds(row.on, row.root) !== false) continue
    const socket = opened(open(row.on))
    const before = socket.get(option)
    for (const value of [2 ** 32, -(2 ** 31) - 1, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => socket.set(option, value), { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' }, option.name)
    }
    assert.deepEqual(socket.get(option), before)
  }
})

for (const option of options.filter(({ direction }) => direction === 'get')) {
  test(`${option.name} can only be read`, { skip: kindNeeds(kindOf(option.name)) }, () => {
    const socket = opened(open(kindOf(option.name)))
    assert.throws(() => socket.set(option, 1), {
      code: 'ERR_INVALID_ARG_VALUE',
      message: new RegExp(`${option.name} can only be read`),
    })
  })
}

for (const option of options.filter(({ direction }) => direction === 'set')) {
  test(`${option.name} can only be set`, { skip: kindNeeds(kindOf(option.name)) }, () => {
    const socket = opened(open(kindOf(option.name)))
    assert.throws(() => socket.get(option), {
      code: 'ERR_INVALID_ARG_VALUE',
      message: new RegExp(`${option.name} can only be set`),
    })
  })
}

test('every option is described: its level, a version of Linux, a manual', () => {
  for (const { name, since, man, level } of options) {
    assert.match(since, /^\d+\.\d+(\.\d+)?$/, name)
    assert.match(man, /^(?:[\w-]+\(\d\)|Documentation\/networking\/[\w-]+\.rst|RFC \d+|linux\/tcp\.h)$/, name)
    assert.ok(Number.isInteger(level))
  }
})
