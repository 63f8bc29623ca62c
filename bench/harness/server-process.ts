// A server under measurement: started, waited for until it says "ready WHERE", ended by closing its standard input.
import type { ChildProcess } from 'node:child_process'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { collect, type Command, startPinned } from './children.ts'

const READY_MILLISECONDS = 10_000
const END_MILLISECONDS = 2000

export class ServerProcess {
  /** The port or path that it listens on. */
  readonly where: string
  readonly pid: number
  readonly #child: ChildProcess
  readonly #folder: string | undefined

  private constructor(child: ChildProcess, where: string, folder: string | undefined) {
    this.#child = child
    this.#folder = folder
    this.where = where
    this.pid = child.pid ?? 0
  }

  /**
   * Starts it on a core, told to listen on a port of its choice, or for `unix` on a path in a folder of its own. Throws
   * what the server said on standard error when it ends, or stays silent for ten seconds, before it is ready.
   */
  static async start(core: number, command: (where: string) => Command, unix = false): Promise<ServerProcess> {
    const folder = unix ? await makeFolder() : undefined
    const child = startPinned(core, command(folder === undefined ? '0' : join(folder, 'socket')))
    try {
      return new ServerProcess(child, await readyLine(child), folder)
    } catch (error) {
      child.kill('SIGKILL')
      removeFolder(folder)
      throw error
    }
  }

  /** Closes its standard input and waits until it has ended; after two seconds it is killed. */
  async stop(): Promise<void> {
    const late = setTimeout(() => this.#child.kill('SIGKILL'), END_MILLISECONDS)
    this.#child.stdin?.end()
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      await new Promise((resolve) => this.#child.once('exit', resolve))
    }
    clearTimeout(late)
    removeFolder(this.#folder)
  }
}

function readyLine(child: ChildProcess): Promise<string> {
  const output = collect(child, 'stdout')
  const complaint = collect(child, 'stderr')
  return new Promise((resolve, reject) => {
    const failed = (how: string): void => reject(new Error(complaint.text.trim() || how))
    const late = setTimeout(() => failed('the server was not ready in time'), READY_MILLISECONDS)
    child.stdout?.on('data', () => {
      const ready = /^ready (.+)\n/m.exec(output.text)
      if (ready?.[1] === undefined) return
      clearTimeout(late)
      resolve(ready[1])
    })
    child.stdin?.on('error', () => {}) // it may end before it is told to
    child.once('error', reject)
    child.once('close', () => {
      clearTimeout(late)
      failed('the server ended before it was ready')
    })
  })
}

const folders = new Set<string>()
process.once('exit', () => {
  for (const folder of folders) removeFolder(folder)
})

/** A folder of its own for a socket, removed when the harness ends if not before. */
async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'))
  folders.add(folder)
  return folder
}

function removeFolder(folder: string | undefined): void {
  if (folder === undefined) return
  rmSync(folder, { recursive: true, force: true })
  folders.delete(folder)
}
