/** Fewest repeats that may be called periodic. */
const PERIODIC_MIN = 4
/** Shortest period of a probe: the kubelet takes whole seconds. */
const PERIOD_MIN_MS = 500
/** Share of the distances that must be near the median. */
const PERIOD_SHARE = 0.7

/** The usual distance of moments in order, milliseconds; `null` where they are few or irregular. */
export function regularGapMs(times: readonly number[]): number | null {
  if (times.length < PERIODIC_MIN) return null
  const gaps = times.slice(1).map((time, at) => time - (times[at] ?? 0))
  const median = [...gaps].sort((a, b) => a - b)[gaps.length >> 1] ?? 0
  const regular = gaps.filter((gap) => Math.abs(gap - median) <= median / 4).length
  return median < PERIOD_MIN_MS || regular < gaps.length * PERIOD_SHARE ? null : median
}

/** How much longer than another one a distance may be among runs that all happened. */
const LONGEST_TO_SHORTEST = 1.5

/**
 * Whether what runs regularly ran by itself before and after a moment without leaving a turn out: then something else at
 * that moment is one run more. The kubelet keeps the times of a probe, whatever else runs.
 *
 * @param times Of all other runs, in order, milliseconds.
 */
export function leavesNoTurnOut(times: readonly number[], atMs: number): boolean {
  const after = times.findIndex((time) => time > atMs)
  const [first, before, next, last] = after < 0 ? [] : times.slice(Math.max(0, after - 2), after + 2)
  if (after < 2 || first === undefined || before === undefined || next === undefined || last === undefined) return false
  const gaps = [before - first, next - before, last - next]
  return Math.max(...gaps) <= Math.min(...gaps) * LONGEST_TO_SHORTEST
}
