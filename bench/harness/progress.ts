// What a person sees while a comparison runs: one line on standard error, on a terminal only, written between
// windows and never within one. Failures are printed in any case.
import type { RoundsObserver } from './rounds.ts'

export function progress(title: string): RoundsObserver & { done(): void } {
  const terminal = process.stderr.isTTY
  const write = (text: string): void => {
    if (terminal) process.stderr.write(`\r\x1b[K${text}`)
  }
  return {
    step(round, rounds, contender) {
      write(`${title}: round ${round} of ${rounds}, ${contender}`)
    },
    failed(contender, error) {
      write('')
      process.stderr.write(`${title}: ${contender} takes no part: ${error.message}\n`)
    },
    done() {
      write('')
    },
  }
}
