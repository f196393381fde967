import { FRAME, FRAME_HEADER_BYTES, type Frame, frameBytes, readFrame, SEGMENT_MAGIC, writeFrame } from './frame.ts'
import { readRange, type Segment, segmentPath } from './segment-file.ts'
import type { SegmentStore } from './segment-store.ts'
import type { SpoolLoss } from './spool-loss.ts'
import type { CursorState } from './state-file.ts'

/** Lines that go out together. */
export interface Batch {
  /** `<spool>.<segment>.<offset>`: the same lines always have the same name. */
  readonly id: string
  readonly frames: readonly Frame[]
  readonly segment: number
  readonly offset: number
  /** Where the next batch begins in the segment. */
  readonly end: number
}

/** How large a batch may get; one line always fits. */
export interface BatchLimits {
  readonly maxBytes: number
  readonly maxLines: number
}

const HEAD = SEGMENT_MAGIC.length
const MAX_KEPT_BYTES = 4 * 1024 * 1024
/** Kept memory grows in such steps: nodes have little of it to spare. */
const STEP_BYTES = 256 * 1024

/** Walks over the segments of a spool from a position on, batch by batch. */
export class SpoolReader {
  /** Segment at which another reader begins; null: to the newest. */
  until: number | null
  readonly #store: SegmentStore
  readonly #spool: string
  #position: CursorState
  #buffer = Buffer.alloc(0)

  constructor(store: SegmentStore, spool: string, position: CursorState, until: number | null = null) {
    this.#store = store
    this.#spool = spool
    this.#position = { ...position, offset: Math.max(position.offset, HEAD) }
    this.until = until
  }

  get position(): CursorState {
    return this.#position
  }

  get segment(): number {
    return this.#position.segment
  }

  get offset(): number {
    return this.#position.offset
  }

  /** A batch from here was handed out and not acknowledged. */
  get sending(): boolean {
    return this.#position.sendingEnd > 0
  }

  /** Nothing of the segment it stands in was handed out. */
  get untouched(): boolean {
    return this.#position.offset === HEAD && !this.sending
  }

  /** Bytes not acknowledged. */
  get unsentBytes(): number {
    let sum = 0
    for (const { first, bytes } of this.#mine()) {
      if (first === this.#position.segment) sum += Math.max(0, bytes - this.#position.offset)
      else if (first > this.#position.segment) sum += bytes - HEAD
    }
    return sum
  }

  /**
   * The next batch, or the one that was handed out and not acknowledged; undefined where there is none.
   * Its lines are valid until the next call.
   */
  async take(limits: BatchLimits): Promise<Batch | undefined> {
    for (;;) {
      const segment = this.#mine().find(({ first }) => first >= this.#position.segment)
      if (segment === undefined) return undefined
      if (segment.first !== this.#position.segment) this.#enter(segment)
      if (this.#position.offset >= segment.bytes) {
        if (segment === this.#store.active) return undefined
        await this.#store.remove(segment)
        continue
      }
      const frames = await this.#read(segment, limits)
      if (frames.length > 0) return this.#batch(frames)
      await this.#damaged(segment)
    }
  }

  /** Notes that a batch has arrived. */
  ack(batch: Batch): void {
    const seq = (batch.frames.at(-1)?.seq ?? this.#position.seq - 1) + 1
    this.#position = { segment: batch.segment, offset: batch.end, seq, sendingEnd: 0 }
  }

  /** The first half of a batch that was too large, under the same name. */
  halve(batch: Batch): Batch {
    return this.#batch(batch.frames.slice(0, Math.ceil(batch.frames.length / 2)))
  }

  /** Goes on behind a segment that is being removed. */
  leave(segment: number): void {
    if (this.#position.segment !== segment) return
    const next = this.#mine().find(({ first }) => first > segment)
    if (next !== undefined) this.#enter(next)
  }

  #mine(): Segment[] {
    const { until } = this
    return until === null ? this.#store.segments : this.#store.segments.filter(({ first }) => first < until)
  }

  #enter(segment: Segment): void {
    this.#position = { segment: segment.first, offset: HEAD, seq: segment.first, sendingEnd: 0 }
  }

  #batch(frames: readonly Frame[]): Batch {
    const { segment, offset } = this.#position
    const end = frames.reduce((at, { payload }) => at + frameBytes(payload), offset)
    this.#position = { ...this.#position, sendingEnd: end }
    return { id: `${this.#spool}.${segment}.${offset}`, frames, segment, offset, end }
  }

  async #read(segment: Segment, { maxBytes, maxLines }: BatchLimits): Promise<Frame[]> {
    const path = segmentPath(this.#store.folder, segment.first)
    const { offset, sendingEnd } = this.#position
    const again = sendingEnd > offset
    const stop = again ? Math.min(sendingEnd, segment.bytes) : Math.min(segment.bytes, offset + maxBytes)
    let bytes = await this.#range(path, offset, stop)
    if (!again && bytes.length >= FRAME_HEADER_BYTES) {
      const firstEnd = FRAME_HEADER_BYTES + bytes.readUInt32LE(0)
      if (firstEnd > bytes.length && offset + firstEnd <= segment.bytes)
        bytes = await this.#range(path, offset, offset + firstEnd)
    }
    const frames: Frame[] = []
    let at = 0
    for (let frame = readFrame(bytes, at); frame !== undefined; frame = readFrame(bytes, at)) {
      frames.push(frame)
      at = frame.end
      if (!again && frames.length >= maxLines) break
    }
    return frames
  }

  /** Reads into memory that the batch before stood in: it has arrived, or is the same. */
  #range(path: string, from: number, to: number): Promise<Buffer> {
    const bytes = to - from
    if (bytes <= MAX_KEPT_BYTES && bytes > this.#buffer.length)
      this.#buffer = Buffer.allocUnsafeSlow(Math.ceil(bytes / STEP_BYTES) * STEP_BYTES)
    return readRange(path, from, to, this.#buffer)
  }

  /** The disk gave back other bytes than were written: what is left of the segment is lost, and said so. */
  async #damaged(segment: Segment): Promise<void> {
    const { seq, offset } = this.#position
    const next = this.#store.segments.find(({ first }) => first > segment.first)?.first ?? this.#store.nextSeq
    const loss: SpoolLoss = {
      fromSeq: seq,
      toSeq: next - 1,
      count: next - seq,
      sinceMs: segment.sinceMs,
      untilMs: segment.untilMs,
      reason: 'damaged on disk',
    }
    const payload = Buffer.from(JSON.stringify(loss))
    const frame = Buffer.alloc(frameBytes(payload))
    writeFrame(frame, 0, { seq, kind: FRAME.loss, payload })
    if (segment === this.#store.active) await this.#store.rotate()
    await this.#store.shorten(segment, offset, frame)
    this.#position = { ...this.#position, sendingEnd: 0 }
  }
}
