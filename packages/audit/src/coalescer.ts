import { DecodedEvent } from './decoded-event.ts'
import type { Completion } from './event-reading.ts'
import { isSame, OpenEvents } from './open-events.ts'
import type { Header } from './parse-header.ts'
import { PendingEvent } from './pending-event.ts'
import { AuditRecord } from './record.ts'
import { standsAlone, TYPE } from './record-type.ts'
import { withScratchTokens } from './tokenise.ts'
import { Tombstones } from './tombstones.ts'

/** Bounds and waits of the coalescer. */
export interface CoalesceLimits {
  /** Bytes of records one event may hold; more are dropped and the event is flagged. Default 16 MiB. */
  readonly maxEventBytes: number
  /** Events open at a time; over it the oldest is given out as it is. Default 16,384. */
  readonly maxPendingEvents: number
  /** How far the input may move on while an event stays open, bytes: also bounds the memory held. Default 64 MiB. */
  readonly maxPendingBytes: number
  /** How far event time (and wall time, see `tick`) may move on while an event without EOE stays open. Default 2 s. */
  readonly timeoutMs: number
  /** Whether an EOE whose event never came is an event of its own, flagged `incomplete`, and not only counted. Default no. */
  readonly keepLoneEnds: boolean
}

/** Told which buffers the records of events that are still open stand in. */
export interface BufferUse {
  hold(buffer: Buffer): void
  free(buffer: Buffer): void
}

/** Lines that must pass before a rule about record types or time may close an event: neighbours interleave. */
const SETTLE_LINES = 64

/** With `tick`: idle time after which an event whose records look complete is given out, ms. */
const SETTLE_MS = 50

/** Most records, and events, kept to be used again. */
const MAX_SPARE = 4096

/**
 * Puts records of one (node, time, serial) together and gives events out in the order of their first record.
 *
 * An event ends by EOE; by record types (user space logs single records; the kernel writes PROCTITLE last) once enough
 * other lines have passed; by event time; by wall time when the caller ticks; or at a bound. The first event in order
 * holds back those behind it, at most until one of these ends it.
 */
export class Coalescer {
  readonly #limits: CoalesceLimits
  readonly #emit: (event: DecodedEvent) => void
  readonly #use: BufferUse | undefined
  readonly #open = new OpenEvents()
  readonly #spareEvents: PendingEvent[] = []
  readonly #spareRecords: AuditRecord[] = []
  readonly #tombstones = new Tombstones()
  #queue: (PendingEvent | undefined)[] = []
  #head = 0
  #latest: PendingEvent | undefined
  #lines = 0
  #newestMs = 0
  #wallMs = 0
  /** Records that came after their event was given out. */
  late = 0
  /** EOE without an event. */
  strayEnds = 0

  /** @param use With it, events are valid only while `emit` runs. */
  constructor(limits: CoalesceLimits, emit: (event: DecodedEvent) => void, use?: BufferUse) {
    this.#use = use
    this.#limits = limits
    this.#emit = emit
  }

  get pending(): number {
    return this.#queue.length - this.#head
  }

  /** Bytes of input before the oldest open event; infinite where none is open. */
  get pendingFrom(): number {
    return this.#first()?.openedAt ?? Number.POSITIVE_INFINITY
  }

  /**
   * Takes the record whose header was just read.
   *
   * @param offset Bytes of input before it.
   */
  add(header: Header, line: Buffer, offset: number): void {
    this.#lines++
    if (header.timeMs > this.#newestMs || header.timeMs < this.#newestMs - 60_000) this.#newestMs = header.timeMs
    const isEnd = header.type.number === TYPE.EOE
    let event = this.#find(header)
    if (event === undefined) {
      if (isEnd) this.#loneEnd(header, line, offset)
      else event = this.#start(header, offset)
    }
    if (event !== undefined) {
      this.#latest = event
      if (isEnd) event.ended = true
      else this.#append(event, header, line)
    }
    this.#release(offset)
  }

  /** Gives out what has waited long enough by wall time. Call it every 50 to 500 ms while input is idle. */
  tick(nowMs: number): void {
    this.#wallMs = nowMs
    for (let event = this.#first(); event !== undefined; event = this.#first()) {
      if (event.wallMs === 0) {
        for (let i = this.#head; i < this.#queue.length; i++) {
          const waiting = this.#queue[i] as PendingEvent
          if (waiting.wallMs === 0) waiting.wallMs = nowMs
        }
      }
      const waited = nowMs - event.wallMs
      if (event.settled && waited >= SETTLE_MS) this.#give('types')
      else if (waited >= this.#limits.timeoutMs) this.#give('timeout')
      else return
    }
  }

  /** Gives out everything that is open. */
  end(): void {
    while (this.#first() !== undefined) this.#give('end')
  }

  #find(header: Header): PendingEvent | undefined {
    const latest = this.#latest
    if (latest !== undefined && isSame(latest, header)) return latest
    return this.#open.find(header)
  }

  /** The records of this event are lost, or it was given out before its end came. */
  #loneEnd(header: Header, line: Buffer, offset: number): void {
    this.strayEnds++
    if (!this.#limits.keepLoneEnds || this.#tombstones.has(header.node, header.timeMs, header.seq)) return
    const event = this.#start(header, offset)
    this.#append(event, header, line)
    event.ended = true
  }

  #start(header: Header, offset: number): PendingEvent {
    const late = this.#tombstones.has(header.node, header.timeMs, header.seq)
    const event = this.#spareEvents.pop() ?? new PendingEvent()
    event.begin(header, offset, late)
    this.#open.add(event)
    this.#queue.push(event)
    return event
  }

  #append(event: PendingEvent, header: Header, line: Buffer): void {
    const { number } = header.type
    if (event.late) this.late++
    event.lastLine = this.#lines
    event.wallMs = this.#wallMs
    if (number === TYPE.SYSCALL) event.hasSyscall = true
    else if (number === TYPE.PROCTITLE) event.hasTitle = true
    if (!standsAlone(number)) event.onlyAlone = false
    const size = header.lineEnd - header.lineStart
    event.bytes += size
    if (event.bytes > this.#limits.maxEventBytes && event.records.length > 0) event.capped = true
    else {
      event.records.push(this.#recordOf(header, line))
      this.#use?.hold(line)
    }
  }

  #recordOf(header: Header, line: Buffer): AuditRecord {
    const spare = this.#spareRecords.pop()
    if (spare === undefined) return new AuditRecord(header.type, line, header)
    spare.become(header.type, line, header)
    return spare
  }

  #release(offset: number): void {
    const { maxPendingEvents, maxPendingBytes, timeoutMs } = this.#limits
    for (let event = this.#first(); event !== undefined; event = this.#first()) {
      const quiet = this.#lines - event.lastLine
      if (event.ended) this.#give('eoe')
      else if (quiet >= SETTLE_LINES && event.settled) this.#give('types')
      else if (quiet >= SETTLE_LINES && this.#newestMs - event.timeMs >= timeoutMs) this.#give('timeout')
      else if (this.pending > maxPendingEvents || offset - event.openedAt > maxPendingBytes) this.#give('bound')
      else return
    }
  }

  #first(): PendingEvent | undefined {
    return this.#queue[this.#head]
  }

  #give(completion: Completion): void {
    const event = this.#queue[this.#head] as PendingEvent
    this.#queue[this.#head++] = undefined
    if (this.#head > 1024 && this.#head * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head)
      this.#head = 0
    }
    this.#open.remove(event)
    if (this.#latest === event) this.#latest = undefined
    this.#tombstones.add(event.node, event.timeMs, event.seq)
    const { node, timeMs, seq, records, late, capped } = event
    const given = new DecodedEvent({ node, timeMs, seq, records, completion, late, capped })
    if (this.#use === undefined) this.#emit(given)
    else {
      withScratchTokens(this.#emit, given)
      this.#keep(event, this.#use)
    }
  }

  /** Nobody looks at the event any more: its objects and its bytes are used again. */
  #keep(event: PendingEvent, use: BufferUse): void {
    const { records } = event
    for (const record of records) {
      use.free(record.line)
      if (this.#spareRecords.length < MAX_SPARE) this.#spareRecords.push(record)
    }
    if (this.#spareEvents.length >= MAX_SPARE) return
    // The array belonged to the event that was given out; a long one is not worth keeping.
    if (records.length <= 64) records.length = 0
    else event.records = []
    this.#spareEvents.push(event)
  }
}
