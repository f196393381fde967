import { type EventDraft, timeMsOf } from '@podwitness/event'
import { StoreError } from '../store-error.ts'
import { eventLeaf } from './event-leaf.ts'
import type { BatchFact } from './ledger-entry.ts'
import { merkleRoot } from './merkle.ts'

/** Rows of one stream that are stored under one batch id. */
export interface VouchedBatch {
  readonly batch: string
  readonly stream: string
  readonly rows: readonly EventDraft[]
}

/** What an entry says of a batch. @throws StoreError PW-ST-016 for a row without a time. */
export function batchFact({ batch, stream, rows }: VouchedBatch): BatchFact {
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  const sources = new Set<string>()
  for (const row of rows) {
    const time = timeMsOf(row.time)
    if (Number.isNaN(time)) throw noTime(row)
    from = Math.min(from, time)
    to = Math.max(to, time)
    if (sources.size < 8) sources.add(row.source ?? '')
  }
  const root = merkleRoot(rows.map(eventLeaf)).toString('hex')
  return {
    kind: 'batch',
    batch,
    rows: rows.length,
    from: isoMicros(from, Math.floor),
    to: isoMicros(to, Math.ceil),
    sources: [...sources].sort(),
    root,
    stream,
  }
}

/** ISO 8601 to the microsecond, rounded outwards so that the range holds every row. */
function isoMicros(ms: number, round: (value: number) => number): string {
  const micros = round(ms * 1000)
  const seconds = Math.floor(micros / 1_000_000)
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${String(micros - seconds * 1_000_000).padStart(6, '0')}Z`
}

/** The engine would read more forms of a time than we do, and then hold another one than was signed. */
function noTime({ time, event_id }: EventDraft): StoreError {
  return new StoreError('PW-ST-016', {
    what: 'The rows were refused: one has no time.',
    why: `Event ${event_id} has the time ${JSON.stringify(time)}, which is not of the form 2026-11-21 02:52:43.176806.`,
    todo: 'This is a fault in podwitness: please report it.',
  })
}
