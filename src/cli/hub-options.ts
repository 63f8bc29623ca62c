/** The options of `berkeley hub`. */
import { parseArgs } from 'node:util'
import { parseInet6Text } from '../base/inet6-text.ts'
import { parseInetText } from '../base/inet-text.ts'
import { UsageError } from './command.ts'

export interface HubOptions {
  /** Undefined: 7000, or the next that is free. */
  readonly port: number | undefined
  /** Undefined: the loopback of IPv4 and IPv6, as far as this machine has them. */
  readonly hosts: readonly string[] | undefined
  /** Undefined: names of the hub's own, in a folder of this user's. */
  readonly unixPath: string | undefined
  readonly isJson: boolean
}

/** Reads them. Throws `UsageError`. */
export function parseHubOptions(args: readonly string[]): HubOptions {
  const { port, host, unix, json } = values(args)
  if (unix === '') throw new UsageError('--unix needs a path')
  return {
    port: port === undefined ? undefined : parsePort(port),
    hosts: host?.map(checkHost),
    unixPath: unix,
    isJson: json ?? false,
  }
}

interface Values {
  port?: string | undefined
  host?: string[] | undefined
  unix?: string | undefined
  json?: boolean | undefined
}

function values(args: readonly string[]): Values {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string', multiple: true },
        unix: { type: 'string' },
        json: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    throw new UsageError((error as Error).message.replace(/[\s.]+$/u, ''))
  }
}

function parsePort(text: string): number {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port <= 65535)) throw new UsageError(`--port needs a number from 0 to 65535, and got "${text}"`)
  return port
}

function checkHost(host: string): string {
  const address = host.replace(/%.*$/u, '')
  if (typeof parseInetText(host) !== 'string' || typeof parseInet6Text(address) !== 'string') return host
  throw new UsageError(`--host needs an IPv4 or IPv6 address, and got "${host}"`)
}
