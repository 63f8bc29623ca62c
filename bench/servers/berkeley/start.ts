// What a program pays before its first connection: the import, and a listener opened and closed.
import { AF_INET, inet, SOCK_STREAM, Socket } from 'berkeley'

const listener = new Socket(AF_INET, SOCK_STREAM)
listener.bind(inet('127.0.0.1', 0))
listener.listen()
listener.close()
