/** The reactor, for those who build on it. */
export { Descriptor, type CallContext } from './descriptor.ts'
export { currentReactor, Reactor, statistics, type ReactorStatistics } from './reactor.ts'
