import type { Store } from '@podwitness/store'
import { ownBatches } from '../rows/insert-new-events.ts'
import type { EvidenceDelta } from './evidence-delta.ts'
import { readFacts, readLosses, readSamples, readStored } from './load-evidence.ts'

/** How often it is looked whether other servers or imports stored something, milliseconds. */
const IDLE_MS = 15_000
/** The same while they do. */
const BUSY_MS = 2_000
/** Rows become visible after they are stamped, at most so long, seconds. */
const OVERLAP_SECONDS = 60

/** Evidence that reached the store through other servers. */
export class ArrivalsOfOthers {
  readonly #store: Store
  readonly #cluster: string
  /** By the engine's clock. */
  #since = ''
  #lastMs = 0
  #facts = ''
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
    const received = `received > toDateTime64({since:String}, 3, 'UTC') - INTERVAL ${OVERLAP_SECONDS} SECOND`
    const params = { since: this.#since, own: ownBatches(this.#store) }
    const delta = {
      ...(await readStored(this.#store, this.#cluster, {
        where: `${received} AND NOT startsWith(batch_id, {own:String})`,
        params,
      })),
      samples: await readSamples(this.#store, this.#cluster, { where: received, params }),
      losses: await readLosses(this.#store, this.#cluster, { where: received, params }),
    }
    this.#since = now
    this.#lastMs = Date.now()
    const some = delta.observations.length > 0 || delta.stages.length > 0 || delta.apiCoverage !== null
    this.#everyMs = some ? BUSY_MS : IDLE_MS
    return [{ ...delta, ...((await this.#factsChanged(some)) ? await readFacts(this.#store, this.#cluster) : {}) }]
  }

  /** Whether containers or pods are not what they were when they were read last. */
  async #factsChanged(some: boolean): Promise<boolean> {
    const newest = (table: string): string =>
      `(SELECT (count(), max(version)) FROM audit.${table} WHERE cluster = {cluster:String})`
    const { rows } = await this.#store.reader.query({
      sql: `SELECT toString((${newest('containers')}, ${newest('pods')}))`,
      params: { cluster: this.#cluster },
    })
    const facts = String(rows[0]?.[0] ?? '')
    const changed = facts !== this.#facts
    this.#facts = facts
    return changed || (some && !this.#store.shared)
  }

  async #now(): Promise<string> {
    const { rows } = await this.#store.reader.query({ sql: "SELECT toString(now64(3, 'UTC'))" })
    return String(rows[0]?.[0] ?? '')
  }
}
