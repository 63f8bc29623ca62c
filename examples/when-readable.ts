// A system call that the library does not have, made to wait: read(2) on a pipe, through node:fs. It ends by itself.
//
//   node dist/examples/when-readable.js
import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { whenReadable } from 'berkeley'

const folder = mkdtempSync(join(tmpdir(), 'when-readable-'))
execFileSync('mkfifo', [join(folder, 'pipe')])
const reader = openSync(join(folder, 'pipe'), constants.O_RDONLY | constants.O_NONBLOCK)
const writer = openSync(join(folder, 'pipe'), constants.O_WRONLY | constants.O_NONBLOCK)
rmSync(folder, { recursive: true })

const buffer = new Uint8Array(100)
let length = 0

/** Tries to read; false when nothing is there yet. */
function tryRead(fd: number): boolean {
  try {
    length = readSync(fd, buffer)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return false
    throw error
  }
}

setTimeout(() => writeSync(writer, 'through the pipe'), 20)
await whenReadable(reader, tryRead, { timeout: 5000 })
console.log(new TextDecoder().decode(buffer.subarray(0, length)))

closeSync(writer)
await whenReadable(reader) // the end can be read, too
console.log(readSync(reader, buffer), 'bytes: the end')
closeSync(reader)
