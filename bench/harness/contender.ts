// What takes part in a comparison, and what one measured window of it gives.

/** How long to load before the window, and how long the window is, in seconds. */
export interface Window {
  readonly warmUp: number
  readonly seconds: number
}

/** One window's numbers. */
export interface Sample {
  /** In the bench's unit. */
  readonly rate: number
  /** The server's CPU time for each operation, in microseconds. */
  readonly cpuMicroseconds: number
  /** Resident memory of the server at the end of the window, in MiB. */
  readonly residentMegabytes: number
  /** Which share of the window the server was on its core, all its threads together; undefined where it has no sense. */
  readonly busy?: number
  /** Further numbers by their name in the JSON line. */
  readonly more?: Readonly<Record<string, number>>
}

export interface Contender {
  /** "ours", or the name of a peer. */
  readonly name: string
  start(): Promise<void>
  measure(window: Window): Promise<Sample>
  stop(): Promise<void>
}
