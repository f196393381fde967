import { type FileHandle, open, unlink } from 'node:fs/promises'
import { syncFolder } from './durable-file.ts'
import { FRAME, type FrameKind, frameBytes, SEGMENT_MAGIC, writeFrame } from './frame.ts'
import { listSegments, type Segment, scanSegment, segmentPath } from './segment-file.ts'
import { readLoss } from './spool-loss.ts'

/** A payload on its way into a segment. */
export interface Entry {
  readonly payload: Uint8Array
  readonly kind: FrameKind
}

const HEAD = SEGMENT_MAGIC.length
const MAX_KEPT_BYTES = 2 * 1024 * 1024
/** Kept memory grows in such steps: nodes have little of it to spare. */
const STEP_BYTES = 256 * 1024
/** More than a loss takes with its head. */
const MAX_LOSS_FRAME_BYTES = 4096

/** The files of a spool: one is written, the others are read and go. */
export class SegmentStore {
  readonly folder: string
  readonly segments: Segment[]
  /** Sequence number of the next frame. */
  nextSeq: number
  #file: FileHandle
  #buffer = Buffer.alloc(0)

  private constructor(folder: string, segments: Segment[], nextSeq: number, file: FileHandle) {
    this.folder = folder
    this.segments = segments
    this.nextSeq = nextSeq
    this.#file = file
  }

  /** Opens a folder's segments; what a crash left behind the last good frame is cut off. */
  static async open(folder: string, firstSeq: number): Promise<SegmentStore> {
    const segments = await withoutAbsorbed(folder, await listSegments(folder))
    let nextSeq = firstSeq
    const last = segments.at(-1)
    if (last !== undefined) {
      const { frames, end } = await scanSegment(segmentPath(folder, last.first))
      nextSeq = Math.max(nextSeq, last.first, (frames.at(-1)?.seq ?? -1) + 1)
      const file = await open(segmentPath(folder, last.first), 'r+')
      if (end < HEAD) await file.write(SEGMENT_MAGIC, 0, HEAD, 0)
      last.bytes = Math.max(end, HEAD)
      await file.truncate(last.bytes)
      await file.sync()
      return new SegmentStore(folder, segments, nextSeq, file)
    }
    const { segment, file } = await begin(folder, nextSeq)
    return new SegmentStore(folder, [segment], nextSeq, file)
  }

  get active(): Segment {
    return this.segments.at(-1) as Segment
  }

  /** Bytes of all segments. */
  get bytes(): number {
    let sum = 0
    for (const segment of this.segments) sum += segment.bytes
    return sum
  }

  /** Begins a new segment; the file system has the old one whole. */
  async rotate(): Promise<void> {
    if (this.active.bytes === HEAD) return
    const { segment, file } = await begin(this.folder, this.nextSeq)
    await this.#file.close()
    this.#file = file
    this.segments.push(segment)
  }

  /** Deletes the segment being written, of which everything has arrived, and begins another: on a full disk in this order. */
  async renew(): Promise<void> {
    const { active } = this
    await this.#file.close()
    await unlink(segmentPath(this.folder, active.first)).catch(ignoreMissing)
    const { segment, file } = await begin(this.folder, this.nextSeq)
    this.#file = file
    this.segments.splice(this.segments.indexOf(active), 1, segment)
  }

  /**
   * Writes entries behind the last one; durable when the promise resolves. After a failure the segment is as before.
   *
   * @throws What the file system says, for example ENOSPC.
   */
  async write(entries: readonly Entry[]): Promise<void> {
    let size = 0
    for (const { payload } of entries) size += frameBytes(payload)
    const buffer = this.#room(size)
    let at = 0
    let seq = this.nextSeq
    for (const { payload, kind } of entries) at = writeFrame(buffer, at, { seq: seq++, kind, payload })
    const { active } = this
    try {
      for (let written = 0; written < size; ) {
        const { bytesWritten } = await this.#file.write(buffer, written, size - written, active.bytes + written)
        written += bytesWritten
      }
      await this.#file.datasync()
    } catch (error) {
      await this.#file.truncate(active.bytes)
      throw error
    }
    active.bytes += size
    active.untilMs = Date.now()
    this.nextSeq = seq
  }

  /** Room for a group, used again for the next: one write is made at a time. A very large one is not worth keeping. */
  #room(bytes: number): Buffer {
    if (bytes > MAX_KEPT_BYTES) return Buffer.allocUnsafeSlow(bytes)
    if (bytes > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(Math.ceil(bytes / STEP_BYTES) * STEP_BYTES)
    return this.#buffer
  }

  /** Deletes a segment that is not being written. */
  async remove(segment: Segment): Promise<void> {
    this.segments.splice(this.segments.indexOf(segment), 1)
    await unlink(segmentPath(this.folder, segment.first)).catch(ignoreMissing)
  }

  /**
   * Replaces a segment's frames from `offset` on by a few, in place: a full disk has no room for another file.
   * A crash in between leaves the new frames and, behind them, bytes whose checksum is wrong.
   */
  async shorten(segment: Segment, offset: number, frames: Buffer): Promise<void> {
    const file = await open(segmentPath(this.folder, segment.first), 'r+')
    try {
      await file.write(frames, 0, frames.length, offset)
      await file.datasync()
      await file.truncate(offset + frames.length)
      await file.sync()
    } finally {
      await file.close()
    }
    segment.bytes = offset + frames.length
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}

/** A crash between writing merged remains and deleting what they were merged from would count its losses twice. */
async function withoutAbsorbed(folder: string, segments: readonly Segment[]): Promise<Segment[]> {
  const absorbed = new Set<number>()
  for (const { first } of segments) {
    const { frames } = await scanSegment(segmentPath(folder, first), HEAD, MAX_LOSS_FRAME_BYTES)
    const loss = frames[0]?.kind === FRAME.loss ? readLoss(frames[0].payload) : undefined
    if (loss?.absorbed !== undefined && loss.absorbed < first) absorbed.add(loss.absorbed)
  }
  for (const { first } of segments) if (absorbed.has(first)) await unlink(segmentPath(folder, first)).catch(ignoreMissing)
  return segments.filter(({ first }) => !absorbed.has(first))
}

async function begin(folder: string, first: number): Promise<{ segment: Segment; file: FileHandle }> {
  const path = segmentPath(folder, first)
  const file = await open(path, 'w', 0o600)
  try {
    await file.write(SEGMENT_MAGIC, 0, HEAD, 0)
    await file.sync()
    await syncFolder(folder)
  } catch (error) {
    await file.close()
    await unlink(path).catch(ignoreMissing)
    throw error
  }
  const now = Date.now()
  return { segment: { first, bytes: HEAD, sinceMs: now, untilMs: now }, file }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
