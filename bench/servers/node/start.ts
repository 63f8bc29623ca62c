// What servers/berkeley/start.ts does, on node:net.
import net from 'node:net'

const server = net.createServer()
server.listen(0, '127.0.0.1', () => server.close())
