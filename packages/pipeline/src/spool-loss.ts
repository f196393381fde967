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
  /** Number of the segment whose remains are in this one, until that is deleted. */
  readonly absorbed?: number
}

/** Longest list of what else is said of one loss, characters. */
const MAX_REASON = 400
/** Bytes of notes that may be carried over from one dropped segment; what is over goes with the others. */
const MAX_KEPT_BYTES = 1024 * 1024

/** What is left of a segment that had to go. */
export interface Remains {
  /** One loss for all that was not sent, with the losses that the segment itself reported; undefined where nothing was lost. */
  readonly loss: SpoolLoss | undefined
  readonly kept: readonly Buffer[]
}

/** When a dropped segment was written, why it goes, and how many bytes of it may stay. */
export interface Dropped {
  readonly sinceMs: number
  readonly untilMs: number
  readonly reason: string
  readonly roomBytes: number
}

/** Adds up what a dropped segment held. Losses it reported are merged, so that their number stays bounded. */
export function remainsOf(frames: readonly Frame[], { roomBytes, ...spooled }: Dropped): Remains {
  const most = Math.min(MAX_KEPT_BYTES, roomBytes)
  let loss: SpoolLoss | undefined
  const kept: Buffer[] = []
  let keptBytes = 0
  for (const { kind, payload, seq } of frames) {
    const told = kind === FRAME.loss ? readLoss(payload) : undefined
    if (told !== undefined) loss = merge(loss, told)
    else if (kind === FRAME.keep && keptBytes + payload.length <= most) {
      kept.push(Buffer.from(payload))
      keptBytes += payload.length
    } else if (kind === FRAME.keep) loss = merge(loss, { ...spooled, ...noteLost(spooled), fromSeq: seq, toSeq: seq })
    else if (kind === FRAME.data) loss = merge(loss, { ...spooled, fromSeq: seq, toSeq: seq, count: 1 })
  }
  return { loss, kept }
}

/** A note that found no room any more: no line is lost with it, but it is said. */
function noteLost({ reason }: { reason: string }): { count: number; reason: string } {
  const also = 'notes of other losses went too'
  return { count: 0, reason: reason.includes(also) ? reason : `${reason}; ${also}` }
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
    reason: reasons(a.reason, b.reason),
  }
}

/** Both reasons, each once: what happened in between must not be said of all of it. */
function reasons(a: string, b: string): string {
  if (a.includes(b)) return a
  return b.includes(a) ? b : `${a}; ${b}`.slice(0, MAX_REASON)
}
