// What every server of the benches does, whatever it runs on: says where it listens, and ends when its standard input
// is closed. Where it listens is its first argument: a port (0: any) of 127.0.0.1, or the path of a Unix socket.
import process from 'node:process'

export type Endpoint = { path: string } | { port: number }

/** The endpoint that the server was told to listen on. */
export function endpointFromArguments(): Endpoint {
  const text = process.argv[2] ?? '0'
  return text.includes('/') ? { path: text } : { port: Number(text) }
}

/** Whether the server is to send, where its bench has both directions. */
export function isSending(): boolean {
  return process.argv.includes('--sending')
}

/** The number given as `--name N`. */
export function numberArgument(name: string, otherwise: number): number {
  const index = process.argv.indexOf(`--${name}`)
  return index < 0 ? otherwise : Number(process.argv[index + 1])
}

/** Prints the line that the harness waits for, and ties the process to its standard input. */
export function ready(where: string | number): void {
  process.stdin.on('end', () => process.exit(0)).resume()
  process.stdout.write(`ready ${where}\n`)
}
