/**
 * What an address of the internet is for, by the registries of special-purpose addresses (RFC 6890) and the
 * architectures of the two families (RFC 1122, RFC 4291). An IPv4 address that is written as IPv6 (`::ffff:10.1.2.3`) is
 * what the IPv4 address is.
 */
import { type Host, type Prefix, prefix } from './prefix.ts'

/** What an address is for; `global` if it is none of the others. */
export type AddressKind =
  | 'unspecified'
  | 'loopback'
  | 'linkLocal'
  | 'private'
  | 'multicast'
  | 'broadcast'
  | 'documentation'
  | 'shared'
  | 'benchmarking'
  | 'reserved'
  | 'global'

/** The first that holds an address says what it is. */
const NETWORKS: readonly [kind: AddressKind, networks: string][] = [
  ['unspecified', '0.0.0.0/32 ::/128'], // RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.2
  ['loopback', '127.0.0.0/8 ::1/128'], // RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.3
  ['broadcast', '255.255.255.255/32'], // RFC 919, section 7
  ['linkLocal', '169.254.0.0/16 fe80::/10'], // RFC 3927; RFC 4291, section 2.5.6
  ['private', '10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7'], // RFC 1918; RFC 4193
  ['shared', '100.64.0.0/10'], // RFC 6598
  ['multicast', '224.0.0.0/4 ff00::/8'], // RFC 1112; RFC 4291, section 2.7
  ['documentation', '192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32 3fff::/20'], // RFC 5737, 3849, 9637
  ['benchmarking', '198.18.0.0/15 2001:2::/48'], // RFC 2544; RFC 5180
  ['reserved', '0.0.0.0/8 192.0.0.0/24 240.0.0.0/4 100::/64'], // RFC 791; RFC 6890; RFC 1112; RFC 6666
]

let networks: readonly (readonly [AddressKind, Prefix])[] | undefined

/**
 * What an address is for.
 * @throws TypeError when a text is no address
 */
export function kindOf(host: Host): AddressKind {
  networks ??= NETWORKS.flatMap(([kind, texts]) => texts.split(' ').map((text) => [kind, prefix(text)] as const))
  return networks.find(([, network]) => network.contains(host))?.[0] ?? 'global'
}
