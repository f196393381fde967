import type { EventPump } from './event-pump.ts'
import { sizeOf } from './gap-tracker.ts'
import type { LossLine } from './intake-lines.ts'
import type { Source } from './source.ts'

/** How long a missing serial may still come by another route, milliseconds. */
const GRACE_MS = 10_000
/** Before every hole: only those that are too many are given up. */
const NONE_YET = -1
/** Rejects and events left out are summed up this often. */
const SUM_EVERY_MS = 30_000

/** Turns what the pump counted into losses; called every second, and at the end of the input with `final`. */
export function lossReports({ pump, boot, sources }: { pump: EventPump; boot: string; sources: readonly Source[] }) {
  let told = { rejects: 0, leftOut: 0 }
  let sinceMs = Date.now()
  return async (nowMs: number, final = false): Promise<void> => {
    const behind = !final && sources.some(({ counters }) => counters.behindBytes > 0)
    const holes = pump.lost(final ? nowMs : behind ? NONE_YET : nowMs - GRACE_MS)
    const losses: LossLine[] = holes.map(({ node, hole }) => ({
      id: `sequence ${node} ${hole.first} ${hole.last}`,
      boot,
      hop: 'sequence',
      sinceMs: hole.sinceMs,
      untilMs: hole.untilMs,
      count: sizeOf(hole),
      reason: `no route brought serials ${hole.first} to ${hole.last}`,
    }))
    if (final || nowMs - sinceMs >= SUM_EVERY_MS) {
      const { rejects, leftOut } = pump.counters
      const now = { rejects: sum(rejects), leftOut: sum(leftOut) }
      const span = { boot, sinceMs, untilMs: nowMs }
      if (now.rejects > told.rejects) {
        losses.push({
          ...span,
          hop: 'parser',
          count: now.rejects - told.rejects,
          reason: `lines without a record: ${words(rejects)}`,
        })
      }
      if (now.leftOut > told.leftOut) {
        losses.push({ ...span, hop: 'filter', count: now.leftOut - told.leftOut, reason: `left out by rule: ${words(leftOut)}` })
      }
      told = now
      sinceMs = nowMs
    }
    if (losses.length > 0) await pump.loss(...losses)
  }
}

const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((total, count) => total + count, 0)

/** Counts since the start, by name. */
function words(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')
    .slice(0, 500)
}
