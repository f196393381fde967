/** Speeds of a replay, times the recorded one. */
export const SPEEDS: readonly number[] = [0.5, 1, 2, 4, 8, 16]
/** Longest that a stretch without commands takes when idle time is skipped, in milliseconds of the record. */
export const IDLE_MS = 1500

/**
 * How long a replay waits before the next command, in milliseconds of the reader's time.
 *
 * @param gapMs Between the two commands, as recorded.
 */
export function replayWaitMs(gapMs: number, speed: number, skipIdle: boolean): number {
  const recorded = Math.max(0, Number.isFinite(gapMs) ? gapMs : 0)
  return (skipIdle ? Math.min(recorded, IDLE_MS) : recorded) / speed
}

/** The speed `by` steps faster (or slower, below zero); the ends stay. */
export function nextSpeed(speed: number, by: number): number {
  const at = SPEEDS.indexOf(speed)
  return SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at + by))] ?? speed
}
