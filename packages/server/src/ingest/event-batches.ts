import { type EventDraft, timeMsOf } from '@podwitness/event'
import type { Store, Turn } from '@podwitness/store'
import { knownEvents } from '../rows/known-events.ts'
import { writeTurn } from '../rows/write-turn.ts'

/** Rows and bytes of a batch; whichever is reached first closes it. */
const BATCH_ROWS = 5_000
const BATCH_BYTES = 16 * 1024 * 1024

/** What became of the events handed in. */
export interface BatchCounts {
  readonly stored: number
  /** Already there, from this file or by another route. */
  readonly duplicates: number
  readonly fromMs: number
  readonly toMs: number
}

/**
 * Collects event rows and stores them in batches, each once: an event that is already stored, from
 * an earlier run of the same import or by another route, is counted and left out.
 */
export class EventBatches {
  readonly #store: Store
  readonly #importId: string
  #rows: EventDraft[] = []
  #bytes = 0
  #sequence = 0
  #stored = 0
  #duplicates = 0
  #fromMs = Number.POSITIVE_INFINITY
  #toMs = Number.NEGATIVE_INFINITY

  constructor(store: Store, importId: string) {
    this.#store = store
    this.#importId = importId
  }

  add(row: EventDraft): void {
    this.#rows.push(row)
    this.#bytes += row.raw.length + 1024
  }

  get full(): boolean {
    return this.#rows.length >= BATCH_ROWS || this.#bytes >= BATCH_BYTES
  }

  counts(): BatchCounts {
    return { stored: this.#stored, duplicates: this.#duplicates, fromMs: this.#fromMs, toMs: this.#toMs }
  }

  /** Stores what has been collected; durable when the promise resolves. */
  async flush(): Promise<void> {
    const rows = this.#rows
    if (rows.length === 0) return
    this.#rows = []
    this.#bytes = 0
    const batchId = `${this.#importId.slice(0, 32)}-${this.#sequence++}`
    await writeTurn(this.#store, [rows[0]?.cluster ?? ''], (turn) => this.#storeNew(rows, batchId, turn))
  }

  async #storeNew(rows: readonly EventDraft[], batchId: string, turn: Turn): Promise<void> {
    const known = await knownEvents(this.#store, rows)
    const fresh: EventDraft[] = []
    for (const row of rows) {
      const timeMs = timeMsOf(row.time)
      this.#fromMs = Math.min(this.#fromMs, timeMs)
      this.#toMs = Math.max(this.#toMs, timeMs)
      if (known.has(row.event_id)) {
        this.#duplicates++
        continue
      }
      known.add(row.event_id)
      fresh.push({ ...row, batch_id: batchId, batch_seq: fresh.length })
    }
    turn.check()
    if (fresh.length > 0) await this.#store.writer.insert('events', fresh, `${batchId}-${fresh.length}-${fresh[0]?.event_id}`)
    this.#stored += fresh.length
  }
}
