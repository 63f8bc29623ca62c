// The harness's child processes: each pinned to a core, each ended when the harness ends, whatever ends it.
import { type ChildProcess, spawn } from 'node:child_process'
import { builtProgram } from './paths.ts'

/** A program and its arguments; `environment` is added to the harness's own. */
export interface Command {
  readonly program: string
  readonly arguments: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

const running = new Set<ChildProcess>()

/** Ends every child that is still there, by its process id. */
export function endChildren(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** To be called once: from then on an interrupt ends the children and then the harness, as an interrupt does. */
export function endChildrenWithHarness(): void {
  process.on('exit', endChildren)
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const) {
    process.on(signal, () => process.exit(128 + number))
  }
}

/** The number of a core, or whichever the scheduler chooses. */
export type Core = number | 'any'

/** Starts a program on one core, its standard input, output and error being pipes. */
export function startPinned(core: Core, command: Command): ChildProcess {
  const child = spawn(builtProgram('pin'), [String(core), command.program, ...command.arguments], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...command.environment },
  })
  running.add(child)
  child.once('close', () => running.delete(child))
  return child
}

/** Gathers what a stream of a child says, up to 4 KiB from its beginning: a reason fits. */
export function collect(child: ChildProcess, stream: 'stdout' | 'stderr'): { readonly text: string } {
  const collected = { text: '' }
  child[stream]?.setEncoding('utf8').on('data', (part: string) => {
    if (collected.text.length < 4096) collected.text += part
  })
  return collected
}

/** Runs a program on one core to its end and gives what it printed; throws what it said when it failed. */
export async function runPinned(core: Core, command: Command): Promise<string> {
  const child = startPinned(core, command)
  const output = collect(child, 'stdout')
  const complaint = collect(child, 'stderr')
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(complaint.text.trim() || `${command.program} ended with status ${code}`)
  return output.text
}
