/**
 * TCP_INFO: what the kernel knows of a connection (tcp(7), linux/tcp.h). `struct tcp_info` grows at its end from version
 * to version, so it has no fixed layout among the generated tables: its fields are listed here in their order, and an
 * answer is read as far as it goes. test/socket/options/tcp-info.test.ts compares the list with the system's header.
 */
import type { Codec } from './option.ts'
import { neverWritten, readFields, type Field } from './structure.ts'

/**
 * The state of a TCP connection. Times are in the unit that their name says, sizes in bytes, windows in segments where
 * nothing else is said. A field that came after Linux 2.6 is absent where the kernel is older.
 */
export interface TcpInfo {
  /** `ESTABLISHED`, `LISTEN`, `CLOSE_WAIT`, …: the names of RFC 9293 as the kernel writes them. */
  readonly state: string
  /** The state of loss recovery: `Open`, `Disorder`, `CWR`, `Recovery`, `Loss`. */
  readonly congestionState: string
  /** Retransmissions of the oldest segment, and window probes, that are unanswered; and how often the timer doubled. */
  readonly retransmits: number
  readonly probes: number
  readonly backoff: number
  /** What was negotiated: a mask of `TCPI_OPT_TIMESTAMPS` 1, `_SACK` 2, `_WSCALE` 4, `_ECN` 8, `_ECN_SEEN` 16, … */
  readonly options: number
  /** The peer's window scale, and this side's. */
  readonly sendWindowScale: number
  readonly receiveWindowScale: number
  /** Whether the delivery rate was limited by the application rather than the network (4.9). */
  readonly isDeliveryRateAppLimited: boolean
  /** Why TCP Fast Open failed as a client: 0 not known, 1 no cookie, 2 no acknowledgement, 3 the SYN was resent (5.5). */
  readonly fastOpenClientFail: number
  /** The retransmission timeout, and the delay of acknowledgements. */
  readonly rtoUs: number
  readonly atoUs: number
  /** Segment sizes: of what is sent, and as seen of what is received. */
  readonly sendMss: number
  readonly receiveMss: number
  /** Segments: not acknowledged, selectively acknowledged, taken for lost, resent and not yet acknowledged. */
  readonly unacked: number
  readonly sacked: number
  readonly lost: number
  readonly retransmitted: number
  readonly fackets: number
  /** How long ago. The kernel does not remember `lastAckSentMs`: it is 0. */
  readonly lastDataSentMs: number
  readonly lastAckSentMs: number
  readonly lastDataReceivedMs: number
  readonly lastAckReceivedMs: number
  readonly pathMtu: number
  readonly receiveSsthresh: number
  /** The smoothed round-trip time, and its variation. */
  readonly rttUs: number
  readonly rttVarianceUs: number
  readonly sendSsthresh: number
  readonly congestionWindow: number
  readonly advertisedMss: number
  readonly reordering: number
  /** The receiver's own estimate of the round-trip time, and the room that its buffer is tuned to. */
  readonly receiveRttUs: number
  readonly receiveSpace: number
  /** Segments resent in all. */
  readonly totalRetransmits: number
  /** Bytes a second; Infinity is no limit (3.15). */
  readonly pacingRate?: number
  readonly maxPacingRate?: number
  /** Bytes in all (4.1). */
  readonly bytesAcked?: number
  readonly bytesReceived?: number
  /** Segments in all (4.2). */
  readonly segmentsOut?: number
  readonly segmentsIn?: number
  /** Bytes that wait in the send queue (4.6). */
  readonly notSentBytes?: number
  readonly minimumRttUs?: number
  readonly dataSegmentsIn?: number
  readonly dataSegmentsOut?: number
  /** Bytes a second (4.9). */
  readonly deliveryRate?: number
  /** Time in all: with data to send, held by the peer's window, held by the send buffer (4.10). */
  readonly busyTimeUs?: number
  readonly receiveWindowLimitedUs?: number
  readonly sendBufferLimitedUs?: number
  /** Segments delivered in all, and those of them that ECN marked (4.18). */
  readonly delivered?: number
  readonly deliveredCe?: number
  /** Bytes in all, with those resent; the latter alone (4.19). */
  readonly bytesSent?: number
  readonly bytesRetransmitted?: number
  readonly duplicateSacks?: number
  readonly reorderingSeen?: number
  /** Segments that came out of order (5.4). */
  readonly outOfOrderReceived?: number
  /** The peer's window, in bytes (5.4), and this side's (6.2). */
  readonly sendWindow?: number
  readonly receiveWindow?: number
  /** Changes of the flow's hash because of losses (6.2). */
  readonly rehash?: number
  /** Retransmission timeouts: how many, in how many recoveries, and the time that they took (6.7). */
  readonly totalRto?: number
  readonly totalRtoRecoveries?: number
  readonly totalRtoTimeMs?: number
  /** Accurate ECN: marked segments received, and bytes by their mark, as delivered and as received (6.18). */
  readonly receivedCe?: number
  readonly deliveredE1Bytes?: number
  readonly deliveredE0Bytes?: number
  readonly deliveredCeBytes?: number
  readonly receivedE1Bytes?: number
  readonly receivedE0Bytes?: number
  readonly receivedCeBytes?: number
}

/**
 * The fields in the order of linux/tcp.h: name here, width in bytes, and the kernel's name without its `tcpi_`. As text,
 * which costs a program that starts next to nothing; it is taken apart when the option is read first.
 */
const FIELDS_TEXT = `
state 1 state
congestionState 1 ca_state
retransmits 1 retransmits
probes 1 probes
backoff 1 backoff
options 1 options
scales 1
flags 1
rtoUs 4 rto
atoUs 4 ato
sendMss 4 snd_mss
receiveMss 4 rcv_mss
unacked 4 unacked
sacked 4 sacked
lost 4 lost
retransmitted 4 retrans
fackets 4 fackets
lastDataSentMs 4 last_data_sent
lastAckSentMs 4 last_ack_sent
lastDataReceivedMs 4 last_data_recv
lastAckReceivedMs 4 last_ack_recv
pathMtu 4 pmtu
receiveSsthresh 4 rcv_ssthresh
rttUs 4 rtt
rttVarianceUs 4 rttvar
sendSsthresh 4 snd_ssthresh
congestionWindow 4 snd_cwnd
advertisedMss 4 advmss
reordering 4 reordering
receiveRttUs 4 rcv_rtt
receiveSpace 4 rcv_space
totalRetransmits 4 total_retrans
pacingRate 8 pacing_rate
maxPacingRate 8 max_pacing_rate
bytesAcked 8 bytes_acked
bytesReceived 8 bytes_received
segmentsOut 4 segs_out
segmentsIn 4 segs_in
notSentBytes 4 notsent_bytes
minimumRttUs 4 min_rtt
dataSegmentsIn 4 data_segs_in
dataSegmentsOut 4 data_segs_out
deliveryRate 8 delivery_rate
busyTimeUs 8 busy_time
receiveWindowLimitedUs 8 rwnd_limited
sendBufferLimitedUs 8 sndbuf_limited
delivered 4 delivered
deliveredCe 4 delivered_ce
bytesSent 8 bytes_sent
bytesRetransmitted 8 bytes_retrans
duplicateSacks 4 dsack_dups
reorderingSeen 4 reord_seen
outOfOrderReceived 4 rcv_ooopack
sendWindow 4 snd_wnd
receiveWindow 4 rcv_wnd
rehash 4 rehash
totalRto 2 total_rto
totalRtoRecoveries 2 total_rto_recoveries
totalRtoTimeMs 4 total_rto_time
receivedCe 4 received_ce
deliveredE1Bytes 4 delivered_e1_bytes
deliveredE0Bytes 4 delivered_e0_bytes
deliveredCeBytes 4 delivered_ce_bytes
receivedE1Bytes 4 received_e1_bytes
receivedE0Bytes 4 received_e0_bytes
receivedCeBytes 4 received_ce_bytes
`

let fields: readonly TcpInfoField[] | undefined

/** A field, and the kernel's name; `scales` and `flags` are two bytes of bits, which C gives no name. */
export type TcpInfoField = readonly [...field: Field, kernelName: string]

export function tcpInfoFields(): readonly TcpInfoField[] {
  return (fields ??= FIELDS_TEXT.trim()
    .split('\n')
    .map((line) => {
      const [name, width, kernelName = ''] = line.split(' ')
      return [name, Number(width) as Field[1], kernelName]
    }))
}

/** What Linux 2.6 has already: the part that is always told. */
const LEAST_BYTES = 104
/** Room for as much as the structure may still grow. */
const ROOM_BYTES = 512

// linux/net/tcp_states.h and linux/tcp.h, by number.
/** The states of TCP (RFC 9293, section 3.3.2) by the kernel's numbers. */
export const TCP_STATES: readonly string[] = [
  'NONE',
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
  'NEW_SYN_RECV',
]
const CONGESTION_STATES = ['Open', 'Disorder', 'CWR', 'Recovery', 'Loss']

/** The fields of a `struct tcp_info`, of whatever length. */
export function readTcpInfo(bytes: Uint8Array): TcpInfo {
  let whole = bytes
  if (bytes.length < LEAST_BYTES) {
    whole = new Uint8Array(LEAST_BYTES)
    whole.set(bytes)
  }
  const { state = 0, congestionState = 0, scales = 0, flags = 0, ...others } = readFields(tcpInfoFields(), whole)
  return {
    state: TCP_STATES[state] ?? `state ${state}`,
    congestionState: CONGESTION_STATES[congestionState] ?? `state ${congestionState}`,
    sendWindowScale: scales & 15,
    receiveWindowScale: scales >> 4,
    isDeliveryRateAppLimited: (flags & 1) === 1,
    fastOpenClientFail: (flags >> 1) & 3,
    ...others,
  } as TcpInfo
}

export const tcpInfo: Codec<TcpInfo, never> = { byteLength: ROOM_BYTES, read: readTcpInfo, write: neverWritten }
