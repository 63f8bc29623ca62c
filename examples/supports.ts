// What this system supports, asked before it is needed. It ends by itself.
//
//   node dist/examples/supports.js
import {
  AF_INET,
  AF_UNIX,
  IP_TTL,
  type Option,
  SO_REUSEPORT,
  SOCK_DGRAM,
  SOCK_STREAM,
  type SupportedKind,
  supports,
  TCP_NODELAY,
} from 'berkeley'

const KINDS: Readonly<Record<string, SupportedKind>> = {
  TCP: { family: AF_INET, type: SOCK_STREAM },
  UDP: { family: AF_INET, type: SOCK_DGRAM },
  Unix: { family: AF_UNIX },
  'family 4000': { family: 4000 },
}
const OPTIONS: readonly Option<unknown, never>[] = [TCP_NODELAY, SO_REUSEPORT, IP_TTL]

const kinds = Object.keys(KINDS)
console.log('kinds:', ...kinds.filter((name) => supports(KINDS[name]!)))
console.log('options:', ...OPTIONS.filter((option) => supports(option)).map(({ name }) => name))
console.log('none:', ...kinds.filter((name) => !supports(KINDS[name]!)))
