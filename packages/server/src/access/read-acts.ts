import { randomUUID } from 'node:crypto'
import type { EventDraft } from '@podwitness/event'
import type { Store } from '@podwitness/store'
import { type Act, actEvent } from './acts.ts'

/** Who asks, by which proof and from where. */
export interface Asker extends Pick<Act, 'user' | 'role' | 'means' | 'address' | 'agent'> {}

/** A question that was put to the store. */
export interface ReadAct {
  readonly asker: Asker
  readonly lang: string
  readonly query: string
  /** ISO 8601; the ends of its time range, where it was given beside the query. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** Rows of the answer; undefined where it was sent as it came, or there was none. */
  readonly rows?: number | undefined
  readonly elapsedMs: number
  readonly failed: boolean
}

/** Acts wait this long for company, milliseconds: an answer does not wait for its record. */
const EVERY_MS = 1_000
/** Acts that wait at most; more are counted, and the count is recorded. */
const MAX_WAITING = 10_000
/** Longest part of a query that is kept, UTF-16 code units. */
const MAX_QUERY = 16_000

/**
 * Records who read what: each query is an administrative act (`query`) with its text, range and rows. They are stored
 * within a second, together; a kill of the server loses those of the last second.
 */
export class ReadActs {
  readonly #store: Store
  readonly #onFailure: (error: Error) => void
  readonly #timer: NodeJS.Timeout
  #waiting: EventDraft[] = []
  #lost = 0
  #writing: Promise<void> = Promise.resolve()

  constructor(store: Store, onFailure: (error: Error) => void) {
    this.#store = store
    this.#onFailure = onFailure
    this.#timer = setInterval(() => void this.flush(), EVERY_MS)
    this.#timer.unref()
  }

  note({ asker, lang, query, from, to, rows, elapsedMs, failed }: ReadAct, nowMs = Date.now()): void {
    if (this.#waiting.length >= MAX_WAITING) {
      this.#lost++
      return
    }
    const after = { query: query.slice(0, MAX_QUERY), from, to, rows, elapsedMs: Math.round(elapsedMs) }
    const act: Act = { ...asker, action: 'query', outcome: failed ? 'failed' : 'done', object: lang, after }
    this.#waiting.push(actEvent(act, `act-${randomUUID()}`, nowMs))
  }

  /** Stores what waits; what cannot be stored now waits on. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write())
    return this.#writing
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.flush()
  }

  async #write(): Promise<void> {
    if (this.#waiting.length === 0) return
    if (this.#lost > 0) this.#waiting.push(lostEvent(this.#lost))
    const rows = this.#waiting
    const lost = this.#lost
    this.#waiting = []
    this.#lost = 0
    try {
      await this.#store.writer.insert('events', rows, `acts-${randomUUID()}`)
    } catch (error) {
      this.#lost += lost + Math.max(0, rows.length + this.#waiting.length - MAX_WAITING)
      this.#waiting = [...rows, ...this.#waiting].slice(0, MAX_WAITING)
      this.#onFailure(error instanceof Error ? error : new Error(String(error)))
    }
  }
}

function lostEvent(count: number): EventDraft {
  const nobody = { user: '', role: '', means: '', address: '', agent: '' }
  const act = {
    ...nobody,
    action: 'query',
    outcome: 'failed',
    object: '',
    note: `${count} more queries were not recorded.`,
  } as const
  return actEvent(act, `act-${randomUUID()}`, Date.now())
}
