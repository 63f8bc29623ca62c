// A UDP echo in the promise form, one datagram a call.
import { AF_INET, inet, SOCK_DGRAM, Socket } from 'berkeley'
import { endpointFromArguments, ready } from '../lifetime.ts'
import { placeOf } from './listener.ts'

const endpoint = endpointFromArguments()
const socket = new Socket(AF_INET, SOCK_DGRAM)
socket.bind(inet('127.0.0.1', 'port' in endpoint ? endpoint.port : 0))
ready(placeOf(socket.localAddress))
const buffer = new Uint8Array(65536)
for (;;) {
  const { length, address } = await socket.recvFrom(buffer)
  await socket.sendTo(buffer.subarray(0, length), address)
}
