/** A sentence or two for each portable word, for people. */
import type { Status } from './status.ts'

/** What each word means for a program, and what to do: the sentences of docs/errors.md. */
const REMEDIES: Readonly<Record<Status, string>> = {
  addressInUse:
    'Another socket has the address, or a file the path. Take another, or stop the program that holds it (`ss -tulpn` shows which). `bindUnix()` replaces a socket file on which nothing listens.',
  addressNotAvailable:
    'For `bind`: no interface of this machine has the address. For `connect`: no local port is free for the destination.',
  alreadyConnected: 'A connected socket takes no other destination. Make a new one for another peer.',
  alreadyExists: 'The name is taken.',
  alreadyInProgress: 'An earlier `connect` is still under way. Wait for it.',
  brokenPipe: 'The connection is closed, or was shut down for writing. Send nothing more on it.',
  busy: 'Somebody else uses it. Try again later.',
  canceled: 'The operation was called off.',
  connectionAborted: 'The peer was gone before the connection was accepted. Accept the next.',
  connectionRefused:
    'Nothing listens at the address. On a datagram socket: nothing was bound where an earlier datagram went.',
  connectionReset: 'The peer closed with data unread, aborted, or ended. Connect again.',
  descriptorInvalid: 'The descriptor is not open, or not in a state for this.',
  destinationRequired: 'Connect the socket, or name the destination with each message.',
  deviceNotFound: 'There is no such interface or device. `ip link` lists the interfaces.',
  familyNotSupported: 'The kernel does not have the family, or the address is of another family than the socket.',
  fileSystemError: 'The path of a Unix socket leads nowhere usable. `code` says why.',
  hostDown: 'The machine does not answer on its network.',
  hostUnreachable: 'Nothing answers for the address, or a router or firewall refuses.',
  inProgress: 'The operation goes on. The library waits for it; a program sees this only from its own system calls.',
  interrupted: 'A signal came first. The library calls again; a program sees this only from its own system calls.',
  invalidArgument:
    'The kernel does not take the values in this state of the socket: a second `bind`, `accept` before `listen`, a link-local address without its scope.',
  messageTooLong: 'The message is larger than the socket or the path takes. Send a smaller one, or raise `SO_SNDBUF`.',
  nameNotFound: 'The name has no address, or none of the family asked for. Check the spelling.',
  nameServerFailed: 'The name server refused, or is broken. Ask another one.',
  nameTooLong: 'A part of the path is too long.',
  networkDown: 'The interface is down. `ip link` shows which are.',
  networkReset: 'The network dropped the connection. Connect again.',
  networkUnreachable:
    'There is no route. `ip route` lists those there are; with an IPv6 address, the machine may have none for IPv6.',
  noBufferSpace: 'A queue of the kernel is full. Send more slowly.',
  noSpace: 'The disk, or the share of it, is full.',
  notASocket: 'The descriptor leads to something else.',
  notConnected: 'Connect first, or use the socket that `accept` gave.',
  notFound:
    'There is no such file, or nothing of the kind that was asked for. For a Unix path: start the server first, or check the path.',
  notSupported: 'This type of socket, or this kernel, does not have the operation.',
  optionNotSupported: 'This type of socket, or this kernel, does not have the option.',
  other: 'Every name that is in no other row: none that a socket call is known to give.',
  outOfMemory: 'The kernel has no memory for it.',
  permissionDenied:
    'A port below 1024, a raw socket, or a file needs a right that the user lacks; a broadcast needs `SO_BROADCAST`; a firewall forbids it. The message says which may apply.',
  protocolError: 'The other side broke a protocol.',
  protocolNotSupported: 'The family and type do not have the protocol. 0 chooses the usual one.',
  protocolWrongType: 'The socket there, or the protocol, is of another type.',
  serviceNotFound: 'The service is not in /etc/services, or not for this type of socket. Give the port as a number.',
  shutDown: 'The socket was shut down for this direction.',
  temporaryFailure:
    'No name server has answered. Try again later; if it stays so, check /etc/resolv.conf and the network.',
  timedOut: "Nobody answered in the kernel's time. The machine may be down, or a firewall drops what is sent to it.",
  tooManyOpenFiles: 'The process has no free descriptor. Close sockets, or raise the limit (`ulimit -n`).',
  tooManyOpenFilesInSystem: 'The whole system has no free descriptor (`sysctl fs.file-max`).',
  tooManyReferences: 'Too many descriptors are on their way over Unix sockets. Receive some first.',
  typeNotSupported: 'The family does not have the type of socket.',
  valueOutOfRange: 'A value or a list is larger than the call takes.',
  wouldBlock:
    'There is nothing to do without waiting. The library waits, or its `tryX` returns `undefined`; a program sees this only from its own system calls.',
}

/** What a portable word means, and what to do, as sentences. */
export function remedyOf(status: Status): string {
  return REMEDIES[status]
}
