import { FRAME, type Frame, type FrameKind, frameBytes, SEGMENT_MAGIC, writeFrame } from './frame.ts'
import { type Segment, scanSegment, segmentPath } from './segment-file.ts'
import type { SegmentStore } from './segment-store.ts'
import { remainsOf } from './spool-loss.ts'
import type { SpoolReader } from './spool-reader.ts'

/**
 * Makes room: the oldest segment with unsent lines loses them. In their place stay one loss, which says what and how much,
 * and lines that must be kept. Earlier such remains are merged into it, so that they do not pile up.
 * A segment from which a batch is on its way stays: its lines may have arrived.
 *
 * @returns Lines lost; −1 where nothing could go.
 */
export async function dropOldest(store: SegmentStore, readers: readonly SpoolReader[], reason: string): Promise<number> {
  let remnant: Segment | undefined
  for (const segment of store.segments.slice(0, -1)) {
    const reader = readers.find(({ segment: first }) => first === segment.first)
    if (reader?.sending === true) {
      remnant = undefined
      continue
    }
    const offset = reader?.offset ?? SEGMENT_MAGIC.length
    const { frames } = await scanSegment(segmentPath(store.folder, segment.first), offset)
    if (remnant === undefined && frames.every(({ kind }) => kind === FRAME.loss || kind === FRAME.keep)) {
      remnant = segment
      continue
    }
    if (offset > SEGMENT_MAGIC.length) remnant = undefined // What is merged stands first, where it is looked for after a crash.
    const before = remnant === undefined ? [] : await unsent(store, remnant, readers)
    const { loss, kept } = remainsOf([...before, ...frames], {
      ...spooled(segment, remnant),
      reason,
      roomBytes: segment.bytes / 2, // So that something is won by it.
    })
    const told = loss === undefined || remnant === undefined ? loss : { ...loss, absorbed: remnant.first }
    const rest = encode(
      told === undefined ? kept : [Buffer.from(JSON.stringify(told)), ...kept],
      told !== undefined,
      segment.first,
    )
    if (offset + rest.length >= segment.bytes) continue
    await store.shorten(segment, offset, rest)
    if (remnant !== undefined) {
      for (const other of readers) other.leave(remnant.first)
      await store.remove(remnant)
    }
    return frames.filter(({ kind }) => kind === FRAME.data).length
  }
  return -1
}

async function unsent(store: SegmentStore, segment: Segment, readers: readonly SpoolReader[]): Promise<Frame[]> {
  const reader = readers.find(({ segment: first }) => first === segment.first)
  return (await scanSegment(segmentPath(store.folder, segment.first), reader?.offset)).frames
}

function spooled(segment: Segment, remnant: Segment | undefined): { sinceMs: number; untilMs: number } {
  return { sinceMs: Math.min(segment.sinceMs, remnant?.sinceMs ?? segment.sinceMs), untilMs: segment.untilMs }
}

function encode(payloads: readonly Buffer[], firstIsLoss: boolean, seq: number): Buffer {
  const buffer = Buffer.alloc(payloads.reduce((sum, payload) => sum + frameBytes(payload), 0))
  let at = 0
  payloads.forEach((payload, index) => {
    const kind: FrameKind = index === 0 && firstIsLoss ? FRAME.loss : FRAME.keep
    at = writeFrame(buffer, at, { seq: seq + index, kind, payload })
  })
  return buffer
}
