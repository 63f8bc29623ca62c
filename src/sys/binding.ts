/** The types of what the addon exports. Every call returns its result, or the errno negated (-EAGAIN, …). */

/** An engine, as native code holds it. */
export type EngineHandle = { readonly engine: unique symbol }
/** What a waker drives: handed from one addon file to the other. */
export type WakerTarget = { readonly target: unique symbol }
/** A waker, as native code holds it. */
export type WakerHandle = { readonly waker: unique symbol }

/** What looks names up, as native code holds it. */
export type ResolverHandle = { readonly resolver: unique symbol }
/** An address on an interface, or the interface itself: with its mask, and the broadcast address or the peer's. */
export type InterfaceEntry = readonly [
  name: string,
  flags: number,
  address: Uint8Array | null,
  mask: Uint8Array | null,
  other: Uint8Array | null,
]
export type DatabaseEntry = readonly [number: number, ...names: string[]]

/** A thread's hold on an eventfd that several threads share, as native code keeps it. */
export type CancellationHandle = { readonly cancellation: unique symbol }

/** `berkeley.node`: the system calls, and the engine. Each system call is as its man page says; none but poll waits. */
export interface Binding {
  /** The constants and layouts that the addon was compiled with, in the order of the tables. */
  readonly tables: Int32Array
  /** The name of one of them. */
  tableName(index: number): string

  socket(family: number, type: number, protocol: number): number
  /** Writes the two descriptors into `out`. */
  socketpair(family: number, type: number, protocol: number, out: Int32Array): number
  bind(fd: number, address: Uint8Array): number
  connect(fd: number, address: Uint8Array): number
  listen(fd: number, backlog: number): number
  shutdown(fd: number, how: number): number
  /** Both return the address's length, which may be more than `address` had room for. */
  getsockname(fd: number, address: Uint8Array): number
  getpeername(fd: number, address: Uint8Array): number
  close(fd: number): number
  /** From now on the descriptor is closed when this thread's environment ends. */
  own(fd: number): number
  /** The descriptor is no longer closed when this thread's environment ends. */
  disown(fd: number): number
  /** F_GETFL, F_SETFL, F_GETFD, F_SETFD and F_SETOWN. */
  fcntl(fd: number, command: number, argument: number): number
  /** Writes into `out` whom the signals of a descriptor go to: a process, a process group negated, or 0. */
  fcntlGetOwner(fd: number, out: Int32Array): number
  /** `bytes` hold the request's structure, at most 16384 of them, and afterwards what the kernel made of it. */
  ioctl(fd: number, request: number, bytes: Uint8Array): number

  /** A second descriptor of the same open file, close-on-exec; it is closed when this thread's environment ends. */
  dup(fd: number): number
  /** 1 for a descriptor that is closed when this thread's environment ends, else 0. */
  owns(fd: number): number

  /**
   * How many are ready; `revents` receives a mask for each of `fds`. The timeout is in milliseconds: 0 only asks, and
   * any other blocks the thread.
   */
  poll(fds: Int32Array, events: Int32Array, revents: Int32Array, timeout: number): number
  /** A descriptor that is closed when this thread's environment ends. */
  epollCreate(): number
  /** EPOLL_CTL_ADD, EPOLL_CTL_MOD or EPOLL_CTL_DEL; `data` comes back with each event. */
  epollCtl(epoll: number, command: number, fd: number, events: number, data: number): number
  /** epoll_wait(2) without waiting: how many are ready, with a mask and `data` of each in `out`. */
  epollTake(epoll: number, out: Int32Array): number

  /** See native/linux/cancellation.c. A new eventfd; the handle holds it until it is closed or collected. */
  cancellationCreate(): CancellationHandle | number
  /** One more handle of an eventfd that some thread holds; -ENOENT when none does any more. */
  cancellationJoin(id: number): CancellationHandle | number
  /** Writes its id and its descriptor into `out`. */
  cancellationRead(handle: CancellationHandle, out: Int32Array): number
  /** Makes the eventfd readable. */
  cancellationSet(handle: CancellationHandle): number
  /** The eventfd is readable no longer; -EAGAIN when it was not. */
  cancellationReset(handle: CancellationHandle): number
  cancellationClose(handle: CancellationHandle): number

  setsockoptInt(fd: number, level: number, name: number, value: number): number
  setsockopt(fd: number, level: number, name: number, value: Uint8Array): number
  /** For options that take a struct sock_fprog: `instructions` are those of its program, each a struct sock_filter. */
  setsockoptProgram(fd: number, level: number, name: number, instructions: Uint8Array): number
  /** Returns the value's length. */
  getsockopt(fd: number, level: number, name: number, value: Uint8Array): number

  recv(fd: number, bytes: Uint8Array, offset: number, length: number, flags: number): number
  send(fd: number, bytes: Uint8Array, offset: number, length: number, flags: number): number
  sendto(fd: number, bytes: Uint8Array, offset: number, length: number, flags: number, address: Uint8Array): number
  /** `out` receives the length of the sender's address and the message's flags. */
  recvfrom(
    fd: number,
    bytes: Uint8Array,
    offset: number,
    length: number,
    flags: number,
    address: Uint8Array,
    out: Int32Array,
  ): number
  readv(fd: number, parts: readonly Uint8Array[], flags: number): number
  writev(fd: number, parts: readonly Uint8Array[], flags: number): number
  /** The new descriptor; `out` receives the length of the peer's address. */
  accept4(fd: number, address: Uint8Array, out: Int32Array): number

  if_nametoindex(name: string): number
  if_indextoname(index: number): string | number
  getifaddrs(): readonly InterfaceEntry[] | number
  /** The numbers of all descriptors that this thread opened and has not closed. */
  ownedDescriptors(): number[]

  /** An entry of a database: number, name, (for a service) protocol, aliases; 0 if there is none. */
  getservbyname(name: string, protocol: string | null): DatabaseEntry | number
  getservbyport(port: number, protocol: string | null): DatabaseEntry | number
  getprotobyname(name: string): DatabaseEntry | number
  getprotobynumber(number: number): DatabaseEntry | number
  gethostname(): string | number

  /** See `native/posix/resolver.c`. `done` gets each lookup's id, its EAI_ error, errno, the answer, and a name. */
  resolverStart(
    done: (id: number, error: number, errno: number, answer: Uint8Array, name: string) => void,
  ): ResolverHandle | number
  /** 0, or the errno negated when no thread could be started. `hints` are flags, family, type and protocol. */
  resolverGetaddrinfo(
    resolver: ResolverHandle,
    id: number,
    host: string | null,
    service: string | null,
    hints: Int32Array,
  ): number
  resolverGetnameinfo(resolver: ResolverHandle, id: number, address: Uint8Array, flags: number): number
  resolverRef(resolver: ResolverHandle): void
  resolverUnref(resolver: ResolverHandle): void

  /** See `reactor/engine.ts` for what these do. */
  engineCreate(memory: ArrayBuffer, layout: Int32Array): EngineHandle | number
  engineAttach(
    engine: EngineHandle,
    slot: number,
    generation: number,
    fd: number,
    traits: number,
    messageBytes: number,
  ): number
  engineDetach(engine: EngineHandle, slot: number, generation: number): number
  /** Returns the number of the descriptor that it closed. */
  engineClose(engine: EngineHandle, slot: number, generation: number): number
  engineArm(engine: EngineHandle, slot: number, generation: number, interest: number): number
  engineDisarm(engine: EngineHandle, slot: number, generation: number, interest: number): number
  engineCollect(engine: EngineHandle): number
  engineFlush(engine: EngineHandle): number
  engineStatistics(engine: EngineHandle, out: Float64Array): void
  engineWakerTarget(engine: EngineHandle): WakerTarget | number

  /** See `reactor/thread-waker.ts`. The waker, or the errno negated. */
  threadWakerStart(target: WakerTarget, wake: () => void): WakerHandle | number
  /** The turn that `wake` began has ended: the thread watches again. */
  threadWakerEndTurn(waker: WakerHandle): void
  threadWakerRef(waker: WakerHandle): void
  threadWakerUnref(waker: WakerHandle): void
}

/** `berkeley-uv.node`: the waker that libuv drives. */
export interface LibuvBinding {
  wakerStart(
    target: WakerTarget,
    turn: (completions: number) => void,
    settle: (settlements: number) => void,
  ): WakerHandle
  wakerRef(waker: WakerHandle): void
  wakerUnref(waker: WakerHandle): void
}
