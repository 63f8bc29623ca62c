/** What a command of the command line is. */
export interface Command {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  readonly help: string
  /** Resolves to the exit code. Throws `UsageError`, or an error whose message is a sentence for the user. */
  run(args: readonly string[]): Promise<number>
}

/** The command line was not understood. */
export class UsageError extends Error {}
