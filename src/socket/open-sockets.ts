/** The sockets that this thread holds, told apart by their addresses: what `ss` shows of them. */
import type { AnyAddress } from '../base/address.ts'
import { addon } from '../sys/addon.ts'
import type { Binding } from '../sys/binding.ts'
import {
  IPPROTO_TCP,
  SO_ACCEPTCONN,
  SO_DOMAIN,
  SO_PROTOCOL,
  SO_TYPE,
  SOCK_STREAM,
  SOL_SOCKET,
  TCP_INFO,
} from '../sys/constants.ts'
import { TCP_STATES } from './options/tcp-info.ts'
import { readLocalAddress, readRemoteAddress } from './socket-names.ts'

/** A socket of this thread. */
export interface OpenSocket {
  /** Its number in the process's table. */
  readonly fd: number
  /** `AF_…`, `SOCK_…` and `IPPROTO_…`, as the kernel has them. */
  readonly family: number
  readonly type: number
  readonly protocol: number
  /** Of TCP the state of RFC 9293, as `ESTABLISHED`; of others `LISTEN`, `ESTABLISHED` or `UNCONN`, as ss(8) has it. */
  readonly state: string
  readonly localAddress: AnyAddress
  /** The peer's address: with the local one the pair that tells connections apart. Undefined if there is no peer. */
  readonly remoteAddress: AnyAddress | undefined
}

/** All open sockets that this thread made, accepted or was given, of every form, by their numbers. */
export function openSockets(): OpenSocket[] {
  const binding = addon()
  return binding.ownedDescriptors().flatMap((fd) => describe(binding, fd) ?? [])
}

/** Undefined for a descriptor that is no socket: what the library waits with. */
function describe(binding: Binding, fd: number): OpenSocket | undefined {
  const family = readOption(binding, fd, SO_DOMAIN)
  const type = readOption(binding, fd, SO_TYPE)
  const protocol = readOption(binding, fd, SO_PROTOCOL)
  if (family === undefined || type === undefined || protocol === undefined) return undefined
  const localAddress = readLocalAddress(binding, fd)
  const remoteAddress = readRemoteAddress(binding, fd)
  const kind = { fd, family, type, protocol }
  return { ...kind, state: stateOf(binding, kind, remoteAddress), localAddress, remoteAddress }
}

function stateOf(
  binding: Binding,
  { fd, type, protocol }: { fd: number; type: number; protocol: number },
  remoteAddress: AnyAddress | undefined,
): string {
  const first = new Uint8Array(1)
  if (type === SOCK_STREAM && protocol === IPPROTO_TCP && binding.getsockopt(fd, IPPROTO_TCP, TCP_INFO, first) === 1) {
    return TCP_STATES[first[0] ?? 0] ?? 'UNCONN'
  }
  if (readOption(binding, fd, SO_ACCEPTCONN) === 1) return 'LISTEN'
  return remoteAddress === undefined ? 'UNCONN' : 'ESTABLISHED'
}

const word = new Int32Array(1)
const wordBytes = new Uint8Array(word.buffer)

function readOption(binding: Binding, fd: number, option: number): number | undefined {
  return binding.getsockopt(fd, SOL_SOCKET, option, wordBytes) < 0 ? undefined : word[0]
}
