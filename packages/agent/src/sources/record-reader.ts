import { AuditDecoder, type DecodedEvent } from '@podwitness/audit'
import type { SourceCounters, SourceName, SourceSink } from '../source.ts'

/** Longest event, bytes: 12 records of an EXECVE with all its arguments fit many times. */
const MAX_EVENT_BYTES = 1024 * 1024
const TICK_MS = 100

/** Bytes of one stream to events of the sink, with wall time for what is incomplete. */
export class RecordReader {
  readonly #decoder: AuditDecoder
  readonly #sink: SourceSink
  readonly #name: SourceName
  readonly #counters: SourceCounters
  readonly #timer: NodeJS.Timeout
  #events: DecodedEvent[] = []

  constructor(name: SourceName, sink: SourceSink, options: { counters: SourceCounters; splitGlued?: boolean }) {
    this.#name = name
    this.#sink = sink
    this.#counters = options.counters
    this.#decoder = new AuditDecoder({
      onEvent: (event) => this.#events.push(event),
      onReject: ({ code }) => sink.reject(code, name),
      maxEventBytes: MAX_EVENT_BYTES,
      splitGlued: options.splitGlued === true,
    })
    this.#timer = setInterval(() => {
      if (this.#decoder.pendingEvents === 0) return
      this.#decoder.tick(Date.now())
      void this.#give()
    }, TICK_MS)
    this.#timer.unref()
  }

  /** Takes bytes; resolves when there is room for more. */
  push(bytes: Uint8Array): Promise<void> {
    this.#counters.bytes += bytes.length
    this.#decoder.push(bytes)
    return this.#give()
  }

  /** Ends the stream: what is open is given out as it is. */
  async end(): Promise<void> {
    clearInterval(this.#timer)
    this.#decoder.end()
    await this.#give()
  }

  /** Ends without giving out what is open. */
  abandon(): void {
    clearInterval(this.#timer)
  }

  async #give(): Promise<void> {
    const events = this.#events
    if (events.length === 0) return
    this.#events = []
    this.#counters.events += events.length
    await this.#sink.take(events, this.#name)
  }
}
