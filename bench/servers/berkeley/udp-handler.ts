// A UDP echo in the handler form, one datagram a call.
import { AF_INET, inet, SOCK_DGRAM, Socket } from 'berkeley'
import { endpointFromArguments, ready } from '../lifetime.ts'
import { placeOf } from './listener.ts'

const endpoint = endpointFromArguments()
const socket = new Socket(AF_INET, SOCK_DGRAM)
socket.bind(inet('127.0.0.1', 'port' in endpoint ? endpoint.port : 0))
const where = placeOf(socket.localAddress)
socket.receiveWith({
  datagram(channel, bytes, source) {
    channel.send(bytes, source)
  },
})
ready(where)
