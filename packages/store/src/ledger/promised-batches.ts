import type { BatchFact } from './ledger-entry.ts'
import type { LedgerFinding } from './ledger-report.ts'

/** A batch as an entry of a chain promises it. */
export interface Promised extends BatchFact {
  readonly chain: string
  readonly seq: number
  readonly written: string
}

/** Where a finding about a batch is. */
export function placeOfBatch({ chain, seq, batch, from, to, sources }: Promised): Partial<LedgerFinding> {
  return { chain, seq, batch, from, to, sources }
}

const ROWS_AT_ONCE = 200_000
const BATCHES_AT_ONCE = 500

/** Entries in portions whose hashes fit into memory. */
export function* portions(entries: readonly Promised[]): Generator<readonly Promised[]> {
  let group: Promised[] = []
  let rows = 0
  for (const entry of entries) {
    if (group.length > 0 && (rows + entry.rows > ROWS_AT_ONCE || group.length >= BATCHES_AT_ONCE)) {
      yield group
      group = []
      rows = 0
    }
    group.push(entry)
    rows += entry.rows
  }
  if (group.length > 0) yield group
}
