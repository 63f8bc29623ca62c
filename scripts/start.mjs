// npm start: the hub, in this very process, so that the terminal and its signals are the hub's own.
import { setUpOrExit } from './setup.mjs'

await setUpOrExit()
const main = new URL('../dist/src/cli/main.js', import.meta.url)
process.argv.splice(1, 1, main.pathname, 'hub')
await import(main.href)
