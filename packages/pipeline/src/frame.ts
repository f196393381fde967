import { crc32 } from 'node:zlib'

/** First bytes of a segment: name and version of the format. */
export const SEGMENT_MAGIC = Buffer.from('PWSPOOL1')
/** Length, checksum, sequence number (48 bits), kind, one spare byte. */
export const FRAME_HEADER_BYTES = 16
/** Longest payload; a length above it is damage, not a frame. */
const MAX_PAYLOAD_BYTES = 32 * 1024 * 1024

/** What a frame holds. */
export const FRAME = {
  /** A line to ship; counted when its segment has to go. */
  data: 0,
  /** A loss of this spool, as JSON. */
  loss: 1,
  /** A line that must outlive its segment: losses of other hops, findings. */
  keep: 2,
  /** A line whose going need not be told: the next one says the same and more. */
  passing: 3,
} as const

export type FrameKind = (typeof FRAME)[keyof typeof FRAME]

/** One entry of a segment. */
export interface Frame {
  readonly seq: number
  readonly kind: FrameKind
  readonly payload: Buffer
  /** Where the next frame begins, bytes from the start of the buffer scanned. */
  readonly end: number
}

/** Bytes that a payload takes in a segment. */
export function frameBytes(payload: Uint8Array): number {
  return FRAME_HEADER_BYTES + payload.length
}

/** Writes a frame at `at`; the checksum covers everything behind itself and the length. */
export function writeFrame(target: Buffer, at: number, entry: { seq: number; kind: FrameKind; payload: Uint8Array }): number {
  const end = at + frameBytes(entry.payload)
  target.writeUInt32LE(entry.payload.length, at)
  target.writeUIntLE(entry.seq, at + 8, 6)
  target.writeUInt8(entry.kind, at + 14)
  target.writeUInt8(0, at + 15)
  target.set(entry.payload, at + FRAME_HEADER_BYTES)
  target.writeUInt32LE(checksum(target, at, end), at + 4)
  return end
}

/** The frame at `at`; undefined where there is none that is whole and undamaged. */
export function readFrame(source: Buffer, at: number): Frame | undefined {
  if (at + FRAME_HEADER_BYTES > source.length) return undefined
  const length = source.readUInt32LE(at)
  const end = at + FRAME_HEADER_BYTES + length
  if (length > MAX_PAYLOAD_BYTES || end > source.length) return undefined
  const kind = source.readUInt8(at + 14)
  if (kind > FRAME.passing || source.readUInt32LE(at + 4) !== checksum(source, at, end)) return undefined
  return {
    seq: source.readUIntLE(at + 8, 6),
    kind: kind as FrameKind,
    payload: source.subarray(at + FRAME_HEADER_BYTES, end),
    end,
  }
}

/** The length counts too: a damaged one must not pass by chance. */
function checksum(buffer: Buffer, at: number, end: number): number {
  return crc32(buffer.subarray(at + 8, end), crc32(buffer.subarray(at, at + 4)))
}
