export { getOption, setOption, type Codec, type Option } from './option.ts'
export * from './ip-level.ts'
export * from './socket-level.ts'
export * from './tcp-level.ts'
