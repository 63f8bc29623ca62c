/** Waiting on one descriptor of any kind: a pipe, an eventfd, a device, or a socket that is not the library's. */
import { Descriptor } from '../../reactor/descriptor.ts'
import { currentReactor } from '../../reactor/reactor.ts'
import { EBADF, EPOLL_CTL_ADD, POLLIN, POLLNVAL, POLLOUT } from '../../sys/constants.ts'
import { systemError } from '../../sys/system-error.ts'
import { ReceivingSocket } from '../receiving-socket.ts'
import { checkWaiting, type Waiting } from '../wait.ts'
import { callAttempt, pollOne, type Attempt } from './attempt.ts'
import { Epoll } from './epoll.ts'
import { numberOf, type PollTarget } from './target.ts'

/**
 * Waits until the descriptor can be read. With a function it makes any system call wait: the function is called with the
 * descriptor's number, at once and whenever it can be read, until it returns true. It must not block. Rejects with
 * what it throws, with `SocketError` (EPERM: a file, which is always ready), `TimeoutError`, `ClosedError`, or the
 * signal's reason. On a socket of the library it is that socket's `whenReadable`.
 */
export async function whenReadable(target: PollTarget, attempt?: Attempt, waiting?: Waiting): Promise<void> {
  if (target instanceof ReceivingSocket) return target.whenReadable(attempt, waiting)
  await whenReady('whenReadable', target, POLLIN, attempt, waiting)
}

/** The same for writing. */
export async function whenWritable(target: PollTarget, attempt?: Attempt, waiting?: Waiting): Promise<void> {
  if (target instanceof ReceivingSocket) return target.whenWritable(attempt, waiting)
  await whenReady('whenWritable', target, POLLOUT, attempt, waiting)
}

async function whenReady(
  operation: string,
  target: PollTarget,
  events: number,
  attempt: Attempt | undefined,
  waiting: Waiting | undefined,
): Promise<void> {
  if (waiting !== undefined) checkWaiting(waiting)
  waiting?.signal?.throwIfAborted()
  const fd = numberOf(target, 'target', operation)
  const isDone = (): true | undefined =>
    attempt === undefined ? isReady(operation, fd, events) : callAttempt(attempt, fd)
  if (isDone() === true) return
  isReady(operation, fd, events) // throws where no descriptor is open, whose number the epoll would get
  const epoll = Epoll.open()
  try {
    if (target instanceof Descriptor) epoll.endWith(target, operation)
    const result = epoll.control(EPOLL_CTL_ADD, fd, events, 0)
    if (result < 0) throw systemError(result, 'epoll_ctl')
    await epoll.wait(operation, waiting, isDone)
  } finally {
    epoll.close(operation)
  }
}

function isReady(operation: string, fd: number, events: number): true | undefined {
  const revents = pollOne(currentReactor().binding, fd, events)
  if ((revents & POLLNVAL) !== 0) throw systemError(-EBADF, operation)
  return revents !== 0 || undefined
}
