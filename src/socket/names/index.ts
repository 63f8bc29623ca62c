export { Addrinfo } from './addrinfo.ts'
export {
  getprotobyname,
  getprotobynumber,
  getservbyname,
  getservbyport,
  gethostname,
  type Protocol,
  type Service,
} from './databases.ts'
export { getaddrinfo, LONGEST_NAME_BYTES, type AddrinfoHints } from './getaddrinfo.ts'
export { getnameinfo, type Nameinfo } from './getnameinfo.ts'
export { MAXIMUM_RUNNING_LOOKUPS, MAXIMUM_WAITING_LOOKUPS } from './lookups.ts'
