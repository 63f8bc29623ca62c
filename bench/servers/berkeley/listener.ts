// A listening socket of this project, the same for both forms. On Linux a connection has the TCP_NODELAY of
// the listener that it came through.
import {
  AF_INET,
  AF_UNIX,
  type AnyAddress,
  inet,
  InetAddress,
  SOCK_STREAM,
  Socket,
  TCP_NODELAY,
  unix,
  UnixAddress,
} from 'berkeley'
import { endpointFromArguments } from '../lifetime.ts'

/** Listens where the arguments say. */
export function listen(): Socket {
  const endpoint = endpointFromArguments()
  const address = 'path' in endpoint ? unix(endpoint.path) : inet('127.0.0.1', endpoint.port)
  const listener = new Socket(address instanceof UnixAddress ? AF_UNIX : AF_INET, SOCK_STREAM)
  if (!(address instanceof UnixAddress)) listener.set(TCP_NODELAY, true)
  listener.bind(address)
  listener.listen()
  return listener
}

/** The port or path of a bound socket. */
export function placeOf(address: AnyAddress | undefined): string | number {
  if (address instanceof UnixAddress) return address.path ?? ''
  if (address instanceof InetAddress) return address.port
  throw new Error('bound to what no bench is served on')
}
