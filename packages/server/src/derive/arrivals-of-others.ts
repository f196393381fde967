import type { Store } from '@podwitness/store'
import { OWN_BATCHES } from '../intake/insert-new-events.ts'
import type { EvidenceDelta } from './evidence-delta.ts'
import { readFacts, readStored } from './load-evidence.ts'

/** How often it is looked whether other servers or imports stored something, milliseconds. */
const IDLE_MS = 15_000
/** The same while they do. */
const BUSY_MS = 2_000
/** Rows become visible after they are stamped, at most so long, seconds. */
const OVERLAP_SECONDS = 10

/** Evidence that reached the store through other processes. */
export class ArrivalsOfOthers {
  readonly #store: Store
  readonly #cluster: string
  /** By the engine's clock. */
  #since = ''
  #lastMs = 0
  #everyMs = IDLE_MS

  constructor(store: Store, cluster: string) {
    this.#store = store
    this.#cluster = cluster
  }

  /** Whether it is time to look. */
  due(nowMs: number): boolean {
    return this.#since !== '' && nowMs - this.#lastMs >= this.#everyMs
  }

  /** What is stored by now is known. */
  async begin(): Promise<void> {
    this.#since = await this.#now()
    this.#lastMs = Date.now()
  }

  /**
   * What came since, rows that are known already among it. Servers that share a store look every time, so that what they
   * write rests on everything; otherwise it is looked from time to time.
   */
  async read(): Promise<EvidenceDelta[]> {
    if (this.#since === '' || (!this.#store.shared && !this.due(Date.now()))) return []
    const now = await this.#now()
    const where = `received > toDateTime64({since:String}, 3, 'UTC') - INTERVAL ${OVERLAP_SECONDS} SECOND AND NOT startsWith(batch_id, {own:String})`
    const delta = await readStored(this.#store, this.#cluster, { where, params: { since: this.#since, own: OWN_BATCHES } })
    this.#since = now
    this.#lastMs = Date.now()
    const some = delta.observations.length > 0 || delta.stages.length > 0 || delta.apiCoverage !== null
    this.#everyMs = some ? BUSY_MS : IDLE_MS
    return some ? [{ ...delta, ...(await readFacts(this.#store, this.#cluster)) }] : []
  }

  async #now(): Promise<string> {
    const { rows } = await this.#store.reader.query({ sql: "SELECT toString(now64(3, 'UTC'))" })
    return String(rows[0]?.[0] ?? '')
  }
}
