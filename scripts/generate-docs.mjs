// node scripts/generate-docs.mjs: writes docs/reference/options.md from the tables of src/socket/options/. The names,
// levels and directions are those of the compiled tables; types and sentences are those of their sources, where the
// comment above an option is its documentation. With --check it writes nothing and fails if the page would change;
// then it compiles nothing, and looks at dist/ as it is.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { replaceFile, root } from './files.mjs'
import { setUpOrExit } from './setup.mjs'

const PAGE = 'docs/reference/options.md'
const TABLES = 'src/socket/options'
// In the order of the page.
const LEVELS = [
  { level: 'SOL_SOCKET', title: 'Every socket' },
  { level: 'IPPROTO_IP', title: 'IPv4' },
  { level: 'IPPROTO_IPV6', title: 'IPv6' },
  { level: 'IPPROTO_TCP', title: 'TCP' },
  { level: 'IPPROTO_UDP', title: 'UDP' },
]
const OPTION = /^\/\*\*((?:[^*]|\*(?!\/))*)\*\/\nexport const (\w+): Option<(.+)> =/gm

const INTRODUCTION = `<!-- Written by scripts/generate-docs.mjs from ${TABLES}/: do not edit. -->

# Options

An option is a value with the kernel's name. \`socket.get(option)\` reads it, \`socket.set(option, value)\` sets it; the
option says which type the value has. Both are there on a [\`Socket\`](socket.md), a [\`Connection\`](connection.md) and
a [\`DatagramChannel\`](datagram-channel.md).

\`\`\`ts
import { AF_INET, SO_RCVBUF, SOCK_STREAM, Socket, TCP_NODELAY } from 'berkeley'

const socket = new Socket(AF_INET, SOCK_STREAM)
socket.set(TCP_NODELAY, true)
console.log(socket.get(TCP_NODELAY)) // prints: true
socket.set(SO_RCVBUF, 100_000)
console.log(socket.get(SO_RCVBUF)) // prints: 200000
socket.close()
\`\`\`

What the kernel refuses is a \`SocketError\` whose \`syscall\` names the option (\`setsockopt TCP_NODELAY\`). A value of
the wrong type is a \`TypeError\`, and so is setting an option that can only be read. An accepted connection has most of
its options from its listener: set there what is to hold for all.

An option is an object of the type \`Option<Value>\`; how its value is spelled in bytes is its \`Codec\`. Another of the
kernel's options can be written as such an object and given to \`get\` and \`set\`. \`getOption\` and \`setOption\` are
what the methods call; they are for code inside the library, which holds the addon.
`

/** Each option of the tables with its type, its comment in one line, and the option itself. */
function optionsOf(tables) {
  return readdirSync(join(root, TABLES))
    .filter((name) => name.endsWith('-level.ts'))
    .toSorted()
    .flatMap((name) => Array.from(readFileSync(join(root, TABLES, name), 'utf8').matchAll(OPTION)))
    .map(([, comment, name, type]) => {
      return { name, type, meaning: comment.replace(/\s*\n\s*\*?\s*/g, ' ').trim(), option: tables[name] }
    })
}

const DIRECTIONS = { both: 'read, set', get: 'read', set: 'set' }

function row({ name, type, meaning, option }) {
  const cells = [`\`${name}\``, `\`${type}\``, DIRECTIONS[option.direction], meaning]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

async function optionsPage() {
  const load = (path) => import(pathToFileURL(join(root, 'dist', 'src', ...path)).href)
  const [tables, constants] = await Promise.all([
    load(['socket', 'options', 'index.js']),
    load(['sys', 'constants.js']),
  ])
  const options = optionsOf(tables)
  const exported = Object.keys(tables).filter((name) => tables[name].codec !== undefined)
  const silent = exported.filter((name) => !options.some((found) => found.name === name))
  if (silent.length > 0) throw new Error(`no comment, or no type, is above ${silent.join(', ')} in ${TABLES}/`)
  const sections = LEVELS.map(({ level, title }) => {
    const rows = options.filter(({ option }) => option.level === constants[level])
    return { level, title, rows }
  }).filter(({ rows }) => rows.length > 0)
  const placed = sections.flatMap(({ rows }) => rows)
  const lost = options.filter((option) => !placed.includes(option)).map(({ name }) => name)
  if (lost.length > 0) throw new Error(`LEVELS in scripts/generate-docs.mjs lacks the level of ${lost.join(', ')}`)
  const texts = sections.map(({ level, title, rows }) => {
    const manuals = [...new Set(rows.map(({ option }) => option.man))].join(', ')
    const head = `## ${title}\n\nLevel \`${level}\`; ${manuals}.\n\n| option | value | | meaning |\n| --- | --- | --- | --- |\n`
    return `${head}${rows.map(row).join('\n')}\n`
  })
  return [INTRODUCTION, ...texts].join('\n')
}

const isCheck = process.argv.includes('--check')
if (!isCheck) await setUpOrExit()
const page = await optionsPage()
if (!isCheck) {
  if (replaceFile(join(root, PAGE), page)) console.log(`wrote ${PAGE}`)
} else if (readFileSync(join(root, PAGE), 'utf8') !== page) {
  console.error(`${PAGE} is not what \`node scripts/generate-docs.mjs\` writes.`)
  process.exitCode = 1
}
