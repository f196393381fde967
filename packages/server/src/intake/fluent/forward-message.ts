import { decode, ExtensionCodec } from '@msgpack/msgpack'
import { isRecord } from '@podwitness/kube'
import { unpackWithin } from '../unpack-within.ts'
import { MsgpackFrames } from './msgpack-frames.ts'

/** One message of the protocol, whichever of its modes it came in. */
export interface ForwardMessage {
  readonly tag: string
  readonly entries: readonly ForwardEntry[]
  /** Entries that are no time and record. */
  readonly unusable: number
  /** Name of the chunk that the sender waits to hear of. */
  readonly chunk: string | undefined
}

export interface ForwardEntry {
  /** Milliseconds since the epoch, NaN where there is none. */
  readonly timeMs: number
  readonly record: Readonly<Record<string, unknown>>
}

/** Entries of one message at most, bytes they may unpack to, and items in all of them. */
const MAX_ENTRIES = 100_000
const MAX_UNPACKED = 64 * 1024 * 1024
const MAX_ITEMS = 2_000_000

/** EventTime: seconds and nanoseconds, 32 bits each. Source: Fluentd Forward Protocol Specification v1, "EventTime Ext Format". */
class EventTime {
  readonly timeMs: number
  constructor(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.timeMs = bytes.length === 8 ? view.getUint32(0) * 1000 + view.getUint32(4) / 1e6 : Number.NaN
  }
}
const extensionCodec = new ExtensionCodec()
extensionCodec.register({ type: 0, encode: () => null, decode: (bytes) => new EventTime(bytes) })

/** Reads one value; undefined where it is none, e.g. text that is not UTF-8 in a key. */
export function readValue(bytes: Buffer): unknown {
  try {
    return decode(bytes, { extensionCodec })
  } catch {
    return undefined
  }
}

/**
 * Reads a message in Message, Forward, PackedForward or CompressedPackedForward mode.
 * Source: Fluentd Forward Protocol Specification v1, "Event Modes".
 *
 * @param hold Is told what it unpacks to, part by part; what it throws ends it.
 * @returns null where it is none of them, or unpacks to more than the bounds.
 */
export async function readForward(value: unknown, hold: (bytes: number) => void): Promise<ForwardMessage | null> {
  if (!Array.isArray(value)) return null
  const [tag, second, third, fourth] = value as unknown[]
  if (typeof tag !== 'string') return null
  if (Array.isArray(second)) return second.length > MAX_ENTRIES ? null : message(tag, second, third)
  if (second instanceof Uint8Array || typeof second === 'string') {
    const packed = await unpacked(bytesOf(second), third, hold)
    return packed === null ? null : message(tag, packed, third)
  }
  return value.length < 3 ? null : message(tag, [[second, third]], fourth)
}

function message(tag: string, entries: readonly unknown[], option: unknown): ForwardMessage {
  const read = entries.map(entryOf).filter((entry) => entry !== null)
  const chunk = isRecord(option) && typeof option.chunk === 'string' ? option.chunk : undefined
  return { tag, entries: read, unusable: entries.length - read.length, chunk }
}

function bytesOf(value: Uint8Array | string): Buffer {
  return typeof value === 'string' ? Buffer.from(value) : Buffer.from(value.buffer, value.byteOffset, value.byteLength)
}

async function unpacked(bytes: Buffer, option: unknown, hold: (bytes: number) => void): Promise<unknown[] | null> {
  const gzip = isRecord(option) && option.compressed === 'gzip'
  const plain = gzip ? await gunzipped(bytes, hold) : bytes
  if (plain === null) return null
  const frames = new MsgpackFrames({ bytes: MAX_UNPACKED, values: MAX_ENTRIES, items: MAX_ITEMS, together: true })
  const { values, fault } = frames.push(plain)
  return fault !== undefined || frames.heldBytes > 0 ? null : values.map(readValue)
}

/** @returns null where it is no gzip, or unpacks to more than the bound. @throws What `hold` throws. */
async function gunzipped(bytes: Buffer, hold: (bytes: number) => void): Promise<Buffer | null> {
  let length = 0
  try {
    return await unpackWithin(bytes, (more) => {
      length += more
      if (length > MAX_UNPACKED) throw new RangeError('too long')
      hold(more)
    })
  } catch (error) {
    const isDamaged = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
    if (isDamaged || error instanceof RangeError) return null
    throw error
  }
}

function entryOf(entry: unknown): ForwardEntry | null {
  if (!Array.isArray(entry)) return null
  const [time, record] = entry as unknown[]
  return isRecord(record) ? { timeMs: timeOf(time), record } : null
}

function timeOf(time: unknown): number {
  if (time instanceof EventTime) return time.timeMs
  return typeof time === 'number' ? time * 1000 : Number.NaN
}
