import { ArenaPool } from './arena-pool.ts'
import { type CoalesceLimits, Coalescer } from './coalescer.ts'
import type { DecodedEvent } from './decoded-event.ts'
import { gluedRecords } from './glued-records.ts'
import type { JournalBinary } from './journal-binary.ts'
import { JournalEntry } from './journal-entry.ts'
import { Header, markTruncated } from './parse-header.ts'
import { isDaemonRecord } from './record-type.ts'
import type { RejectCode } from './reject-code.ts'
import { SequenceTracker } from './sequence-tracker.ts'

/** Longest line taken, bytes; a kernel record is at most 8,970 (MAX_AUDIT_MESSAGE_LENGTH), enriched and prefixed a little more. */
export const MAX_LINE_BYTES = 65_536
const ARENA_BYTES = 1 << 20
/** Of those that are used again: several are kept at a time, on nodes whose memory is others'. */
const POOLED_ARENA_BYTES = 1 << 18
const NEWLINE = 10

/** A line that is no record. */
export interface Reject {
  /** From 1. */
  readonly line: number
  readonly code: RejectCode
  /** Beginning of the line, at most 1 KiB. */
  readonly text: string
  /** Length of the whole line. */
  readonly bytes: number
}

/** What a decoder has seen. */
export interface DecodeCounters {
  bytes: number
  lines: number
  records: number
  events: number
  rejects: Partial<Record<RejectCode, number>>
  /** Lines cut at the cap that still began with a record. */
  cut: number
  /** Records that came after their event had been given out. */
  late: number
  /** Serials that were skipped, see `SequenceTracker`; final after `end`. */
  gaps: number
}

export interface DecodeOptions extends Partial<CoalesceLimits> {
  readonly onEvent?: (event: DecodedEvent) => void
  readonly onReject?: (reject: Reject) => void
  /** Default 64 KiB. */
  readonly maxLineBytes?: number
  /**
   * Splits records that lost the newline between them, as auditd's af_unix plugin gives them to a slow reader
   * (audit-userspace 3.1.1 to 4.1.1). Only for that source: in a file, text of a user-space message could forge a record.
   */
  readonly splitGlued?: boolean
  /**
   * Events are valid only while `onEvent` runs: their memory is used again, which takes less of it and less time. Nothing
   * of an event may be kept but what its accessors returned, and of those no `Buffer`. Default no.
   */
  readonly transient?: boolean
}

/**
 * Turns bytes into audit events: any cut of the input gives the same events.
 * No I/O, no clock: event time decides, and `tick` brings wall time in for a live stream.
 */
export class AuditDecoder {
  readonly counters: DecodeCounters = { bytes: 0, lines: 0, records: 0, events: 0, rejects: {}, cut: 0, late: 0, gaps: 0 }
  readonly sequences = new SequenceTracker()
  readonly #header = new Header()
  readonly #journal = new JournalEntry()
  readonly #coalescer: Coalescer
  readonly #onReject: ((reject: Reject) => void) | undefined
  readonly #maxLine: number
  readonly #splitGlued: boolean
  readonly #pool: ArenaPool | undefined
  /** Bytes not yet used up: `#start` to `#end`. Filled once and then only read, so that events may point into it. */
  #arena: Buffer = Buffer.allocUnsafeSlow(0)
  #start = 0
  #end = 0
  #binary: JournalBinary | undefined
  /** Bytes thrown away of a line over the cap; −1 outside of one. */
  #skipped = -1

  constructor(options: DecodeOptions = {}) {
    const { onEvent, onReject, maxLineBytes, splitGlued, transient, ...limits } = options
    this.#splitGlued = splitGlued === true
    this.#maxLine = maxLineBytes ?? MAX_LINE_BYTES
    this.#onReject = onReject
    const defaults = {
      maxEventBytes: 16 << 20,
      maxPendingEvents: 16_384,
      maxPendingBytes: 64 << 20,
      timeoutMs: 2000,
      keepLoneEnds: false,
    }
    this.#pool = transient === true ? new ArenaPool(Math.max(POOLED_ARENA_BYTES, this.#maxLine * 4)) : undefined
    const give = (event: DecodedEvent) => {
      this.counters.events++
      onEvent?.(event)
    }
    this.#coalescer = new Coalescer({ ...defaults, ...limits }, give, this.#pool)
  }

  /** Takes the next bytes, cut anywhere. They are copied: the caller may use its buffer again. */
  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#end === this.#arena.length) this.#renew()
      const take = Math.min(chunk.length - at, this.#arena.length - this.#end)
      this.#arena.set(chunk.subarray(at, at + take), this.#end)
      const from = this.#end
      this.#end += take
      at += take
      this.#lines(from)
    }
  }

  /** Takes a last line without newline as it is and gives out everything open. */
  end(): void {
    if (this.#skipped >= 0) this.#endLongLine(this.#end)
    else if (this.#end > this.#start) this.#line(this.#start, this.#end)
    this.#start = this.#end
    this.#binary = undefined
    this.#endJournal()
    this.#coalescer.end()
    this.#count()
    this.counters.gaps = this.sequences.total(true)
  }

  /** Brings wall time in: gives out what has waited long enough. For live input; a file needs none. */
  tick(nowMs: number): void {
    this.#coalescer.tick(nowMs)
    this.#count()
  }

  get pendingEvents(): number {
    return this.#coalescer.pending
  }

  /** Bytes of input before the oldest open event, or up to its first line's end; infinite where none is open. */
  get pendingFrom(): number {
    return this.#coalescer.pendingFrom
  }

  #renew(): void {
    const rest = this.#arena.subarray(this.#start, this.#end)
    const next = this.#pool?.next() ?? Buffer.allocUnsafeSlow(Math.max(ARENA_BYTES, this.#maxLine * 4))
    next.set(rest)
    this.#arena = next
    this.#start = 0
    this.#end = rest.length
  }

  /** Reads the lines that end behind `from`. */
  #lines(from: number): void {
    const filled = this.#arena.subarray(0, this.#end)
    let search = from
    for (;;) {
      if (this.#binary !== undefined) {
        search = this.#takeBinary(this.#binary)
        if (this.#binary !== undefined) break
      }
      const newline = filled.indexOf(NEWLINE, search)
      const end = newline < 0 ? this.#end : newline
      if (this.#skipped < 0 && end - this.#start > this.#maxLine) this.#beginLongLine()
      if (newline < 0) break
      if (this.#skipped >= 0) this.#endLongLine(newline)
      else this.#line(this.#start, newline)
      this.#start = newline + 1
      search = newline + 1
    }
    if (this.#skipped >= 0) {
      this.#skipped += this.#end - this.#start
      this.#start = this.#end
    }
    this.#count()
  }

  /** Bytes of a journal field go past the lines: they may hold newlines. Answers where lines go on. */
  #takeBinary(field: JournalBinary): number {
    const next = field.take(this.#arena, this.#start, this.#end)
    this.counters.bytes += next - this.#start
    this.#start = next
    if (field.done) {
      this.#journal.takeBinary(field)
      this.#binary = undefined
    }
    return next
  }

  /** The line is over the cap: its beginning is a record or not; the rest is only counted. */
  #beginLongLine(): void {
    const arena = this.#arena
    const cut = this.#start + this.#maxLine
    this.counters.lines++
    this.counters.bytes += this.#maxLine
    this.#longLine = undefined
    if (this.#header.read(arena, this.#start, cut) === undefined) {
      markTruncated(this.#header)
      this.counters.cut++
      this.#record()
    } else this.#longLine = arena.toString('utf8', this.#start, this.#start + 1024)
    this.#skipped = this.#maxLine
    this.#start = cut
  }

  #longLine: string | undefined

  #endLongLine(end: number): void {
    const bytes = this.#skipped + end - this.#start
    this.counters.bytes += bytes - this.#maxLine + 1
    this.#skipped = -1
    if (this.#longLine !== undefined) this.#reject('line_too_long', this.#longLine, bytes)
    this.#longLine = undefined
  }

  #line(start: number, end: number): void {
    this.counters.lines++
    this.counters.bytes += end - start + 1
    const arena = this.#arena
    const first = arena[start] as number
    // Journal entries: `{…}` in JSON, `NAME=` in upper case in the export format.
    if (start < end && (first === 0x7b || first === 0x5f || (first >= 0x41 && first <= 0x5a))) {
      if (this.#journal.take(arena, start, end)) {
        if (this.#journal.complete) this.#endJournal()
        return
      }
      this.#binary = this.#journal.binary(arena, start, end)
      if (this.#binary !== undefined) return
    } else if (this.#journal.open && start === end) {
      this.#endJournal()
      return
    }
    let from = start
    for (const cut of this.#splitGlued ? gluedRecords(arena, start, end) : []) {
      this.#readLine(from, cut)
      from = cut
    }
    this.#readLine(from, end)
  }

  #readLine(start: number, end: number): void {
    const arena = this.#arena
    const code = this.#header.read(arena, start, end)
    if (code === undefined) this.#record()
    else if (end > start && !(end === start + 1 && arena[start] === 0x0d)) {
      this.#reject(code, arena.toString('utf8', start, Math.min(end, start + 1024)), end - start)
    }
  }

  #endJournal(): void {
    const line = this.#journal.close()
    if (line === undefined) return
    const code = this.#header.read(line, 0, line.length)
    if (code === undefined) this.#record(line)
    else this.#reject(code, line.toString('utf8', 0, 1024), line.length)
  }

  #record(line: Buffer = this.#arena): void {
    this.counters.records++
    const header = this.#header
    if (!isDaemonRecord(header.type.number)) this.sequences.note(header.node, header.seq)
    this.#coalescer.add(header, line, this.counters.bytes)
  }

  #reject(code: RejectCode, text: string, bytes: number): void {
    this.counters.rejects[code] = (this.counters.rejects[code] ?? 0) + 1
    this.#onReject?.({ line: this.counters.lines, code, text, bytes })
  }

  #count(): void {
    this.counters.late = this.#coalescer.late
  }
}

/** A decoder; see `AuditDecoder`. */
export function createAuditDecoder(options?: DecodeOptions): AuditDecoder {
  return new AuditDecoder(options)
}
