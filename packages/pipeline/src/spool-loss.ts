import { FRAME, type Frame } from './frame.ts'

/** Frames that had to go before they were sent. */
export interface SpoolLoss {
  readonly fromSeq: number
  readonly toSeq: number
  /** Data frames lost. */
  readonly count: number
  /** When they were spooled, milliseconds since the Unix epoch. */
  readonly sinceMs: number
  readonly untilMs: number
  readonly reason: string
}

/** Bytes of lines that may be carried over from one dropped segment; what is over goes with the others. */
const MAX_KEPT_BYTES = 1024 * 1024

/** What is left of a segment that had to go. */
export interface Remains {
  /** One loss for all that was not sent, with the losses that the segment itself reported; undefined where nothing was lost. */
  readonly loss: SpoolLoss | undefined
  readonly kept: readonly Buffer[]
}

/** Adds up what a dropped segment held. Losses it reported are merged, so that their number stays bounded. */
export function remainsOf(frames: readonly Frame[], spooled: { sinceMs: number; untilMs: number; reason: string }): Remains {
  let loss: SpoolLoss | undefined
  const kept: Buffer[] = []
  let keptBytes = 0
  for (const { kind, payload, seq } of frames) {
    const told = kind === FRAME.loss ? readLoss(payload) : undefined
    if (told !== undefined) loss = merge(loss, told)
    else if (kind === FRAME.keep && keptBytes + payload.length <= MAX_KEPT_BYTES) {
      kept.push(Buffer.from(payload))
      keptBytes += payload.length
    } else loss = merge(loss, { ...spooled, fromSeq: seq, toSeq: seq, count: 1 })
  }
  return { loss, kept }
}

/** A loss out of its frame; undefined where the payload is none. */
export function readLoss(payload: Buffer): SpoolLoss | undefined {
  try {
    return JSON.parse(payload.toString('utf8')) as SpoolLoss
  } catch {
    return undefined
  }
}

export function merge(a: SpoolLoss | undefined, b: SpoolLoss): SpoolLoss {
  if (a === undefined) return b
  return {
    fromSeq: Math.min(a.fromSeq, b.fromSeq),
    toSeq: Math.max(a.toSeq, b.toSeq),
    count: a.count + b.count,
    sinceMs: Math.min(a.sinceMs, b.sinceMs),
    untilMs: Math.max(a.untilMs, b.untilMs),
    reason: b.reason,
  }
}
