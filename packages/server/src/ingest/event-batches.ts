import { type EventDraft, timeMsOf } from '@podwitness/event'
import type { Store } from '@podwitness/store'

/** Rows and bytes of a batch; whichever is reached first closes it. */
const BATCH_ROWS = 5_000
const BATCH_BYTES = 16 * 1024 * 1024
/** A pause in the events longer than this splits the question which ids are stored already, milliseconds. */
const RANGE_PAUSE_MS = 60_000

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
    const known = await this.#known(rows)
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
    if (fresh.length > 0) await this.#store.writer.insert('events', fresh, `${batchId}-${fresh.length}-${fresh[0]?.event_id}`)
    this.#stored += fresh.length
  }

  /** Ids that are stored already, asked for span by span so that one stray time does not fetch a year. */
  async #known(rows: readonly EventDraft[]): Promise<Set<string>> {
    const times = rows.map((row) => row.time).sort()
    const kinds = [...new Set(rows.map((row) => row.kind))]
    const cluster = rows[0]?.cluster ?? ''
    const known = new Set<string>()
    for (const [from, to] of spans(times)) {
      for (const id of await this.#store.writer.knownEventIds({ from, to, cluster, kinds })) known.add(id)
    }
    return known
  }
}

function* spans(times: readonly string[]): Generator<[string, string]> {
  let from = times[0]
  let last = from
  for (const time of times) {
    if (from === undefined || last === undefined) return
    if (timeMsOf(time) - timeMsOf(last) > RANGE_PAUSE_MS) {
      yield [from, last]
      from = time
    }
    last = time
  }
  if (from !== undefined && last !== undefined) yield [from, last]
}
