#!/usr/bin/env node
/** The command `berkeley`. */
import { readFileSync } from 'node:fs'
import { type Command, UsageError } from './command.ts'
import { hubCommand } from './hub-command.ts'

const COMMANDS: readonly Command[] = [hubCommand]

const HELP = `Usage: berkeley COMMAND [OPTION]...

${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(12)}${summary}`).join('\n')}

  --help      this text, or with a command its own
  --version   the version

Exit codes: 0 done, 1 something failed and a sentence said what, 2 the command was not understood.
`

function version(): string {
  const file = new URL('../../../package.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

async function run([name, ...args]: readonly string[]): Promise<number> {
  if (name === '--version') process.stdout.write(`berkeley ${version()}\n`)
  else if (name === '--help' || name === '-h') process.stdout.write(HELP)
  else {
    const command = COMMANDS.find((known) => known.name === name)
    if (command === undefined) {
      throw new UsageError(name === undefined ? 'no command is given' : `there is no command "${name}"`)
    }
    if (args.includes('--help') || args.includes('-h')) process.stdout.write(command.help)
    else return await command.run(args)
  }
  return 0
}

try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof Error)) throw error
  const isUsage = error instanceof UsageError
  process.stderr.write(`berkeley: ${error.message}${isUsage ? '; see berkeley --help' : ''}\n`)
  process.exitCode = isUsage ? 2 : 1
}
