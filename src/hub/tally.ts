/** What the hub has counted since it began. */
export class Tally {
  receivedBytes = 0
  sentBytes = 0
  /** Clients dropped because they read too slowly. */
  slowReaders = 0
  /** Lines that came too fast, or were too long. */
  refusedLines = 0
  /** Datagrams lost: their receiver was full or gone, or there were too many peers. */
  lostDatagrams = 0
  /** Datagrams of Unix sockets without a name: nobody could answer them. */
  unanswerable = 0

  get dropped(): number {
    return this.slowReaders + this.refusedLines + this.lostDatagrams + this.unanswerable
  }
}
