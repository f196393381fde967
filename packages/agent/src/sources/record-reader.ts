import { AuditDecoder } from '@podwitness/audit'
import type { SourceCounters, SourceName, SourceSink } from '../source.ts'

/** Longest event, bytes: 12 records of an EXECVE with all its arguments fit many times. */
const MAX_EVENT_BYTES = 1024 * 1024
/** A little more than the idle time after which the decoder gives out what looks complete, milliseconds. */
const TICK_MS = 60

/** Most that the clock moves on in one tick, milliseconds: a process that was not let run has not seen its input idle. */
const MOST_A_TICK_MS = 2 * TICK_MS

/**
 * Bytes of one stream to events of the sink. What is incomplete is given out by time, and only time counts in which the
 * stream was idle: while its reader waits for room, for the disk or for the processor, the rest of an event may be there.
 */
export class RecordReader {
  /** The source is looking for input, and does not know yet whether there is some. */
  looking = false
  readonly #decoder: AuditDecoder
  readonly #sink: SourceSink
  readonly #counters: SourceCounters
  /** Runs only while an event is open. */
  #timer: NodeJS.Timeout | undefined
  #pushing = 0
  #idleMs = 1
  #tickedMs = 0
  #ended = false

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
  }

  #awaitRest(): void {
    if (this.#timer !== undefined || this.#decoder.pendingEvents === 0 || this.#ended) return
    this.#tickedMs = Date.now()
    this.#timer = setInterval(() => this.#tick(Date.now()), TICK_MS)
    this.#timer.unref()
  }

  #rest(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #tick(nowMs: number): void {
    if (this.#decoder.pendingEvents === 0) {
      this.#rest()
      return
    }
    const passedMs = Math.min(nowMs - this.#tickedMs, MOST_A_TICK_MS)
    this.#tickedMs = nowMs
    if (this.looking || this.#pushing > 0 || this.#counters.behindBytes > 0) return
    this.#idleMs += Math.max(0, passedMs)
    this.#decoder.tick(this.#idleMs)
    void this.#sink.room()
  }

  /** Bytes that were taken before the oldest event that is not given out yet; infinite where there is none. */
  get openFrom(): number {
    return this.#decoder.pendingFrom
  }

  /** Takes bytes; resolves when there is room for more. */
  async push(bytes: Uint8Array): Promise<void> {
    this.#counters.bytes += bytes.length
    this.#decoder.push(bytes)
    this.#awaitRest()
    this.#pushing++
    await this.#sink.room()
    this.#pushing--
  }

  /** Ends the stream: what is open is given out as it is. */
  async end(): Promise<void> {
    this.#stop()
    this.#decoder.end()
    await this.#sink.room()
  }

  /** Ends without giving out what is open. */
  abandon(): void {
    this.#stop()
  }

  #stop(): void {
    this.#ended = true
    this.#rest()
  }
}
