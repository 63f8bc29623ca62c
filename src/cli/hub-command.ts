/** `berkeley hub`: opens the places, runs the hub, shows how it does, and ends it in good order. */
import { Hub } from '../hub/index.ts'
import type { Command } from './command.ts'
import { type HubOptions, parseHubOptions } from './hub-options.ts'
import { DEFAULT_PORT, openHubSockets } from './hub-places.ts'
import { HubMeter } from './hub-meter.ts'
import { placesAsJson, waysToReach } from './hub-ways.ts'
import { showLines, showTable } from './hub-display.ts'

const HELP = `Usage: berkeley hub [OPTION]...

A hub in which people on TCP, UDP and Unix sockets talk to each other, with nc or any other program. A line is a
message to everybody in the room; /help tells the commands.

  --port N      TCP and UDP port; 0 is any that is free (default: ${DEFAULT_PORT}, or the next that is free)
  --host ADDR   an IPv4 or IPv6 address to listen on; may be given more than once (default: 127.0.0.1 and ::1,
                which only this machine reaches; 0.0.0.0 and :: are all)
  --unix PATH   path of the Unix stream socket; the datagram socket's has "-datagram" behind it
  --json        one line of JSON a second, on a terminal too
  --help        this text

On a terminal a table tells how it does; otherwise standard output gets a line of JSON a second, and standard error
how to reach the hub. Ctrl-C says goodbye to everybody and ends; a second one ends at once.

Examples:
  berkeley hub
  berkeley hub --port 9000 --host 0.0.0.0 --host ::
  nc 127.0.0.1 7000
  nc -u 127.0.0.1 7000
`

export const hubCommand: Command = {
  name: 'hub',
  summary: 'a hub in which people on different kinds of sockets talk to each other',
  help: HELP,
  run: (args) => {
    const options = parseHubOptions(args)
    return new Promise((resolve, reject) => runHub(options, resolve, reject))
  },
}

/** Calls `resolve` with the exit code when Ctrl-C or SIGTERM has ended the hub, or nobody reads its output any more. */
function runHub(options: HubOptions, resolve: (code: number) => void, reject: (error: unknown) => void): void {
  const isTable = process.stdout.isTTY && !options.isJson
  let isStopping = false
  const stop = (): void => {
    if (isStopping) return hub.abort()
    isStopping = true
    display.stop()
    meter.stop()
    hub.finish().then(() => resolve(0), reject)
  }
  // Before anything is opened, so that no signal leaves a socket file behind; it is delivered when all this has run.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
  process.stdout.once('error', () => {
    if (!isStopping) stop()
  })
  const sockets = openHubSockets(options, (notice) => void process.stderr.write(`berkeley: ${notice}\n`))
  const hub = new Hub(sockets, (error) => display.say(error instanceof Error ? error.message : String(error)))
  const output = isTable ? process.stdout : process.stderr
  output.write(`${waysToReach(hub).join('\n')}\n`)
  if (!isTable) process.stdout.write(`${JSON.stringify(placesAsJson(hub))}\n`)
  const meter = new HubMeter(hub)
  const display = isTable ? showTable(meter) : showLines(meter)
}
