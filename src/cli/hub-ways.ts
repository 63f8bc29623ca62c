/** How to reach a hub, for people and for programs. */
import { InetAddress, Inet6Address, UnixAddress, type AnyAddress } from '../base/address.ts'
import type { ClientKind, Hub } from '../hub/index.ts'

const WHAT: Readonly<Record<ClientKind, string>> = {
  tcp: 'TCP',
  udp: 'UDP',
  unix: 'Unix stream',
  'unix-dgram': 'Unix datagram',
}

/** A line for each listener, with a command that people have. */
export function waysToReach(hub: Hub): string[] {
  return hub.listeners.map(({ kind, address }) => `${WHAT[kind].padEnd(14)}${commandFor(kind, address)}`)
}

/** What a program reads first. */
export function placesAsJson(hub: Hub): object {
  const at = (kind: ClientKind): string[] =>
    hub.listeners.filter((listener) => listener.kind === kind).map(({ address }) => String(address))
  return { event: 'listening', tcp: at('tcp'), udp: at('udp'), unix: at('unix'), unixDatagram: at('unix-dgram') }
}

function commandFor(kind: ClientKind, address: AnyAddress): string {
  if (address instanceof UnixAddress) return `nc ${kind === 'unix' ? '-U' : '-uU'} ${quoted(address.path ?? '')}`
  if (!(address instanceof InetAddress || address instanceof Inet6Address)) return String(address)
  return `nc ${kind === 'udp' ? '-u ' : ''}${reachable(address)} ${address.port}`
}

/** The wildcard is no address to connect to everywhere. */
function reachable(address: InetAddress | Inet6Address): string {
  if (address.host === '0.0.0.0') return '127.0.0.1'
  if (address.host === '::') return '::1'
  return address instanceof Inet6Address ? address.zonedHost : address.host
}

/** As a word for a shell. */
function quoted(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`
}
