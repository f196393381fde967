import { AuditDecoder } from '@podwitness/audit'
import type { SourceCounters, SourceName, SourceSink } from '../source.ts'

/** Longest event, bytes: 12 records of an EXECVE with all its arguments fit many times. */
const MAX_EVENT_BYTES = 1024 * 1024
const TICK_MS = 100

/** Bytes of one stream to events of the sink, with wall time for what is incomplete. */
export class RecordReader {
  readonly #decoder: AuditDecoder
  readonly #sink: SourceSink
  readonly #counters: SourceCounters
  readonly #timer: NodeJS.Timeout

  constructor(name: SourceName, sink: SourceSink, options: { counters: SourceCounters; splitGlued?: boolean }) {
    this.#sink = sink
    this.#counters = options.counters
    this.#decoder = new AuditDecoder({
      onEvent: (event) => {
        this.#counters.events++
        sink.take(event, name)
      },
      onReject: ({ code }) => sink.reject(code, name),
      maxEventBytes: MAX_EVENT_BYTES,
      splitGlued: options.splitGlued === true,
      transient: true,
    })
    this.#timer = setInterval(() => {
      if (this.#decoder.pendingEvents === 0) return
      this.#decoder.tick(Date.now())
      void sink.room()
    }, TICK_MS)
    this.#timer.unref()
  }

  /** Takes bytes; resolves when there is room for more. */
  push(bytes: Uint8Array): Promise<void> {
    this.#counters.bytes += bytes.length
    this.#decoder.push(bytes)
    return this.#sink.room()
  }

  /** Ends the stream: what is open is given out as it is. */
  async end(): Promise<void> {
    clearInterval(this.#timer)
    this.#decoder.end()
    await this.#sink.room()
  }

  /** Ends without giving out what is open. */
  abandon(): void {
    clearInterval(this.#timer)
  }
}
