/** Shows how a hub does, once a second: a table that is drawn in place, or lines of JSON. */
import type { ClientKind } from '../hub/index.ts'
import type { HubMeter, HubReading } from './hub-meter.ts'

const PERIOD_MS = 1000
const HIDE_CURSOR = '\u001b[?25l'
const SHOW_CURSOR = '\u001b[?25h'
/** Up by `lines` to the first column, and clear from there on. */
const backTo = (lines: number): string => (lines === 0 ? '' : `\u001b[${lines}A`) + '\r\u001b[J'
const NAMES: Readonly<Record<ClientKind, string>> = {
  tcp: 'TCP',
  udp: 'UDP',
  unix: 'Unix',
  'unix-dgram': 'Unix datagram',
}

export interface Display {
  /** Shows a notice. */
  say(notice: string): void
  /** Ends, and leaves the terminal as it was. */
  stop(): void
}

/** A line of JSON a second on standard output. One that its reader has no room for is left out. */
export function showLines(meter: HubMeter): Display {
  const timer = setInterval(() => {
    if (!process.stdout.writableNeedDrain) process.stdout.write(`${JSON.stringify(asJson(meter.read()))}\n`)
  }, PERIOD_MS)
  return {
    say: (notice) => void process.stderr.write(`berkeley: ${notice}\n`),
    stop: () => clearInterval(timer),
  }
}

function asJson({ clients, rooms, ...rest }: HubReading): object {
  const { 'unix-dgram': unixDatagram, ...others } = clients
  return { event: 'state', clients: { ...others, unixDatagram }, rooms: rooms.size, ...rest }
}

/** A table below what was printed before. */
export function showTable(meter: HubMeter): Display {
  let drawn = 0
  const draw = (): void => {
    // A terminal that does not know its size says 0.
    const columns = process.stdout.columns || 80
    const rows = process.stdout.rows || 24
    const lines = table(meter.read(), meter, process.env['NO_COLOR'] === undefined)
      .slice(0, rows - 1)
      .map((line) => cut(line, columns - 1))
    process.stdout.write(`${backTo(drawn)}${lines.join('\n')}\n`)
    drawn = lines.length
  }
  // After a resize the lines above may have been wrapped: a new table begins below.
  const resized = (): void => {
    drawn = 0
    draw()
  }
  const restore = (): void => void process.stdout.write(SHOW_CURSOR)
  process.stdout.write(`${HIDE_CURSOR}\n`)
  process.on('exit', restore)
  process.stdout.on('resize', resized)
  draw()
  const timer = setInterval(draw, PERIOD_MS)
  return {
    say(notice) {
      process.stdout.write(`${backTo(drawn)}${notice}\n`)
      drawn = 0
      draw()
    },
    stop() {
      clearInterval(timer)
      process.stdout.off('resize', resized)
      process.off('exit', restore)
      restore()
    },
  }
}

function table(reading: HubReading, { hub }: HubMeter, isStyled: boolean): string[] {
  const head = (text: string): string => (isStyled ? `\u001b[1m${text}\u001b[0m` : text)
  const kinds = [...new Set(hub.listeners.map(({ kind }) => kind))]
  const rooms = [...reading.rooms].sort(([, a], [, b]) => b - a)
  return [
    head('kind           clients  listens on'),
    ...kinds.map((kind) => {
      const places = hub.listeners.filter((listener) => listener.kind === kind).map(({ address }) => String(address))
      return `${NAMES[kind].padEnd(15)}${String(reading.clients[kind]).padStart(7)}  ${places.join('  ')}`
    }),
    '',
    `${head('messages')}   ${reading.messages}, ${reading.messagesPerSecond}/s`,
    `${head('bytes')}      in ${size(reading.receivedBytesPerSecond)}/s, out ${size(reading.sentBytesPerSecond)}/s`,
    `${head('drops')}      ${reading.slowReaders} slow readers, ${reading.refusedLines} lines, ${reading.lostDatagrams} datagrams`,
    `${head('loop')}       at most ${reading.loopDelayMs} ms late`,
    `${head('rooms')}      ${rooms.map(([room, members]) => `${room} ${members}`).join(', ') || 'nobody is here'}`,
  ]
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 1e6) return `${(bytes / 1000).toFixed(1)} kB`
  return `${(bytes / 1e6).toFixed(1)} MB`
}

/** Cuts a line to a number of columns; styles take none. */
function cut(line: string, columns: number): string {
  let shown = 0
  let isEscape = false
  for (let at = 0; at < line.length; at++) {
    if (line[at] === '\u001b') isEscape = true
    else if (isEscape) isEscape = line[at] !== 'm'
    else if (++shown > columns) return `${line.slice(0, at)}\u001b[0m`
  }
  return line
}
