// Contenders that are a server process and the load program that all of them are measured with.
import { type Command, runPinned } from './children.ts'
import type { Contender, Sample, Window } from './contender.ts'
import { chooseCores, type Cores } from './cores.ts'
import { builtProgram } from './paths.ts'
import { type Runtime, runtimeCommand } from './runtimes.ts'
import { ServerProcess } from './server-process.ts'

/** What a load program prints (bench/c/window.c); the last two only where they have a sense. */
export interface LoadReport {
  readonly operations: number
  readonly seconds: number
  readonly cpu_seconds: number
  readonly resident_bytes: number
  readonly p50_us?: number
  readonly p99_us?: number
  readonly lost?: number
  readonly grown_bytes?: number
}

export interface ServedBench {
  /** Contenders' names, each with the command that serves; one whose command is undefined isn't there. */
  readonly servers: Readonly<Record<string, ((where: string) => Command) | undefined>>
  /** The load program and its options, but for the endpoint, the server's process id and the window. */
  readonly load: readonly [program: string, ...options: string[]]
  /** Whether it is served over a Unix stream. */
  readonly unix?: boolean
  /** The rate, in the bench's unit. */
  rate(report: LoadReport): number
  /** Further numbers for the JSON line. */
  more?(report: LoadReport): Record<string, number>
}

/** A server written for a runtime: bench/servers/NAME.ts, given where to listen and `options`. */
export function scriptServer(
  runtime: Runtime,
  name: string,
  options: readonly string[] = [],
): ((where: string) => Command) | undefined {
  if (runtimeCommand(runtime, name, []) === undefined) return undefined
  return (where) => {
    const command = runtimeCommand(runtime, name, [where, ...options])
    if (command === undefined) throw new Error(`${runtime} has gone`)
    return command
  }
}

/** A limit server: bench/c/NAME.c. */
export function limitServer(name: string, options: readonly string[] = []): (where: string) => Command {
  return (where) => ({ program: builtProgram(name), arguments: [where, ...options] })
}

export function servedContenders(bench: ServedBench): Contender[] {
  const cores = chooseCores()
  return Object.entries(bench.servers).flatMap(([name, command]) =>
    command === undefined ? [] : [new ServedContender(cores, bench, name, command)],
  )
}

class ServedContender implements Contender {
  readonly name: string
  readonly #cores: Cores
  readonly #bench: ServedBench
  readonly #command: (where: string) => Command
  #server: ServerProcess | undefined

  constructor(cores: Cores, bench: ServedBench, name: string, command: (where: string) => Command) {
    this.#cores = cores
    this.#bench = bench
    this.#command = command
    this.name = name
  }

  async start(): Promise<void> {
    this.#server = await ServerProcess.start(this.#cores.server, this.#command, this.#bench.unix)
  }

  async measure(window: Window): Promise<Sample> {
    const server = this.#server
    if (server === undefined) throw new Error('the server is not running')
    const [program, ...options] = this.#bench.load
    const windowed = ['--warm-up', String(window.warmUp), '--seconds', String(window.seconds)]
    const args = [server.where, '--server', String(server.pid), ...options, ...windowed]
    const output = await runPinned(this.#cores.load, { program: builtProgram(program), arguments: args })
    const report = JSON.parse(output) as LoadReport
    if (report.operations === 0) throw new Error('the server completed nothing')
    return {
      rate: this.#bench.rate(report),
      cpuMicroseconds: (report.cpu_seconds * 1e6) / report.operations,
      residentMegabytes: report.resident_bytes / 2 ** 20,
      busy: report.cpu_seconds / report.seconds,
      more: this.#bench.more?.(report) ?? {},
    }
  }

  async stop(): Promise<void> {
    await this.#server?.stop()
    this.#server = undefined
  }
}
