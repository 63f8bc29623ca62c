/** Finds the hub its places: a port, or the next that is free, and paths for its Unix sockets. */
import { lstatSync, mkdirSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { SocketError } from '../base/errors.ts'
import { type HubSocket, openInet, openUnix } from '../hub/index.ts'
import type { HubOptions } from './hub-options.ts'
import { portHolder } from './port-holder.ts'

export const DEFAULT_PORT = 7000
/** How many ports, or names, are tried from the first. */
const TRIES = 100
const LOOPBACKS = ['127.0.0.1', '::1']
const UNAVAILABLE = ['EADDRNOTAVAIL', 'EAFNOSUPPORT']

/**
 * Opens all sockets of a hub.
 * @param say told, as a sentence, what was not as asked for
 * @throws an error whose message is a sentence for the user, when a place that was given can't be had
 */
export function openHubSockets(options: HubOptions, say: (notice: string) => void): HubSocket[] {
  const inet = openPort(options, say)
  try {
    return [...inet, ...openPaths(options, say)]
  } catch (error) {
    for (const { socket } of inet) socket.close()
    throw error
  }
}

function openPort(options: HubOptions, say: (notice: string) => void): HubSocket[] {
  const hosts = options.hosts ?? LOOPBACKS.filter((host) => isAvailable(host, say))
  const first = options.port ?? DEFAULT_PORT
  for (let port = first; ; port++) {
    try {
      return openInet(hosts, port)
    } catch (error) {
      if (!(error instanceof SocketError) || error.code !== 'EADDRINUSE') throw error
      // With port 0 the kernel chose one for the first socket, and the next may not have it.
      const isLast = options.port === undefined ? port === first + TRIES : options.port !== 0
      const taken = `port ${error.port ?? port} is taken by ${holderOf(error.port ?? port)}`
      if (isLast) throw new Error(`${taken}; give another with --port`, { cause: error })
      if (options.port === undefined) say(`${taken}; trying ${port + 1}`)
      else port--
    }
  }
}

function isAvailable(host: string, say: (notice: string) => void): boolean {
  try {
    for (const { socket } of openInet([host], 0)) socket.close()
    return true
  } catch (error) {
    if (!(error instanceof SocketError) || !UNAVAILABLE.includes(error.code)) throw error
    say(`${host} is not to be had on this machine; going on without it`)
    return false
  }
}

function holderOf(port: number): string {
  return portHolder('tcp', port) ?? portHolder('udp', port) ?? 'another process'
}

function openPaths({ unixPath }: HubOptions, say: (notice: string) => void): HubSocket[] {
  if (unixPath !== undefined) {
    try {
      return openUnix(unixPath, `${unixPath}-datagram`)
    } catch (error) {
      throw new Error(`--unix ${unixPath}: ${(error as Error).message}`, { cause: error })
    }
  }
  const folder = privateFolder()
  for (let number = 1; ; number++) {
    const path = join(folder, number === 1 ? 'hub' : `hub-${number}`)
    try {
      return openUnix(path, `${path}-datagram`)
    } catch (error) {
      if (!(error instanceof SocketError) || error.code !== 'EADDRINUSE' || number === TRIES) throw error
      say(`${path} belongs to another hub; trying the next name`)
    }
  }
}

/** A folder that only this user can look into: others must not be able to put a socket of theirs in its place. */
function privateFolder(): string {
  const runtime = process.env['XDG_RUNTIME_DIR']
  const { uid } = userInfo()
  const folder = runtime === undefined ? join(tmpdir(), `berkeley-${uid}`) : join(runtime, 'berkeley')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const found = lstatSync(folder)
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0) {
    throw new Error(`${folder} is not a folder of this user's alone; remove it, or give a path with --unix`)
  }
  return folder
}
