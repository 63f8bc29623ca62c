// npm run format: rewrites the files that oxfmt would write otherwise. Arguments are files; without any, all of them.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './files.mjs'
import { setUpOrExit } from './setup.mjs'

await setUpOrExit({ only: ['install'] })
const oxfmt = join(root, 'node_modules', '.bin', 'oxfmt')
process.exitCode = spawnSync(oxfmt, process.argv.slice(2), { cwd: root, stdio: 'inherit' }).status ?? 1
