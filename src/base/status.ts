/**
 * What the names of errno mean: for each, one word that is the same on every platform, and a few words for people.
 *
 * The words are coarser than the names: a program that must run elsewhere branches on the word, one that must tell
 * EACCES from EPERM on the name. The table is by name and not by number, since only the numbers differ between
 * systems of Unix; another platform's own names (Winsock's `WSAECONNREFUSED`) become rows of it.
 */

/** The portable words, one for each row of the table in docs/errors.md. */
export const STATUSES = [
  'addressInUse',
  'addressNotAvailable',
  'alreadyConnected',
  'alreadyExists',
  'alreadyInProgress',
  'brokenPipe',
  'busy',
  'canceled',
  'connectionAborted',
  'connectionRefused',
  'connectionReset',
  'descriptorInvalid',
  'destinationRequired',
  'deviceNotFound',
  'familyNotSupported',
  'fileSystemError',
  'hostDown',
  'hostUnreachable',
  'inProgress',
  'interrupted',
  'invalidArgument',
  'messageTooLong',
  'nameNotFound',
  'nameServerFailed',
  'nameTooLong',
  'networkDown',
  'networkReset',
  'networkUnreachable',
  'noBufferSpace',
  'noSpace',
  'notASocket',
  'notConnected',
  'notFound',
  'notSupported',
  'optionNotSupported',
  'other',
  'outOfMemory',
  'permissionDenied',
  'protocolError',
  'protocolNotSupported',
  'protocolWrongType',
  'serviceNotFound',
  'shutDown',
  'temporaryFailure',
  'timedOut',
  'tooManyOpenFiles',
  'tooManyOpenFilesInSystem',
  'tooManyReferences',
  'typeNotSupported',
  'valueOutOfRange',
  'wouldBlock',
] as const

/** A portable word for why a call failed. */
export type Status = (typeof STATUSES)[number]

/** What is known of a name of errno. */
interface Row {
  readonly status: Status
  /** A few words without a verb's subject or a full stop: `connection refused`. */
  readonly meaning: string
}

function row(status: Status, meaning: string): Row {
  return { status, meaning }
}

/** Every name that a socket call of Linux gives, its Unix sockets' file system errors among them. */
const ROWS: Readonly<Record<string, Row>> = {
  E2BIG: row('valueOutOfRange', 'list too long'),
  EACCES: row('permissionDenied', 'permission denied'),
  EADDRINUSE: row('addressInUse', 'address already in use'),
  EADDRNOTAVAIL: row('addressNotAvailable', 'address not available'),
  EAFNOSUPPORT: row('familyNotSupported', 'address family not supported'),
  EAGAIN: row('wouldBlock', 'nothing to do without waiting'),
  EAI_ADDRFAMILY: row('nameNotFound', 'the host has no address of that family'),
  EAI_AGAIN: row('temporaryFailure', 'no name server has answered'),
  EAI_BADFLAGS: row('invalidArgument', 'flags that do not go together'),
  EAI_CANCELED: row('canceled', 'canceled'),
  EAI_FAIL: row('nameServerFailed', 'the name server failed'),
  EAI_FAMILY: row('familyNotSupported', 'family not supported'),
  EAI_IDN_ENCODE: row('invalidArgument', 'not a name that IDNA can encode'),
  EAI_INPROGRESS: row('inProgress', 'in progress'),
  EAI_INTR: row('interrupted', 'interrupted by a signal'),
  EAI_MEMORY: row('outOfMemory', 'out of memory'),
  EAI_NODATA: row('nameNotFound', 'the host has no address'),
  EAI_NONAME: row('nameNotFound', 'no such host or service'),
  EAI_NOTCANCELED: row('busy', 'could not be canceled'),
  EAI_OVERFLOW: row('nameTooLong', 'name too long'),
  EAI_SERVICE: row('serviceNotFound', 'no such service for this type of socket'),
  EAI_SOCKTYPE: row('typeNotSupported', 'type of socket not supported'),
  EALREADY: row('alreadyInProgress', 'already in progress'),
  EBADF: row('descriptorInvalid', 'descriptor not open'),
  EBADFD: row('descriptorInvalid', 'descriptor in a state that does not allow this'),
  EBADMSG: row('protocolError', 'malformed message'),
  EBUSY: row('busy', 'in use'),
  ECANCELED: row('canceled', 'canceled'),
  ECOMM: row('networkUnreachable', 'sending failed'),
  ECONNABORTED: row('connectionAborted', 'connection aborted'),
  ECONNREFUSED: row('connectionRefused', 'connection refused'),
  ECONNRESET: row('connectionReset', 'connection reset by the peer'),
  EDESTADDRREQ: row('destinationRequired', 'no destination'),
  EDOM: row('valueOutOfRange', 'value outside its domain'),
  EDQUOT: row('noSpace', 'disk quota used up'),
  EEXIST: row('alreadyExists', 'exists already'),
  EFAULT: row('invalidArgument', 'memory not accessible'),
  EHOSTDOWN: row('hostDown', 'host is down'),
  EHOSTUNREACH: row('hostUnreachable', 'host unreachable'),
  EILSEQ: row('protocolError', 'invalid sequence of bytes'),
  EINPROGRESS: row('inProgress', 'in progress'),
  EINTR: row('interrupted', 'interrupted by a signal'),
  EINVAL: row('invalidArgument', 'invalid argument'),
  EIO: row('fileSystemError', 'input or output failed'),
  EISCONN: row('alreadyConnected', 'already connected'),
  EISDIR: row('fileSystemError', 'is a directory'),
  ELOOP: row('fileSystemError', 'too many symbolic links'),
  EMFILE: row('tooManyOpenFiles', 'no free descriptor in this process'),
  EMSGSIZE: row('messageTooLong', 'message too long'),
  EMULTIHOP: row('networkUnreachable', 'route over several hops'),
  ENAMETOOLONG: row('nameTooLong', 'name too long'),
  ENETDOWN: row('networkDown', 'network is down'),
  ENETRESET: row('networkReset', 'connection dropped by the network'),
  ENETUNREACH: row('networkUnreachable', 'network unreachable'),
  ENFILE: row('tooManyOpenFilesInSystem', 'no free descriptor in the whole system'),
  ENOBUFS: row('noBufferSpace', 'no buffer space'),
  ENODATA: row('notFound', 'no data'),
  ENODEV: row('deviceNotFound', 'no such device'),
  ENOENT: row('notFound', 'no such file or directory'),
  ENOLINK: row('networkUnreachable', 'link severed'),
  ENOMEM: row('outOfMemory', 'out of memory'),
  ENOMSG: row('notFound', 'no such message'),
  ENONET: row('networkDown', 'machine is not on the network'),
  ENOPKG: row('notSupported', 'not installed'),
  ENOPROTOOPT: row('optionNotSupported', 'option not available'),
  ENOSPC: row('noSpace', 'no space left'),
  ENOSYS: row('notSupported', 'call not implemented'),
  ENOTCONN: row('notConnected', 'not connected'),
  ENOTDIR: row('fileSystemError', 'not a directory'),
  ENOTEMPTY: row('fileSystemError', 'directory not empty'),
  ENOTSOCK: row('notASocket', 'not a socket'),
  ENOTSUP: row('notSupported', 'operation not supported'),
  ENOTTY: row('notSupported', 'request not known to this descriptor'),
  ENOTUNIQ: row('alreadyExists', 'name not unique on the network'),
  ENXIO: row('deviceNotFound', 'no such device or address'),
  EOPNOTSUPP: row('notSupported', 'operation not supported'),
  EOVERFLOW: row('valueOutOfRange', 'value too large'),
  EPERM: row('permissionDenied', 'operation not permitted'),
  EPFNOSUPPORT: row('familyNotSupported', 'protocol family not supported'),
  EPIPE: row('brokenPipe', 'no reader'),
  EPROTO: row('protocolError', 'protocol error'),
  EPROTONOSUPPORT: row('protocolNotSupported', 'protocol not supported'),
  EPROTOTYPE: row('protocolWrongType', 'wrong type of socket'),
  ERANGE: row('valueOutOfRange', 'value out of range'),
  EREMOTEIO: row('protocolError', 'remote input or output failed'),
  ERESTART: row('interrupted', 'interrupted, to be called again'),
  EROFS: row('fileSystemError', 'read-only file system'),
  ESHUTDOWN: row('shutDown', 'already shut down'),
  ESOCKTNOSUPPORT: row('typeNotSupported', 'socket type not supported'),
  ESPIPE: row('notSupported', 'descriptor without positions'),
  ESRCH: row('notFound', 'no such process'),
  ESTALE: row('fileSystemError', 'stale file handle'),
  ETIME: row('timedOut', 'timer expired'),
  ETIMEDOUT: row('timedOut', 'timed out'),
  ETOOMANYREFS: row('tooManyReferences', 'too many descriptors on their way'),
  ETXTBSY: row('busy', 'program file in use'),
  EUNATCH: row('protocolNotSupported', 'protocol driver not attached'),
  EUSERS: row('noBufferSpace', 'too many users'),
  EWOULDBLOCK: row('wouldBlock', 'nothing to do without waiting'),
  EXDEV: row('fileSystemError', 'on another file system'),
}

/** The portable word for a name of errno; `other` for a name that no socket call gives. */
export function statusOfName(code: string): Status {
  return Object.hasOwn(ROWS, code) ? (ROWS[code]?.status ?? 'other') : 'other'
}

/** What a name of errno means, in a few words; the empty text for a name that no socket call gives. */
export function meaningOf(code: string): string {
  return Object.hasOwn(ROWS, code) ? (ROWS[code]?.meaning ?? '') : ''
}

/** The names of errno that have one portable word, in alphabetical order. */
export function codesOf(status: Status): string[] {
  return Object.keys(ROWS).filter((code) => ROWS[code]?.status === status)
}
