import type { QueryReply, TailMessage } from '@podwitness/api'
import { storeTime, timeMsOf } from '@podwitness/event'
import { editQuery } from '@podwitness/query'
import type { Store } from '@podwitness/store'
import { runQuery } from '../query/run-query.ts'
import { ServerError } from '../server-error.ts'

/**
 * How far a look goes back behind what was seen. Rows are stamped when their insert begins and seen when it has ended,
 * and an insert waits up to 30 s for an engine that is started again.
 */
const OVERLAP_MS = 35_000
/** Rows said of one look; what is more is counted. */
const MOST_ROWS = 2000
/** Rows whose ids one look reads, beside those it knows. */
const MOST_READ = 20_000
/** Ids kept to know what was said already; past it the oldest go, and may be said twice. */
const MOST_KNOWN = 200_000

/** Reads what has arrived since it was last asked: every row once, in order of arrival. */
export class TailReader {
  readonly #store: Store
  readonly #source: string
  /** Arrival of what was said, by event id, oldest first. */
  readonly #said = new Map<string, number>()
  #cursorMs: number
  /** Newest arrival and number of events of the last look: where they are the same, nothing came. */
  #seen = { newest: '', count: 0 }
  #columns = ''
  /** Arrivals up to here are no longer looked at: more came than could be read. */
  #floorMs = 0

  private constructor(store: Store, source: string, cursorMs: number) {
    this.#store = store
    this.#source = source
    this.#cursorMs = cursorMs
  }

  /**
   * Prepares to follow a query.
   *
   * @param cursorMs Arrival to go on from, milliseconds since the epoch.
   * @throws QueryError for a wrong query, ServerError PW-HQ-006 for one whose rows have no arrival.
   */
  static async open(store: Store, query: string, cursorMs: number): Promise<TailReader> {
    const source = await editQuery({ task: 'source', lang: 'kql', text: query })
    const text = `${source}\n| take 0`
    const { columns } = await runQuery(store, { lang: 'kql', text, from: iso(cursorMs), to: iso(cursorMs + 1) })
    const has = (name: string) => columns.some((column) => column.name === name)
    if (has('TimeReceived') && has('EventId')) return new TailReader(store, source, cursorMs)
    throw new ServerError('PW-HQ-006', 400, {
      what: 'The rows of this query cannot be followed.',
      why: 'They have no TimeReceived and EventId: only Events, Commands, KubeAudit and Findings say when a row arrived.',
      do: 'Follow one of these tables, with `where` to narrow it.',
    })
  }

  /** What came since the last call. @throws QueryError, StoreError */
  async next(signal: AbortSignal): Promise<TailMessage> {
    const after = this.#cursorMs - OVERLAP_MS
    const { newest, from, to, count } = await this.#arrivals(after, signal)
    const before = this.#seen
    this.#seen = { newest, count }
    const message = { cursor: iso(this.#cursorMs), columns: [], rows: [], skipped: 0, arrived: 0 }
    if (count === 0 || (newest === before.newest && count === before.count)) return message
    const found = await this.#rows(after, { from, to, signal })
    this.#cursorMs = Math.max(this.#cursorMs, timeMsOf(newest))
    this.#forget()
    return { ...message, ...found, cursor: iso(this.#cursorMs), arrived: Math.max(0, count - before.count) }
  }

  /** What arrived at all: cheap, because parts know the arrivals they hold. */
  async #arrivals(afterMs: number, signal: AbortSignal) {
    const { rows } = await this.#store.reader.query({
      sql: `SELECT toString(max(received)), toString(min(time)), toString(max(time)), count() FROM audit.events
        WHERE received > parseDateTime64BestEffort({after:String}, 3, 'UTC')`,
      params: { after: storeTime(afterMs) },
      signal,
    })
    const [newest, from, to, count] = rows[0] ?? []
    return { newest: String(newest), from: String(from), to: String(to), count: Number(count ?? 0) }
  }

  async #rows(afterMs: number, { from, to, signal }: { from: string; to: string; signal: AbortSignal }) {
    const span = { from: iso(Math.floor(timeMsOf(from))), to: iso(Math.floor(timeMsOf(to)) + 1) }
    const ask = (steps: string, limit: number) =>
      runQuery(this.#store, { lang: 'kql', ...span, signal, limit, text: `${this.#source}\n| ${steps}` })
    const arrived = `where TimeReceived > datetime(${iso(Math.max(afterMs, this.#floorMs))})`
    const limit = MOST_READ + this.#said.size
    // Ids alone first: most of what the look back meets was said already.
    const ids = await ask(`${arrived}\n| project EventId, TimeReceived\n| order by TimeReceived desc\n| take ${limit}`, limit)
    const fresh = new Map<string, number>()
    for (const [id, received] of ids.rows) if (!this.#said.has(String(id))) fresh.set(String(id), Date.parse(String(received)))
    for (const [id, receivedMs] of [...fresh].reverse()) this.#said.set(id, receivedMs)
    if (fresh.size === 0) return { columns: [], rows: [], skipped: 0 }
    // The newest are said: where more came, it is the oldest that are left out.
    const said = [...fresh].slice(0, MOST_ROWS)
    const since = iso(Math.min(...said.map(([, receivedMs]) => receivedMs)))
    const { columns, rows } = await ask(
      `where TimeReceived >= datetime(${since})\n| order by TimeReceived asc, TimeGenerated asc`,
      limit,
    )
    const wanted = new Set(said.map(([id]) => id))
    const place = columns.findIndex(({ name }) => name === 'EventId')
    const found = rows.filter((row) => wanted.delete(String(row[place])))
    const unread = ids.rows.length < limit ? 0 : await this.#unread(ask, arrived, ids.rows.length)
    const shape = JSON.stringify(columns)
    const known = shape === this.#columns
    this.#columns = shape
    return { columns: known ? [] : columns, rows: found, skipped: fresh.size - found.length + unread }
  }

  /** Rows that match and were not even read. They are left behind: the next look begins after them. */
  async #unread(ask: (steps: string, limit: number) => Promise<QueryReply>, arrived: string, read: number): Promise<number> {
    const { rows } = await ask(`${arrived}\n| count`, 1)
    this.#floorMs = timeMsOf(this.#seen.newest)
    return Math.max(0, Number(rows[0]?.[0] ?? 0) - read)
  }

  /** Drops ids that no later look can meet again. */
  #forget(): void {
    for (const [id, receivedMs] of this.#said) {
      if (receivedMs > this.#cursorMs - OVERLAP_MS && this.#said.size <= MOST_KNOWN) break
      this.#said.delete(id)
    }
  }
}

const iso = (ms: number): string => new Date(ms).toISOString()
