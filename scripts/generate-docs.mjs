// node scripts/generate-docs.mjs: writes docs/reference/options.md from the tables of src/socket/options/. The names,
// levels, directions, versions and manuals are those of the compiled tables; types and sentences are those of their
// sources, where the comment above an option, or in a type, is its documentation. With --check it writes nothing and fails if the page would change;
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
  { level: 'SOL_UDP', title: 'UDP' },
  { level: 'SOL_MPTCP', title: 'Multipath TCP' },
  { level: 'AF_VSOCK', title: 'Virtual machines' },
  { level: 'SOL_PACKET', title: 'Packet sockets' },
  { level: 'SOL_NETLINK', title: 'Netlink' },
  { level: 'SOL_RAW', title: 'Raw IPv4 sockets' },
  { level: 'SOL_ICMPV6', title: 'ICMPv6 sockets' },
]
// The names of src/option-constants.ts, by what they begin with, in the order of the page.
const CONSTANTS = [
  ['levels', /^SOL_/],
  ['IP_MTU_DISCOVER', /^IP_PMTUDISC_/],
  ['IPV6_MTU_DISCOVER', /^IPV6_PMTUDISC_/],
  ['IPV6_ADDR_PREFERENCES', /^IPV6_PREFER_SRC_/],
  ['SO_BUF_LOCK', /^SOCK_/],
  ['SO_TIMESTAMPING, PACKET_TIMESTAMP', /^SOF_TIMESTAMPING_/],
  ['SO_TXTIME', /^(?:SOF_TXTIME|CLOCK)_/],
  ['UDP_ENCAP', /^UDP_ENCAP_/],
  ['PACKET_ADD_MEMBERSHIP', /^PACKET_MR_/],
  ['PACKET_FANOUT', /^PACKET_FANOUT_/],
  ['PACKET_VERSION', /^TPACKET_/],
  ['protocols of AF_NETLINK', /^NETLINK_/],
  ['instructions of filters', /^(?:BPF|SKF)_/],
  ['requests of ioctl(2)', /^(?:SIOC|FIONREAD)/],
]
const TYPES = /^export (?:type )?\{([^}]*)\} from '\.\/([\w-]+\.ts)'$/gm
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
the wrong type is a \`TypeError\`, and so is setting an option that can only be read; a number outside its range is a
\`RangeError\`. An accepted connection has most of
its options from its listener: set there what is to hold for all.

An option is an object of the type \`Option<Value, Settable>\`: what \`get\` gives, and what \`set\` takes, which is the
same where nothing else is said. How its value is spelled in bytes is its \`Codec\`. Another of the kernel's options can
be written as such an object and given to \`get\` and \`set\`, or reached in raw bytes by
[\`getsockopt\` and \`setsockopt\`](descriptor.md#raw-options). \`getOption\` and \`setOption\` are what the methods call;
they are for code inside the library, which holds the addon.

Options for sockets that this library does not own, and whether this system has an option at all, are on the page of
[descriptors](descriptor.md). Left out are the options that share memory with the kernel (TCP_ZEROCOPY_RECEIVE,
PACKET_RX_RING, MPTCP_FULL_INFO), those of TCP-AO, and IPV6_HOPLIMIT, which is ancillary data and no option of a socket.

The version of Linux is the one that brought the option. Where the manual is not that of the whole table, it is named.
`

function inOneLine(comment) {
  return comment.replace(/\s*\n\s*\*?\s*/g, ' ').trim()
}

/** Each option of the tables with its type, its comment in one line, and the option itself. */
function optionsOf(tables) {
  return readdirSync(join(root, TABLES))
    .filter((name) => name.endsWith('-level.ts'))
    .toSorted()
    .flatMap((name) => Array.from(readFileSync(join(root, TABLES, name), 'utf8').matchAll(OPTION)))
    .map(([, comment, name, type]) => {
      return { name, type, meaning: inOneLine(comment), option: tables[name] }
    })
}

const DIRECTIONS = { both: 'read, set', get: 'read', set: 'set' }

/** What is read and what is set, where they differ; the side that there is, where there is one. */
function typeCell(type) {
  const [value, settable = value] = type.split(/, (?![^<]*>)/)
  if (value === settable || settable === 'never') return `\`${value}\``
  if (value === 'never') return settable === 'undefined' ? 'none' : `\`${settable}\``
  return `\`${value}\`; set: \`${settable}\``
}

function row({ name, type, meaning, option }, man) {
  const text = option.man === man ? meaning : `${meaning} ${option.man}`
  const cells = [`\`${name}\``, typeCell(type), DIRECTIONS[option.direction], option.since, text]
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
    const rows = options
      .filter(({ option }) => option.level === constants[level])
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    return { level, title, rows }
  }).filter(({ rows }) => rows.length > 0)
  const placed = sections.flatMap(({ rows }) => rows)
  const lost = options.filter((option) => !placed.includes(option)).map(({ name }) => name)
  if (lost.length > 0) throw new Error(`LEVELS in scripts/generate-docs.mjs lacks the level of ${lost.join(', ')}`)
  const texts = sections.map(({ level, title, rows }) => {
    const man = mostFrequent(rows.map(({ option }) => option.man))
    const columns = '| option | value | | Linux | meaning |\n| --- | --- | --- | --- | --- |\n'
    const head = `## ${title}\n\nLevel \`${level}\`; ${man}.\n\n${columns}`
    return `${head}${rows.map((each) => row(each, man)).join('\n')}\n`
  })
  return [INTRODUCTION, ...texts, typesSection(), await constantsSection(load)].join('\n')
}

function mostFrequent(values) {
  const times = (value) => values.filter((each) => each === value).length
  return values.toSorted((a, b) => times(b) - times(a))[0]
}

/** The types of values that are objects, as their sources have them. */
function typesSection() {
  const listed = [...readFileSync(join(root, TABLES, 'index.ts'), 'utf8').matchAll(TYPES)].flatMap(([, names, file]) =>
    names
      .split(',')
      .map((name) => ({ name: name.replace(/\btype\b/, '').trim(), file }))
      .filter(({ name }) => name !== '' && file !== 'option.ts'),
  )
  const parts = listed.map(({ name, file }) => {
    const text = readFileSync(join(root, TABLES, file), 'utf8')
    const found = new RegExp(
      `/\\*\\*((?:[^*]|\\*(?!/))*)\\*/\nexport interface ${name}\\b(?: extends (\\w+))?[^{]*\\{\n(.*?)^\\}`,
      'ms',
    ).exec(text)
    if (found === null) throw new Error(`no comment is above ${name} in ${TABLES}/${file}`)
    const [, comment, base, body] = found
    const inherited = base === undefined ? '' : `// and those of ${base}\n`
    return `### \`${name}\`\n\n${inOneLine(comment)}\n\n\`\`\`typescript\n${inherited}${body.replaceAll(/^ {2}(?:readonly )?/gm, '')}\`\`\`\n`
  })
  return `## Types of values\n\n${parts.join('\n')}`
}

async function constantsSection(load) {
  const names = Object.keys(await load(['option-constants.js'])).toSorted()
  const rows = CONSTANTS.map(([what, pattern]) => {
    const those = names.filter((name) => pattern.test(name)).map((name) => `\`${name}\``)
    return `| ${/^[A-Z]/.test(what) ? what.replaceAll(/\w+/g, '`$&`') : what} | ${those.join(', ')} |`
  })
  const lost = names.filter((name) => !CONSTANTS.some(([, pattern]) => pattern.test(name)))
  if (lost.length > 0) throw new Error(`CONSTANTS in scripts/generate-docs.mjs lacks a place for ${lost.join(', ')}`)
  return `## Constants\n\nNumbers with the kernel's names, for the values above.\n\n| for | |\n| --- | --- |\n${rows.join('\n')}\n`
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
