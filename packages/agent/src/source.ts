import type { DecodedEvent } from '@podwitness/audit'

/** What a source hands on. */
export interface SourceSink {
  /** Takes an event, which is looked at only during the call: its memory is used again. */
  take(event: DecodedEvent, from: SourceName): void
  /** Called after each read: resolves when there is room for more. */
  room(): Promise<void>
  /** Since when something taken from this source has not become safe, milliseconds since the Unix epoch; infinity where all is. */
  unsafeSinceMs(from: SourceName): number
  /** A line that is no record. */
  reject(code: string, from: SourceName): void
  /** A thing worth saying to a person. */
  say(text: string): void
}

/** How a source is named in `via`. */
export type SourceName = 'af_unix' | 'audit.log' | 'syslog' | 'stdin' | 'journald'

/** What a source knows of itself. */
export interface SourceCounters {
  bytes: number
  events: number
  /** Connections made, files opened. */
  opened: number
  errors: number
  /** Bytes that wait to be read, where that can be known. */
  behindBytes: number
}

/** One way by which audit records come in. */
export interface Source {
  readonly name: SourceName
  readonly counters: SourceCounters
  /** When its input was last read to the end, milliseconds since the Unix epoch; only where that can be known. */
  readToMs?(): number
  /** Reads until the signal is aborted or, for standard input, until the end. Trouble is said and tried again, not thrown. */
  run(sink: SourceSink, signal: AbortSignal): Promise<void>
}

export function newCounters(): SourceCounters {
  return { bytes: 0, events: 0, opened: 0, errors: 0, behindBytes: 0 }
}
