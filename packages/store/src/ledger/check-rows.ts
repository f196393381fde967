import type { Connection } from '../connection.ts'
import type { ChainPromises } from './chain-promises.ts'
import type { Findings } from './findings.ts'
import { merkleRoot } from './merkle.ts'
import { type Promised, placeOfBatch, portions } from './promised-batches.ts'
import { rowsDue } from './rows-due.ts'
import { type StoredBatch, type StoredLeaf, storedLeaves } from './stored-batches.ts'

/** What rows are held against. */
export interface RowCheck {
  readonly connection: Connection
  readonly promises: ChainPromises
  readonly findings: Findings
  /** Milliseconds since the epoch. */
  readonly nowMs: number
  readonly onProgress?: (done: number, all: number) => void
}

/** Holds every promised batch against its rows. @returns How many rows there are. */
export async function checkRows(check: RowCheck, stored: ReadonlyMap<string, StoredBatch>): Promise<number> {
  const { promised } = check.promises
  let done = 0
  let rows = 0
  for (const group of portions(promised)) {
    const present = group.filter(({ batch }) => stored.has(batch))
    for (const entry of group) if (!stored.has(entry.batch)) checkGone(check, entry)
    if (present.length > 0) rows += await compare(check, present)
    done += group.length
    check.onProgress?.(done, promised.length)
  }
  return rows
}

function isDue({ promises, nowMs }: RowCheck, entry: Promised): boolean {
  return rowsDue(entry, promises.retentions, nowMs)
}

function checkGone(check: RowCheck, entry: Promised): void {
  const due = isDue(check, entry)
  if (due && check.promises.isExpired(entry)) return
  if (due) check.findings.note('expired', `${entry.rows} rows have expired`, placeOfBatch(entry))
  else check.findings.alarm('batch_missing', `all ${entry.rows} rows are gone before their time`, placeOfBatch(entry))
}

async function compare(check: RowCheck, group: readonly Promised[]): Promise<number> {
  const batches = group.map(({ batch }) => batch)
  const from = group.map((entry) => entry.from).sort()[0] ?? ''
  const to =
    group
      .map((entry) => entry.to)
      .sort()
      .at(-1) ?? ''
  const found = await storedLeaves(check.connection, batches, { from, to })
  const byBatch = rowsByBatch(found)
  for (const entry of group) compareBatch(check, entry, byBatch.get(entry.batch) ?? [])
  return found.length
}

function compareBatch(check: RowCheck, entry: Promised, rows: readonly StoredLeaf[]): void {
  const { findings } = check
  const place = placeOfBatch(entry)
  const missing = entry.rows - rows.length
  if (missing < 0) findings.alarm('rows_added', `${-missing} rows more than were stored`, place)
  else if (missing > 0 && !isDue(check, entry))
    findings.alarm('rows_missing', `${missing} of ${entry.rows} rows are gone, or their time was changed`, place)
  else if (missing > 0) comparePart(check, entry, rows)
  else if (merkleRoot(rows.map(({ leaf }) => leaf)).toString('hex') !== entry.root)
    findings.alarm('rows_changed', `the ${entry.rows} rows are not what was stored: changed or in another order`, place)
}

/**
 * A batch whose rows were of several days goes part by part, as the engine drops a part when the last of its rows may
 * go. What stays of it has no root of its own; but no row can stand at a place that the batch did not have, or at
 * another's.
 */
function comparePart({ findings }: RowCheck, entry: Promised, rows: readonly StoredLeaf[]): void {
  const places = new Set(rows.map(({ place }) => place))
  const strange = rows.length - [...places].filter((place) => place >= 0 && place < entry.rows).length
  if (strange > 0)
    findings.alarm('rows_added', `${strange} rows at places that the batch did not have, or twice at one`, placeOfBatch(entry))
  const gone = entry.rows - rows.length
  const words = `${gone} of ${entry.rows} rows have expired, or may have; the rest has no root of its own`
  findings.note('expired', words, placeOfBatch(entry))
}

function rowsByBatch(found: readonly StoredLeaf[]): Map<string, StoredLeaf[]> {
  const rows = new Map<string, StoredLeaf[]>()
  for (const row of found) {
    const known = rows.get(row.batch)
    if (known === undefined) rows.set(row.batch, [row])
    else known.push(row)
  }
  return rows
}
