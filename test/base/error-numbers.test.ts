// Numbers of errors and their names, against this system's headers, Python and Node.
import assert from 'node:assert/strict'
import { constants } from 'node:os'
import { test } from 'node:test'
import { getSystemErrorMap } from 'node:util'
import { ERROR_SYSTEMS, errorName, errorNames } from '../../src/base/error-numbers.ts'
import { statusOf } from '../../src/base/portable-status.ts'
import * as names from '../../src/sys/constants.ts'
import * as errno from '../../src/sys/platform/linux/errno.ts'
import { askPython } from '../support/python.ts'

test('Linux: every number has the name that the headers give it, and no other number has one', () => {
  const known = errorNames('linux')
  const firsts = new Map<number, string>()
  const numbers = new Map(Object.entries(errno))
  for (const [name, number] of numbers) {
    const named = errorName(number, 'linux')
    assert.ok(named !== undefined && numbers.get(named) === number, name)
    firsts.set(number, named)
  }
  assert.deepEqual([...known.keys()].toSorted(ascending), [...firsts.keys()].toSorted(ascending))
})

test('Linux: Python has the same names', () => {
  const numbers = [...errorNames('linux').keys()]
  const theirs = askPython<string[]>(
    'import errno\ndef answer(n): return [name for name in dir(errno) if getattr(errno, name) == n]',
    numbers,
  )
  for (const [i, number] of numbers.entries()) {
    const name = errorName(number, 'linux')!
    if (theirs[i]!.length > 0) assert.ok(theirs[i]!.includes(name), `${number}: ${name}, ${theirs[i]!.join()}`)
  }
})

test('the resolver of this system has the numbers that its header has', () => {
  for (const [name, number] of Object.entries(names)) {
    if (name.startsWith('EAI_')) assert.equal(errorName(number, 'glibc-resolver'), name)
  }
})

test('a number of the other systems, and one that they do not have', () => {
  const samples: readonly [number, (typeof ERROR_SYSTEMS)[number], string | undefined][] = [
    [61, 'darwin', 'ECONNREFUSED'],
    [102, 'darwin', 'EOPNOTSUPP'],
    [89, 'darwin', 'ECANCELED'],
    [61, 'freebsd', 'ECONNREFUSED'],
    [85, 'freebsd', 'ECANCELED'],
    [93, 'freebsd', 'ENOTCAPABLE'],
    [11, 'windows', 'EAGAIN'],
    [107, 'windows', 'ECONNREFUSED'],
    [15, 'windows', undefined],
    [10061, 'winsock', 'WSAECONNREFUSED'],
    [11001, 'winsock', 'WSAHOST_NOT_FOUND'],
    [11031, 'winsock', 'WSA_QOS_RESERVED_PETYPE'],
    [1225, 'win32', 'ERROR_CONNECTION_REFUSED'],
    [0x8007274d, 'hresult', 'WSAECONNREFUSED'],
    [0x8007274d | 0, 'hresult', 'WSAECONNREFUSED'],
    [0x80070005, 'hresult', 'ERROR_ACCESS_DENIED'],
    [0x80004004, 'hresult', 'E_ABORT'],
    [0xd0000236, 'hresult', 'STATUS_CONNECTION_REFUSED'],
    [0, 'hresult', undefined],
    [0xc0000236, 'ntstatus', 'STATUS_CONNECTION_REFUSED'],
    [0xc0000236 | 0, 'ntstatus', 'STATUS_CONNECTION_REFUSED'],
    [8, 'bsd-resolver', 'EAI_NONAME'],
    [1, 'h_errno', 'HOST_NOT_FOUND'],
    [-111, 'linux', 'ECONNREFUSED'],
    [2, 'glibc-resolver', undefined],
  ]
  for (const [number, system, name] of samples) assert.equal(errorName(number, system), name, `${number} ${system}`)
  for (const system of ERROR_SYSTEMS) {
    for (const number of [0, 1e9, NaN, Infinity, -Infinity, 1.5, -0]) assert.equal(errorName(number, system), undefined)
  }
  assert.equal(errorName(1, 'vms' as 'linux'), undefined)
  assert.equal(errorName(1, 'constructor' as 'linux'), undefined)
})

test('Winsock has the names that Node has for them', () => {
  for (const [number, name] of errorNames('winsock')) {
    if (name.startsWith('WSAE') && number < 10_100)
      assert.equal(name.slice(3) in errno || /PROCLIM/.test(name), true, name)
  }
})

test('every name of each system has a word, but for those that no call on a socket gives', () => {
  const others = new Set(ERROR_SYSTEMS.flatMap((system) => Array.from(errorNames(system).values())))
  for (const name of others) if (statusOf(name) !== 'other') others.delete(name)
  assert.deepEqual([...others].filter((name) => !name.startsWith('WSA_QOS_')).toSorted(), OTHERS.split(' ').toSorted())
})

test('libuv’s names have a word, but for files’ and characters’', () => {
  const silent = [...getSystemErrorMap().values()].map(([name]) => name).filter((name) => statusOf(name) === 'other')
  assert.deepEqual(silent.toSorted(), ['ECHARSET', 'EFBIG', 'EMLINK', 'UNKNOWN'])
  const unknown = Object.keys(constants.errno).filter((name) => statusOf(name) === 'other' && !OTHERS.includes(name))
  assert.deepEqual(unknown, [])
})

function ascending(a: number, b: number): number {
  return a - b
}

// Programs, devices, files, streams, keys, remote procedures; and what says nothing but that something failed.
const OTHERS =
  'EADV EBADARCH EBADE EBADEXEC EBADMACHO EBADR EBADRQC EBADSLT EBFONT ECHILD ECHRNG EDEADLK EDEVERR EDOOFUS EDOTDOT ' +
  'EFBIG EHWPOISON EIDRM EINTEGRITY EISNAM EKEYEXPIRED EKEYREJECTED EKEYREVOKED EL2HLT EL2NSYNC EL3HLT EL3RST ELIBACC ' +
  'ELIBBAD ELIBEXEC ELIBMAX ELIBSCN ELNRNG EMEDIUMTYPE EMLINK ENAVAIL ENOANO ENOCSI ENOEXEC ENOKEY ENOLCK ENOMEDIUM ' +
  'ENOPOLICY ENOSR ENOSTR ENOTBLK ENOTNAM ENOTRECOVERABLE EOTHER EOWNERDEAD EPROCUNAVAIL EPROGMISMATCH EPROGUNAVAIL ' +
  'EPWROFF EREMCHG EREMOTE ERFKILL ERPCMISMATCH ESHLIBVERS ESRMNT ESTRPIPE EUCLEAN EXFULL STRUNCATE WSAEREMOTE ' +
  'WSANOTINITIALISED WSASYSCALLFAILURE WSA_IPSEC_NAME_POLICY_ERROR E_FAIL E_UNEXPECTED EAI_ALLDONE EAI_SYSTEM'
