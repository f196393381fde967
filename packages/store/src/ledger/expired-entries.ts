import type { EventDays } from '../event-streams.ts'
import { readChain } from './chain-file.ts'

const DAY_MS = 86_400_000

/** Batches whose days are over and that no tombstone names yet. */
export function dueEntries(folder: string, chain: string, retention: EventDays, nowMs: number): { seq: number; batch: string }[] {
  const entries = readChain(folder, chain).entries.filter((entry) => entry !== undefined)
  const done = new Set<number>()
  for (const { fact } of entries) {
    if (fact.kind === 'withdrawn') done.add(fact.of)
    if (fact.kind === 'expired') for (const [first, last] of fact.entries) for (let at = first; at <= last; at++) done.add(at)
  }
  const days: Readonly<Record<string, number | undefined>> = retention.streams
  return entries.flatMap(({ seq, written, fact }) => {
    if ((fact.kind !== 'batch' && fact.kind !== 'adopted') || done.has(seq)) return []
    const untilMs = Date.parse(written) + (days[fact.stream ?? ''] ?? retention.days) * DAY_MS
    return untilMs < nowMs ? [{ seq, batch: fact.batch }] : []
  })
}

/** Rising numbers as ranges, both ends included. */
export function rangesOf(numbers: readonly number[]): [number, number][] {
  const ranges: [number, number][] = []
  for (const number of numbers) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === number - 1) last[1] = number
    else ranges.push([number, number])
  }
  return ranges
}
