// Python as a peer that answers questions: one process, a line of JSON in for each question, a line of JSON out.
import { execFileSync } from 'node:child_process'

/**
 * The answers of a Python function `answer(question)`, one for each question.
 * @param program Python that defines `answer`; what it returns must be JSON, and an exception is an error of the test
 */
export function askPython<Answer>(program: string, questions: readonly unknown[]): Answer[] {
  const loop = `${program}
import json, sys
for line in sys.stdin: print(json.dumps(answer(json.loads(line))))`
  const input = questions.map((question) => JSON.stringify(question)).join('\n')
  const output = execFileSync('python3', ['-c', loop], { input, encoding: 'utf8', maxBuffer: 1 << 28 })
  return output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer)
}
