import { createHash } from 'node:crypto'
import type { EventDraft } from '@podwitness/event'
import { eventStream } from '../event-streams.ts'
import { insertBatches } from '../insert-batches.ts'
import type { KnownRange, StoreWriter } from '../store-writer.ts'
import type { Insertable, TableName } from '../table-rows.ts'
import type { VouchedBatch } from './batch-fact.ts'
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
    // What is one insert of the engine is vouched for at once: a crash between two of them must not leave half a batch.
    const ledger = await this.#ledger()
    let piece = 0
    for (const part of insertBatches(rows as readonly EventDraft[])) {
      const place = piece++
      const batches = byStream(inBatch(part, `${token}#${place}`))
      const all = batches.length === 1 ? (batches[0]?.rows ?? []) : batches.flatMap(({ rows: own }) => own)
      await ledger.vouch(batches, () => this.#inner.insert('events', all, `${token}#${place}`))
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

/**
 * A batch for each stream: a batch whose rows expire at different times could be checked no more from the first of them
 * on, as its root is that of all.
 */
function byStream(rows: readonly EventDraft[]): VouchedBatch[] {
  const streams = new Map<string, EventDraft[]>()
  for (const row of rows) {
    const stream = eventStream(row)
    const own = streams.get(stream)
    if (own === undefined) streams.set(stream, [row])
    else own.push(row)
  }
  const batch = rows[0]?.batch_id ?? ''
  if (streams.size === 1) return [...streams].map(([stream]) => ({ batch, stream, rows }))
  return [...streams].map(([stream, own]) => {
    const id = stream === 'events' ? batch : `${batch}.${stream}`
    return { batch: id, stream, rows: own.map((row, place) => ({ ...row, batch_id: id, batch_seq: place })) }
  })
}
