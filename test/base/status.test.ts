import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codesOf, meaningOf, STATUSES, statusOfName } from '../../src/base/status.ts'
import * as constants from '../../src/sys/constants.ts'
import * as errno from '../../src/sys/platform/linux/errno.ts'

test('every status but other has a name of errno, and every name a meaning', () => {
  for (const status of STATUSES) {
    const codes = codesOf(status)
    assert.equal(codes.length > 0, status !== 'other', status)
    for (const code of codes) {
      assert.equal(statusOfName(code), status)
      assert.notEqual(meaningOf(code), '')
    }
  }
})

test('every name in the table is one of errno, or of the resolver, that Linux has', () => {
  const known = [...Object.keys(errno), ...Object.keys(constants).filter((name) => name.startsWith('EAI_'))]
  for (const code of STATUSES.flatMap(codesOf)) assert.ok(known.includes(code), code)
})

test('two names of one number have one status', () => {
  const byNumber = new Map<number, string>()
  for (const [name, number] of Object.entries(errno)) {
    const first = byNumber.get(number)
    if (first === undefined) byNumber.set(number, name)
    else assert.equal(statusOfName(name), statusOfName(first), `${name} and ${first}`)
  }
})

// The whole list of Linux, so that a name which is left out is left out on purpose: devices, programs, streams, keys
// and processes, which no call on a socket is about.
test('the names of Linux without a status are those of no socket call', () => {
  const others = Object.keys(errno).filter((name) => statusOfName(name) === 'other')
  assert.deepEqual(others, OTHERS.split(' '))
})

const OTHERS =
  'EADV EBADE EBADR EBADRQC EBADSLT EBFONT ECHILD ECHRNG EDEADLK EDEADLOCK EDOTDOT EFBIG EHWPOISON EIDRM EISNAM ' +
  'EKEYEXPIRED EKEYREJECTED EKEYREVOKED EL2HLT EL2NSYNC EL3HLT EL3RST ELIBACC ELIBBAD ELIBEXEC ELIBMAX ELIBSCN ELNRNG ' +
  'EMEDIUMTYPE EMLINK ENAVAIL ENOANO ENOCSI ENOEXEC ENOKEY ENOLCK ENOMEDIUM ENOSR ENOSTR ENOTBLK ENOTNAM ' +
  'ENOTRECOVERABLE EOWNERDEAD EREMCHG EREMOTE ERFKILL ESRMNT ESTRPIPE EUCLEAN EXFULL'
