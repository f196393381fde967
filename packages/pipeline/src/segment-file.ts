import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Frame, readFrame, SEGMENT_MAGIC } from './frame.ts'

/** One file of the spool: the frames from `first` on. */
export interface Segment {
  /** Sequence number of its first frame; also its name. */
  readonly first: number
  /** Durable bytes. */
  bytes: number
  /** When it was begun and last written, milliseconds since the Unix epoch. */
  sinceMs: number
  untilMs: number
}

const NAME = /^([0-9a-f]{12})\.seg$/

function segmentName(first: number): string {
  return `${first.toString(16).padStart(12, '0')}.seg`
}

export function segmentPath(folder: string, first: number): string {
  return join(folder, segmentName(first))
}

/** The segments of a folder, oldest first. */
export async function listSegments(folder: string): Promise<Segment[]> {
  const segments: Segment[] = []
  for (const name of await readdir(folder)) {
    const first = NAME.exec(name)?.[1]
    if (first === undefined) continue
    const { size, birthtimeMs, mtimeMs } = await stat(join(folder, name))
    const since = birthtimeMs > 0 ? Math.min(birthtimeMs, mtimeMs) : mtimeMs
    segments.push({ first: Number.parseInt(first, 16), bytes: size, sinceMs: since, untilMs: mtimeMs })
  }
  return segments.sort((a, b) => a.first - b.first)
}

/** What reading a segment's frames gave. */
export interface ScannedSegment {
  readonly frames: Frame[]
  /** Where the last good frame ends, bytes. */
  readonly end: number
  /** Bytes behind `end` that are no frame: a write that was cut, or damage. */
  readonly rest: number
}

/** Reads a segment's frames from `offset` on, at most to `limit`, and stops at the first that is damaged. */
export async function scanSegment(
  path: string,
  offset = SEGMENT_MAGIC.length,
  limit = Number.POSITIVE_INFINITY,
): Promise<ScannedSegment> {
  const bytes = await readRange(path, 0, limit)
  if (!bytes.subarray(0, SEGMENT_MAGIC.length).equals(SEGMENT_MAGIC)) return { frames: [], end: 0, rest: bytes.length }
  const frames: Frame[] = []
  let end = offset
  for (let frame = readFrame(bytes, end); frame !== undefined; frame = readFrame(bytes, end)) {
    frames.push(frame)
    end = frame.end
  }
  return { frames, end, rest: bytes.length - end }
}

/** Bytes of a file from `from` up to `to`, or to its end; into the room given for them, where they fit. */
export async function readRange(path: string, from: number, to: number, into?: Buffer): Promise<Buffer> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const length = Math.max(0, Math.min(size, to) - from)
    const buffer = into !== undefined && into.length >= length ? into : Buffer.allocUnsafeSlow(length)
    let filled = 0
    while (filled < length) {
      const { bytesRead } = await file.read(buffer, filled, length - filled, from + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return buffer.subarray(0, filled)
  } finally {
    await file.close()
  }
}
