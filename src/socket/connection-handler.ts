/** What a program gives to be told of its connections. */

/**
 * The handlers of a connection: one object for all connections of a listener. Each is called with the connection;
 * `data` alone must be there; what they return is not used. One that throws (or, if it is asynchronous, whose promise is rejected) is reported to
 * `onError`, and its connection is aborted; the others go on.
 */
export interface HandlerOf<Connection> {
  /** The connection is there. */
  open?(connection: Connection): unknown
  /** Bytes came. They are lent for the length of the call: copy what you keep (`bytes.slice()`). */
  data(connection: Connection, bytes: Uint8Array): unknown
  /** All that had to be held back is with the kernel. */
  drain?(connection: Connection): unknown
  /** The peer will send no more. Without this handler the connection then finishes by itself. */
  end?(connection: Connection): unknown
  /** The last call: the connection is closed; `reason` tells why, if not in good order. */
  close?(connection: Connection, reason: Error | undefined): unknown
}
