import type { StreamDays } from './ledger-entry.ts'
import type { Promised } from './promised-batches.ts'

const DAY_MS = 86_400_000

/** Days in force from a moment on. */
export interface RetentionSince {
  /** Milliseconds since the epoch. */
  readonly fromMs: number
  readonly days: number
  readonly streams: StreamDays
}

/**
 * Whether a batch's rows were due to go at some moment, by the days that were in force then.
 *
 * @param retentions Oldest first.
 */
export function rowsDue(
  { written, stream }: Pick<Promised, 'written' | 'stream'>,
  retentions: readonly RetentionSince[],
  nowMs: number,
): boolean {
  const storedMs = Date.parse(written)
  return retentions.some(({ fromMs, days, streams }, index) => {
    const untilMs = retentions[index + 1]?.fromMs ?? nowMs
    // Of a batch of several streams, as there were before, nobody knows which rows were due.
    const ownDays = stream === undefined ? Math.min(days, ...Object.values(streams)) : (streams[stream] ?? days)
    return storedMs + ownDays * DAY_MS <= Math.min(untilMs, nowMs) && untilMs >= fromMs
  })
}
