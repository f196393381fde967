/** A stretch of idle time that the timeline shows at a fixed width. */
interface IdleStretch {
  readonly fromMs: number
  readonly toMs: number
  /** Where it is drawn, 0 to 1. */
  readonly start: number
  readonly end: number
}

/** Where moments lie on a line from 0 to 1: proportional to time, but for idle stretches. */
export interface TimelineScale {
  readonly fromMs: number
  readonly toMs: number
  readonly idle: readonly IdleStretch[]
  readonly at: (ms: number) => number
}

/** Share of the line that one idle stretch gets. */
const IDLE_SHARE = 0.05
/** A stretch is idle when it is at least so long, in milliseconds, and so much of the whole. */
const IDLE_MS = 3000
const IDLE_FRACTION = 0.15

/**
 * Lays a session's moments on a line.
 *
 * @param moments Milliseconds since the epoch, in any order: start, end and everything that happened.
 */
export function timelineScale(moments: readonly number[]): TimelineScale {
  const sorted = moments.filter(Number.isFinite).sort((a, b) => a - b)
  const fromMs = sorted[0] ?? 0
  const toMs = Math.max(sorted.at(-1) ?? 0, fromMs + 1)
  const gaps = idleGaps(sorted, toMs - fromMs)
  const idleMs = gaps.reduce((sum, gap) => sum + gap.toMs - gap.fromMs, 0)
  const perMs = (1 - gaps.length * IDLE_SHARE) / Math.max(1, toMs - fromMs - idleMs)
  const idle: IdleStretch[] = []
  let [position, timeMs] = [0, fromMs]
  for (const gap of gaps) {
    const start = position + (gap.fromMs - timeMs) * perMs
    idle.push({ ...gap, start, end: start + IDLE_SHARE })
    position = start + IDLE_SHARE
    timeMs = gap.toMs
  }
  return { fromMs, toMs, idle, at: (ms) => positionOf(ms, { fromMs, perMs, idle }) }
}

function idleGaps(sorted: readonly number[], wholeMs: number): { fromMs: number; toMs: number }[] {
  const gaps: { fromMs: number; toMs: number }[] = []
  for (const [index, toMs] of sorted.entries()) {
    const fromMs = sorted[index - 1] ?? toMs
    if (toMs - fromMs >= IDLE_MS && toMs - fromMs >= wholeMs * IDLE_FRACTION) gaps.push({ fromMs, toMs })
  }
  return gaps
}

function positionOf(ms: number, scale: { fromMs: number; perMs: number; idle: readonly IdleStretch[] }): number {
  let [position, timeMs] = [0, scale.fromMs]
  for (const gap of scale.idle) {
    if (ms <= gap.fromMs) break
    if (ms < gap.toMs) return gap.start + ((ms - gap.fromMs) / (gap.toMs - gap.fromMs)) * (gap.end - gap.start)
    position = gap.end
    timeMs = gap.toMs
  }
  return Math.min(1, Math.max(0, position + (ms - timeMs) * scale.perMs))
}
