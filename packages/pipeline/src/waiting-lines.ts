import { FRAME, type FrameKind, frameBytes } from './frame.ts'
import type { Entry } from './segment-store.ts'
import { merge, type SpoolLoss } from './spool-loss.ts'
import { LEAST_SEGMENT_BYTES, SEGMENTS, type SpoolCounters, type SpoolOptions } from './spool-options.ts'

const GROUP_BYTES = 1024 * 1024

/** A line that is not on the disk yet; `done` is told when it and those before it of its call are. */
export interface Waiting extends Entry {
  readonly done: (() => void) | undefined
}

/** Lines in memory until the disk takes them, within a bound; what is over it is lost and counted. */
export class WaitingLines {
  readonly #options: Required<SpoolOptions>
  readonly #counters: SpoolCounters
  /** Number that the next line on the disk has. */
  readonly #nextSeq: () => number
  #lines: Waiting[] = []
  #bytes = 0
  #overflow: SpoolLoss | undefined

  constructor(options: Required<SpoolOptions>, counters: SpoolCounters, nextSeq: () => number) {
    this.#options = options
    this.#counters = counters
    this.#nextSeq = nextSeq
  }

  get bytes(): number {
    return this.#bytes
  }

  get count(): number {
    return this.#lines.length
  }

  /** Lines of a call that may wait; those that cannot are counted. */
  admit(lines: readonly Uint8Array[], kind: FrameKind): readonly Uint8Array[] {
    const payloads = this.#fitting(lines, kind)
    const bytes = payloads.reduce((sum, payload) => sum + frameBytes(payload), 0)
    if (this.#bytes + bytes <= this.#roomInMemory(kind)) return payloads
    if (kind === FRAME.data) this.#overflowed(payloads.length)
    return []
  }

  /** Adds lines that were admitted. @param done Is called when all of them are on the disk. */
  add(payloads: readonly Uint8Array[], kind: FrameKind, done: () => void): void {
    payloads.forEach((payload, index) => {
      this.#bytes += frameBytes(payload)
      this.#lines.push({ payload, kind, done: index === payloads.length - 1 ? done : undefined })
    })
  }

  /** What goes into one segment at once: a group larger than a small spool's segments would find no room that can be made. */
  group(allowedBytes: number): Waiting[] {
    const most = Math.min(GROUP_BYTES, Math.max(LEAST_SEGMENT_BYTES, allowedBytes / SEGMENTS))
    let bytes = 0
    let count = 0
    for (const { payload } of this.#lines) {
      bytes += frameBytes(payload)
      if (count > 0 && bytes > most) break
      count++
    }
    return this.#lines.slice(0, count)
  }

  /** The first lines, those of a group, are on the disk. */
  settle(group: readonly Waiting[]): void {
    this.#lines.splice(0, group.length)
    for (const { payload, done } of group) {
      this.#bytes -= frameBytes(payload)
      done?.()
    }
  }

  /** What was lost here and is not on the disk as a loss yet; it is forgotten. */
  takeOverflow(): SpoolLoss | undefined {
    const overflow = this.#overflow
    this.#overflow = undefined
    return overflow
  }

  /** Remembers a loss that could not be written. */
  giveBack(overflow: SpoolLoss | undefined): void {
    if (overflow !== undefined) this.#overflow = merge(this.#overflow, overflow)
  }

  /** Lines without those that would take more than half of the spool: they are counted, as waiting for room would not end. */
  #fitting(lines: readonly Uint8Array[], kind: FrameKind): readonly Uint8Array[] {
    const most = this.#options.limits.maxBytes / 2
    if (lines.every((line) => frameBytes(line) <= most)) return lines
    const fitting = lines.filter((line) => frameBytes(line) <= most)
    if (kind === FRAME.data) this.#overflowed(lines.length - fitting.length, 'it was larger than half of the spool')
    return fitting
  }

  /** Bytes that may wait in memory; notes of losses are few and have as much again. */
  #roomInMemory(kind: FrameKind): number {
    const { policy, maxPendingBytes } = this.#options
    if (kind === FRAME.passing) return maxPendingBytes
    if (policy === 'block') return Number.POSITIVE_INFINITY
    return kind === FRAME.keep ? maxPendingBytes * 2 : maxPendingBytes
  }

  #overflowed(count: number, reason = 'the disk took nothing and memory was used up'): void {
    const sinceMs = Date.now()
    this.#counters.dropped += count
    this.#overflow = merge(this.#overflow, {
      fromSeq: this.#nextSeq(),
      toSeq: this.#nextSeq(),
      count,
      sinceMs,
      untilMs: sinceMs,
      reason,
    })
  }
}
