// getaddrinfo against Python's: the same resolver, asked by another program.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  AF_INET,
  AF_INET6,
  type Addrinfo,
  AI_ADDRCONFIG,
  AI_ALL,
  AI_CANONNAME,
  AI_NUMERICHOST,
  AI_NUMERICSERV,
  AI_PASSIVE,
  AI_V4MAPPED,
  getaddrinfo,
  inet6,
  NameError,
} from '../../../src/index.ts'
import { askPython } from '../../support/python.ts'
import { sample, seedNote } from '../../support/property.ts'

type Question = [host: string | null, service: string | number | null, number, number, number, number]
/** Family, type, protocol, canonical name, host, port, scope; or the number of the error. */
type Row = [number, number, number, string, string, number, number]

const PYTHON = `
import socket
def answer(question):
  try:
    host, service, family, kind, protocol, flags = question
    found = socket.getaddrinfo(host, service, family, kind, protocol, flags)
    return [[int(f), int(t), p, name, a[0].split('%')[0], a[1], a[3] if len(a) > 3 else 0] for f, t, p, name, a in found]
  except socket.gaierror as error:
    return error.errno
`

function rowOf({ family, type, protocol, address, canonicalName = '' }: Addrinfo): Row {
  assert.ok(address.family === 'inet' || address.family === 'inet6')
  const scope = address.family === 'inet6' ? Number(address.scope) : 0
  return [family, type, protocol, canonicalName, address.host, address.port, scope]
}

async function ours([host, service, family, type, protocol, flags]: Question): Promise<Row[] | number> {
  try {
    const found = await getaddrinfo(host ?? undefined, service ?? undefined, { family, type, protocol, flags })
    return found.map(rowOf)
  } catch (error) {
    if (error instanceof NameError) return error.errno
    throw error
  }
}

/** With the texts of addresses in RFC 5952's form; the C library writes ::1.2.3.4 for what that calls ::102:304. */
function canonical(rows: Row[] | number): Row[] | number {
  if (typeof rows === 'number') return rows
  return rows.map((row) => row.with(4, row[0] === AF_INET6 ? inet6(row[4], 0).host : row[4]) as Row)
}

/** Python gives the resolver a name where there is none, and no port as 0: here these mean the same. */
const same: readonly Question[] = [
  ['localhost', 'http', 0, 0, 0, 0],
  ['localhost', 'domain', 0, 0, 0, 0],
  ['localhost', 80, AF_INET6, 1, 0, 0],
  ['localhost', 80, AF_INET, 0, 17, 0],
  ['localhost', 80, 0, 1, 0, AI_CANONNAME],
  [null, 80, 0, 1, 0, 0],
  [null, 80, 0, 1, 0, AI_PASSIVE],
  [null, 'ssh', AF_INET, 0, 0, 0],
  [null, 'tftp', 0, 0, 0, 0],
  [null, 'no-such-service', 0, 0, 0, 0],
  [null, null, 0, 0, 0, 0],
  [null, 80, 0, 0, 0, AI_CANONNAME],
  ['127.1', 80, 0, 1, 0, 0],
  ['0x7f000001', 80, 0, 1, 0, AI_NUMERICHOST],
  ['127.0.0.1', 80, AF_INET6, 1, 0, 0],
  ['127.0.0.1', 80, AF_INET6, 1, 0, AI_V4MAPPED],
  ['127.0.0.1', 80, AF_INET6, 1, 0, AI_V4MAPPED | AI_ALL],
  ['::ffff:1.2.3.4', 80, AF_INET, 1, 0, 0],
  ['::1', 80, AF_INET, 1, 0, 0],
  ['fe80::1%lo', 80, 0, 1, 0, 0],
  ['fe80::1%1', 80, 0, 1, 0, 0],
  ['fe80::1%no-such', 80, 0, 1, 0, 0],
  ['localhost', 80, 0, 1, 0, AI_NUMERICHOST],
  ['127.0.0.1', 'http', 0, 1, 0, AI_NUMERICSERV],
  ['127.0.0.1', 'http', 0, 2, 17, 0],
  ['127.0.0.1', 80, 0, 3, 0, 0],
  ['127.0.0.1', 80, 0, 77, 0, 0],
  ['127.0.0.1', 80, 0, 1, 17, 0],
  ['127.0.0.1', 80, 99, 0, 0, 0],
  ['127.0.0.1', 80, 0, 0, 0, 0x10000],
  ['127.0.0.1', 80, 0, 1, 0, AI_ADDRCONFIG],
  ['127.0.0.1', 80, 0, 0, 132, 0],
  ['127.0.0.1', 80, 0, 0, 99, 0],
  ['', 80, 0, 1, 0, 0],
  ['a.'.repeat(127), 80, 0, 1, 0, AI_NUMERICHOST],
]

test('the same answers and the same errors as Python for each kind of question', async () => {
  const expected = askPython<Row[] | number>(PYTHON, same)
  for (const [i, question] of same.entries())
    assert.deepEqual(await ours(question), expected[i], JSON.stringify(question))
})

test('addresses in numbers are answered as the resolver answers them', async () => {
  const questions = sample(
    fc.tuple(
      fc.oneof(
        fc.ipV4(),
        fc.ipV6(),
        fc.constantFrom('0.0.0.0', '::', '255.255.255.255', '::1.2.3.4', '1.2.3.04', '1::2::3'),
      ),
      fc.oneof(fc.integer({ min: 0, max: 65535 }), fc.integer({ min: 0, max: 65535 }).map(String)),
      fc.constantFrom(0, AF_INET, AF_INET6),
      fc.constantFrom(0, 1, 2, 3),
      fc.constantFrom(0, 6, 17, 1),
      fc.constantFrom(0, AI_NUMERICHOST, AI_NUMERICSERV, AI_PASSIVE, AI_CANONNAME, AI_NUMERICHOST | AI_CANONNAME),
    ),
    400,
  ) as Question[]
  const expected = askPython<Row[] | number>(PYTHON, questions)
  for (const [i, question] of questions.entries()) {
    assert.deepEqual(await ours(question), canonical(expected[i]!), `${JSON.stringify(question)}, ${seedNote}`)
  }
})

test('arguments that no resolver could understand are refused before it is asked', async () => {
  const wrong: readonly [unknown, unknown, object, string][] = [
    [1, 80, {}, 'ERR_INVALID_ARG_TYPE'],
    ['a\0b', 80, {}, 'ERR_INVALID_ARG_VALUE'],
    ['a'.repeat(1026), 80, {}, 'ERR_OUT_OF_RANGE'],
    ['localhost', 65536, {}, 'ERR_OUT_OF_RANGE'],
    ['localhost', -1, {}, 'ERR_OUT_OF_RANGE'],
    ['localhost', 'a\0b', {}, 'ERR_INVALID_ARG_VALUE'],
    ['localhost', {}, {}, 'ERR_INVALID_ARG_TYPE'],
    ['localhost', 80, { family: 'inet' }, 'ERR_INVALID_ARG_TYPE'],
    ['localhost', 80, { type: 1.5 }, 'ERR_OUT_OF_RANGE'],
    ['localhost', 80, { flags: 2 ** 40 }, 'ERR_OUT_OF_RANGE'],
    ['localhost', 80, { timeout: -1 }, 'ERR_OUT_OF_RANGE'],
    ['localhost', 80, { signal: 'stop' }, 'ERR_INVALID_ARG_TYPE'],
  ]
  for (const [host, service, hints, code] of wrong) {
    await assert.rejects(getaddrinfo(host as string, service as number, hints), { code })
  }
})

test('the error says which call, on what, why, and what to do', async () => {
  await assert.rejects(getaddrinfo('host.invalid', 'http', { flags: AI_NUMERICHOST }), (error) => {
    assert.ok(error instanceof NameError)
    assert.deepEqual(
      [error.name, error.code, error.errno, error.syscall, error.hostname, error.service, error.status],
      ['NameError', 'EAI_NONAME', -2, 'getaddrinfo', 'host.invalid', 'http', 'nameNotFound'],
    )
    assert.equal(
      error.message,
      'getaddrinfo EAI_NONAME host.invalid http: no such host or service. Check the spelling; with AI_NUMERICHOST or AI_NUMERICSERV only numbers are understood',
    )
    return true
  })
})

test('a signal that has fired already stops it, and one that fires meanwhile', async () => {
  const reason = new Error('enough')
  await assert.rejects(getaddrinfo('localhost', 80, { signal: AbortSignal.abort(reason) }), reason)
  const stop = new AbortController()
  const waiting = getaddrinfo('localhost', 'http', { signal: stop.signal })
  stop.abort(reason)
  await assert.rejects(waiting, reason)
})
