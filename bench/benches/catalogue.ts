// All benches, in the order in which they are listed and run.
import type { Bench } from '../harness/bench.ts'
import { start } from './start.ts'
import { tcpAccept } from './tcp-accept.ts'
import { tcpEcho, unixEcho } from './tcp-echo.ts'
import { tcpIdle } from './tcp-idle.ts'
import { tcpLatency } from './tcp-latency.ts'
import { tcpStream } from './tcp-stream.ts'
import { udpEcho } from './udp-echo.ts'

export const benches: readonly Bench[] = [tcpEcho, tcpLatency, tcpStream, tcpAccept, tcpIdle, udpEcho, unixEcho, start]
