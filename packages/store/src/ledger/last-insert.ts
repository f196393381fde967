import type { BatchFact, LedgerEntry } from './ledger-entry.ts'

/** The entries at the end of a chain that are of one insert: what a crash leaves in doubt. */
export function lastInsert(entries: readonly (LedgerEntry | undefined)[]): LedgerEntry[] {
  const last = entries.at(-1)
  if (last?.fact.kind !== 'batch') return []
  const begin = entries.length - 1 - (last.fact.beside ?? 0)
  return entries.slice(Math.max(0, begin)).filter((entry) => entry !== undefined)
}

/** An entry for what is there of a batch; it stands by itself. */
export function partOf({ beside: _, ...fact }: BatchFact): BatchFact {
  return fact
}
