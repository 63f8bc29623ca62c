import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { checkoutPath } from '../support/checkout.ts'

test('docs/reference/options.md is what scripts/generate-docs.mjs writes', () => {
  execFileSync(process.execPath, [checkoutPath('scripts', 'generate-docs.mjs'), '--check'], { stdio: 'pipe' })
})
