/**
 * Addresses with their ports as people write them, read strictly: no guess, and a sentence for each way to be wrong.
 *
 * Read: `1.2.3.4:80`, `[::1]:80`, `[fe80::1%eth0]:80`, `/path`, `./path`, `../path`, `unix:path`, `unix:` (unnamed),
 * `@name`, `abstract:name`. Names and paths may hold `\xNN` for a byte. Host names are refused, because to resolve
 * one takes time and gives several answers. Node's `SocketAddress.parse` goes through a URL and so loses port 80.
 */

import { type ArgumentError, argumentRangeError, argumentTypeError, argumentValueError } from './argument-error.ts'
import { escape, quote } from './describe.ts'
import { inet, type InetAddress } from './inet-address.ts'
import { parseInetText } from './inet-text.ts'
import { inet6, type Inet6Address } from './inet6-address.ts'
import { parseInet6Text } from './inet6-text.ts'
import { abstract, unix, type UnixAddress, unnamed } from './unix-address.ts'
import { parseUnixName } from './unix-name.ts'
import { hasLoneSurrogate } from './utf8.ts'

const FORMS = 'write ADDRESS:PORT, [IPV6-ADDRESS]:PORT, a path with a slash, or @NAME'

/**
 * Reads an endpoint. `parseEndpoint(formatEndpoint(address))` equals every address that inet(), inet6(), unix(),
 * abstract() and unnamed() make, but for IPv6's `flowInfo`, which has no text.
 * @throws TypeError when the text is no endpoint, RangeError when its port is over 65535 or its name too long
 */
export function parseEndpoint(endpoint: string): InetAddress | Inet6Address | UnixAddress {
  if (typeof endpoint !== 'string') throw argumentTypeError('endpoint', 'a string', endpoint)
  if (endpoint === '') throw wrong(endpoint, `it is empty; ${FORMS}`)
  if (hasLoneSurrogate(endpoint)) throw wrong(endpoint, 'it holds half of a surrogate pair, which has no UTF-8')
  if (endpoint.startsWith('@')) return abstract(parseUnixName(endpoint.slice(1)))
  if (endpoint.startsWith('abstract:')) return abstract(parseUnixName(endpoint.slice('abstract:'.length)))
  if (endpoint === 'unix:') return unnamed()
  if (endpoint.startsWith('unix:')) return unix(parseUnixName(endpoint.slice('unix:'.length)))
  if (/^\.{0,2}\//.test(endpoint)) return unix(parseUnixName(endpoint))
  if (endpoint.startsWith('\0')) throw wrong(endpoint, "it starts with a NUL; an abstract name has '@' there")
  if (endpoint.includes('\0')) throw wrong(endpoint, 'it holds a NUL')
  if (/^\s|\s$/u.test(endpoint)) throw wrong(endpoint, 'it starts or ends with a space')
  if (/^[a-z][a-z0-9+.-]*:\/\//iu.test(endpoint)) throw wrong(endpoint, 'it is a URL; leave its scheme and path out')
  return endpoint.startsWith('[') ? parseBracketed(endpoint) : parsePlain(endpoint)
}

/** The text that {@link parseEndpoint} reads back: `toString()`, but `unix:` for an unnamed Unix address. */
export function formatEndpoint(address: InetAddress | Inet6Address | UnixAddress): string {
  return address.toString() || 'unix:'
}

function parseBracketed(text: string): Inet6Address {
  const end = text.indexOf(']')
  if (end < 0) throw wrong(text, "the bracket is not closed; write ']' after the address")
  const host = text.slice(1, end)
  const rest = text.slice(end + 1)
  if (host === '') throw wrong(text, 'the brackets are empty; write [::] for every interface')
  const address = withoutZone(host)
  const isInet = typeof parseInetText(address) !== 'string'
  if (isInet && address !== host) throw wrong(text, 'a zone belongs to IPv6 addresses only')
  if (isInet) throw wrong(text, `an IPv4 address has no brackets; write ${address}${escape(rest) || ':PORT'}`)
  if (address === '') throw wrong(text, 'there is a zone but no address in the brackets')
  const bytes = parseInet6Text(address)
  if (typeof bytes === 'string') throw wrong(text, `${quote(host)} is not an IPv6 address: ${bytes}`)
  if (host.endsWith('%')) throw wrong(text, "the zone after '%' is empty; write the name or number of an interface")
  if (rest === '') throw wrong(text, `the port is missing; write [${escape(host)}]:PORT`)
  if (!rest.startsWith(':')) throw wrong(text, `after ']' comes ${quote(rest)} and not a colon and the port`)
  const port = parsePort(rest.slice(1), text)
  return inet6(host, port)
}

function parsePlain(text: string): InetAddress {
  const colon = text.indexOf(':')
  const host = text.slice(0, Math.max(colon, 0))
  if (typeof parseInetText(host) === 'string') throw wrong(text, explainPlain(text))
  const rest = text.slice(colon + 1)
  if (rest.includes(':')) throw wrong(text, `after the port comes ${quote(rest.slice(rest.indexOf(':')))}`)
  return inet(host, parsePort(rest, text))
}

function parsePort(digits: string, text: string): number {
  if (digits === '') throw wrong(text, 'the port is missing after the colon')
  if (/^-[0-9]+$/.test(digits)) throw argumentRangeError('endpoint', 'with a port that is not negative', text)
  if (!/^[0-9]+$/.test(digits)) throw wrong(text, `the port ${quote(digits)} is not a number`)
  if (digits.length > 1 && digits.startsWith('0')) throw wrong(text, `the port ${quote(digits)} has a leading zero`)
  const port = Number(digits)
  if (port > 65535) throw argumentRangeError('endpoint', 'with a port of at most 65535', text)
  return port
}

/** What is wrong with a text that has no bracket, and no IPv4 address before its first colon. */
function explainPlain(text: string): string {
  const last = text.lastIndexOf(':')
  if (last < 0) return explainNoPort(text)
  const head = text.slice(0, last)
  const tail = text.slice(last + 1)
  if (isInet6(text)) {
    // The last group may have been meant as the port.
    return isInet6(head) && /^[0-9]+$/.test(tail)
      ? `it is ambiguous; an IPv6 address has brackets: write [${escape(head)}]:${tail} or [${escape(text)}]:PORT`
      : `the port is missing, and an IPv6 address has brackets; write [${escape(text)}]:PORT`
  }
  if (isInet6(head)) return `an IPv6 address has brackets; write [${escape(head)}]:${escape(tail) || 'PORT'}`
  if (head.includes(':')) return 'it has several colons, but is neither an IPv6 address nor ADDRESS:PORT'
  if (head === '') {
    const port = escape(tail) || 'PORT'
    return `the address is missing; write 0.0.0.0:${port} or [::]:${port}`
  }
  return explainHost(head)
}

function explainNoPort(text: string): string {
  if (typeof parseInetText(text) !== 'string') return `the port is missing; write ${text}:PORT`
  if (/^[0-9]+$/.test(text)) return `there is a port but no address; write 0.0.0.0:${text} or [::]:${text}`
  if (text.includes('/')) return `a path starts with '/', './' or '../'; write ./${escape(text)}`
  return explainHost(text)
}

function explainHost(host: string): string {
  if (host === '*') return "'*' is not an address; write 0.0.0.0 for every interface, or [::]"
  if (typeof parseInetText(withoutZone(host)) !== 'string') return 'a zone belongs to IPv6 addresses only'
  const fault = parseInetText(host)
  if (/^[0-9.]+$/.test(host) && typeof fault === 'string') return `${quote(host)} is not an IPv4 address: ${fault}`
  if (/^[\p{L}\p{M}\p{N}_.-]+$/u.test(host)) return `${quote(host)} is a host name, which needs resolving first`
  return `${quote(host)} is not an address; ${FORMS}`
}

/** Whether the text is an IPv6 address, with a zone perhaps. No interface has a colon in its name. */
function isInet6(text: string): boolean {
  const address = withoutZone(text)
  return typeof parseInet6Text(address) !== 'string' && !text.slice(address.length).includes(':')
}

function withoutZone(host: string): string {
  const percent = host.indexOf('%')
  return percent < 0 ? host : host.slice(0, percent)
}

function wrong(text: string, reason: string): ArgumentError {
  return argumentValueError('endpoint', reason, text)
}
