// Python's `socket` as the other end: one process that does what it is told, line by line, and answers.
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

/** Statements and expressions run in one scope, in their order; bytes come back as base64. */
const LOOP = `
import base64, hashlib, json, os, select, socket, struct, sys, threading, time
def plain(value):
    if isinstance(value, (bytes, bytearray)): return {'bytes': base64.b64encode(value).decode()}
    return repr(value)
scope = globals()
for line in sys.stdin:
    code = json.loads(line)
    try:
        try: program = compile(code, '<test>', 'eval')
        except SyntaxError: program = None
        if program is not None: answer = {'value': eval(program, scope)}
        else:
            exec(compile(code, '<test>', 'exec'), scope)
            answer = {'value': None}
        text = json.dumps(answer, default=plain)
    except BaseException as error:
        text = json.dumps({'error': type(error).__name__, 'message': str(error)})
    print(text, flush=True)
`

type Answer = { value: unknown } | { error: string; message: string }

interface Waiter {
  resolve(value: unknown): void
  reject(error: Error): void
}

/** What Python raised: `name` is the exception's class. */
export class PythonError extends Error {
  constructor(name: string, message: string, code: string) {
    super(`${name}: ${message} in Python's ${code}`)
    this.name = name
  }
}

export class PythonPeer {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #waiters: Waiter[] = []

  /** @param descriptors what it has as its descriptors 3, 4 and so on */
  constructor(descriptors: readonly number[] = []) {
    const stdio = ['pipe', 'pipe', 'inherit', ...descriptors] as unknown as ['pipe', 'pipe', 'inherit']
    this.#child = spawn('python3', ['-u', '-c', LOOP], { stdio })
    createInterface(this.#child.stdout).on('line', (line) => this.#answered(line))
    this.#child.on('close', () => {
      for (const waiter of this.#waiters.splice(0)) waiter.reject(new Error('Python has ended'))
    })
    this.#child.stdin.on('error', () => {}) // it was ended while it was being told something
  }

  get pid(): number {
    return this.#child.pid!
  }

  /** Runs statements, or answers with an expression's value: JSON, with `Uint8Array` for bytes. Rejects with `PythonError`. */
  async ask<Value = unknown>(code: string): Promise<Value> {
    try {
      const value = await new Promise((resolve, reject) => {
        this.#waiters.push({ resolve, reject })
        this.#child.stdin.write(`${JSON.stringify(code)}\n`)
      })
      return value as Value
    } catch (error) {
      const { name, message } = error as Error
      throw new PythonError(name, message, code)
    }
  }

  /** Receives `length` bytes from a socket that it has under a name, or fewer at the end. */
  receive(name: string, length: number): Promise<Uint8Array> {
    return this.ask(`${name}.recv(${length}, socket.MSG_WAITALL)`)
  }

  #answered(line: string): void {
    const answer = JSON.parse(line, reviveBytes) as Answer
    const waiter = this.#waiters.shift()
    if ('value' in answer) waiter?.resolve(answer.value)
    else waiter?.reject(Object.assign(new Error(answer.message), { name: answer.error }))
  }

  /** Ends the process, whatever it is waiting for. */
  async end(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const closed = once(this.#child, 'close')
      this.#child.kill('SIGKILL')
      await closed
    }
  }
}

function reviveBytes(_key: string, value: unknown): unknown {
  const isBytes = typeof value === 'object' && value !== null && 'bytes' in value && typeof value.bytes === 'string'
  return isBytes ? new Uint8Array(Buffer.from(value.bytes as string, 'base64')) : value
}
