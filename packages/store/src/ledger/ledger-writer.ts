import { createHash } from 'node:crypto'
import type { EventDraft } from '@podwitness/event'
import { insertBatches } from '../insert-batches.ts'
import type { KnownRange, StoreWriter } from '../store.ts'
import type { Insertable, TableName } from '../table-rows.ts'
import type { Ledger } from './ledger.ts'

/** A writer whose events are vouched for by the ledger before they are stored. */
export class LedgerWriter implements StoreWriter {
  readonly #inner: StoreWriter
  readonly #ledger: () => Promise<Ledger>

  /** @param ledger Opens the ledger with the first batch, and gives the same one after that. */
  constructor(inner: StoreWriter, ledger: () => Promise<Ledger>) {
    this.#inner = inner
    this.#ledger = ledger
  }

  async insert<T extends TableName>(table: T, rows: readonly Insertable<T>[], token: string): Promise<void> {
    if (table !== 'events') return this.#inner.insert(table, rows, token)
    // One entry for what is one insert of the engine: a crash between two of them must not leave half a batch.
    const ledger = await this.#ledger()
    let piece = 0
    for (const part of insertBatches(rows as readonly EventDraft[])) {
      const place = piece++
      const placed = inBatch(part, `${token}#${place}`)
      await ledger.vouch(placed[0]?.batch_id ?? '', placed, () => this.#inner.insert('events', placed, `${token}#${place}`))
    }
  }

  knownEventIds(range: KnownRange): Promise<Set<string>> {
    return this.#inner.knownEventIds(range)
  }
}

/** Rows with their batch and place; a batch of more than one insert gets an id for each. */
function inBatch(rows: readonly EventDraft[], token: string): EventDraft[] {
  const [first] = rows
  const whole = rows.every(
    (row, index) => row.batch_id !== undefined && row.batch_id === first?.batch_id && row.batch_seq === index,
  )
  if (whole && first?.batch_id !== '') return [...rows]
  const batch = createHash('sha256').update(token).digest('hex').slice(0, 40)
  return rows.map((row, index) => ({ ...row, batch_id: batch, batch_seq: index }))
}
