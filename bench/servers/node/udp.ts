// A UDP echo on node:dgram, as its users write it.
import dgram from 'node:dgram'
import { ready } from '../lifetime.ts'

const socket = dgram.createSocket('udp4')
socket.on('message', (bytes, source) => socket.send(bytes, source.port, source.address))
socket.bind(0, '127.0.0.1', () => ready(socket.address().port))
