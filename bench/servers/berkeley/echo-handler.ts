// An echo in the handler form.
import { ready } from '../lifetime.ts'
import { listen, placeOf } from './listener.ts'

const listener = listen()
listener.acceptWith({
  data(connection, bytes) {
    connection.send(bytes)
  },
})
ready(placeOf(listener.localAddress))
