// The options of `berkeley hub`: what they mean, and the sentence for each that is not understood.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UsageError } from '../../src/cli/command.ts'
import { parseHubOptions } from '../../src/cli/hub-options.ts'

test('without options nothing is given', () => {
  assert.deepEqual(parseHubOptions([]), { port: undefined, hosts: undefined, unixPath: undefined, isJson: false })
})

test('each option is read, and --host may be given several times', () => {
  const args = ['--port', '0', '--host', '127.0.0.1', '--host=fe80::1%lo', '--unix=/run/hub', '--json']
  assert.deepEqual(parseHubOptions(args), {
    port: 0,
    hosts: ['127.0.0.1', 'fe80::1%lo'],
    unixPath: '/run/hub',
    isJson: true,
  })
})

const MISTAKES: readonly (readonly [string[], RegExp])[] = [
  [['--port', '65536'], /--port needs a number from 0 to 65535, and got "65536"/],
  [['--port', '-1'], /--port/],
  [['--port=-1'], /got "-1"/],
  [['--port', '7e3'], /got "7e3"/],
  [['--port', ' 80'], /got " 80"/],
  [['--port='], /got ""/],
  [['--port'], /--port/],
  [['--host', 'localhost'], /--host needs an IPv4 or IPv6 address, and got "localhost"/],
  [['--host', '127.1'], /got "127.1"/],
  [['--host', '[::1]'], /got "\[::1\]"/],
  [['--host='], /got ""/],
  [['--unix='], /--unix needs a path/],
  [['--json=yes'], /--json/],
  [['--no-such'], /--no-such/],
  [['somewhere'], /somewhere/],
]

for (const [args, sentence] of MISTAKES) {
  test(`${args.join(' ')} is a mistake, told in a sentence`, () => {
    assert.throws(
      () => parseHubOptions(args),
      (error) => error instanceof UsageError && sentence.test(error.message) && !error.message.endsWith('.'),
    )
  })
}
