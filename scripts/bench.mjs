// npm run bench: one comparison of the harness in bench/, which says what its arguments are.
import { setUpOrExit } from './setup.mjs'

await setUpOrExit()
const main = new URL('../dist/bench/main.js', import.meta.url)
process.argv.splice(1, 1, main.pathname)
await import(main.href)
