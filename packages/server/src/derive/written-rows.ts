import { timeMsOf } from '@podwitness/event'
import { blankRow, type Store } from '@podwitness/store'
import { nextVersion } from '../next-version.ts'
import { DERIVED, type DerivedTable, differs, INSERT_ROWS } from './derived-table.ts'
import { joinSpans, spanParams, type TimeSpan } from './time-span.ts'
import { versionAfter } from './write-changes.ts'

type Row = Readonly<Record<string, unknown>>

/** What is stored of a table, by whose word it stands there: a node's, or the API server's. */
interface Held {
  readonly byOwner: Map<string, Map<string, Row>>
  /** Rows that an earlier process wrote and nobody here has said yet. */
  readonly found: Map<string, Row>
}

/** What a round wrote: how many rows, and the time of the sessions among them. */
export interface Written {
  readonly changed: number
  readonly span: TimeSpan | null
}

/** Knows what the derived tables say, so that only what is new or different is written. */
export class WrittenRows {
  readonly #store: Store
  readonly #cluster: string
  readonly #held: Record<DerivedTable, Held> = { placements: empty(), entries: empty(), sessions: empty() }
  #span: TimeSpan | null = null
  readonly #changes: Record<DerivedTable, Row[]> = { placements: [], entries: [], sessions: [] }

  constructor(store: Store, cluster: string) {
    this.#store = store
    this.#cluster = cluster
  }

  /** Reads what an earlier process wrote about a time; milliseconds since the epoch. */
  async load(fromMs: number): Promise<void> {
    for (const table of ORDER) {
      const { key, when } = DERIVED[table]
      const columns = columnsOf(table).map((column) => `\`${column}\``)
      const sql = `SELECT ${columns.join(', ')} FROM audit.${table} FINAL
        WHERE cluster = {cluster:String} AND \`${when}\` >= {from:DateTime64(6)} AND version > 0`
      const { from } = spanParams({ fromMs, toMs: fromMs })
      for await (const block of this.#store.reader.stream<Row>(sql, { cluster: this.#cluster, from }))
        for (const row of block) this.#held[table].found.set(String(row[key]), row)
    }
  }

  /** What is held to be stored under an owner's name. */
  rows(table: DerivedTable, owner: string): Iterable<Row> {
    return this.#held[table].byOwner.get(owner)?.values() ?? []
  }

  /**
   * Takes what an owner says now; what it said before and does not say any more is withdrawn.
   *
   * @param fromMs Of a row: if it is of an earlier time it is not withdrawn, because the evidence was put aside.
   */
  say(table: DerivedTable, owner: string, rows: readonly Row[], fromMs: (row: Row) => number): void {
    const { key, when } = DERIVED[table]
    const held = this.#held[table]
    const before = held.byOwner.get(owner) ?? new Map<string, Row>()
    const now = new Map<string, Row>()
    for (const row of rows) {
      const id = String(row[key])
      const stored = before.get(id) ?? held.found.get(id)
      held.found.delete(id)
      before.delete(id)
      now.set(id, row)
      if (stored === undefined || columnsOf(table).some((column) => differs(row[column], stored[column])))
        this.#changes[table].push({ ...row, is_deleted: 0 })
    }
    for (const row of before.values())
      if (timeMsOf(String(row[when])) >= fromMs(row)) this.#changes[table].push({ ...row, is_deleted: 1 })
    held.byOwner.set(owner, now)
  }

  /** Withdraws what an earlier process wrote and nobody says, once everybody has said everything. */
  withdrawRest(fromMs: (row: Row) => number): void {
    for (const table of ORDER) {
      const { when } = DERIVED[table]
      const { found } = this.#held[table]
      for (const row of found.values())
        if (timeMsOf(String(row[when])) >= fromMs(row)) this.#changes[table].push({ ...row, is_deleted: 1 })
      found.clear()
    }
  }

  /** Where other servers write as well, above what they wrote about the time of these rows. */
  async #version(): Promise<string> {
    const times = ORDER.flatMap((table) => this.#changes[table].map((row) => timeMsOf(String(row[DERIVED[table].when]))))
    if (!this.#store.shared || times.length === 0) return nextVersion()
    const [fromMs, toMs] = times.reduce(([low, high], timeMs) => [Math.min(low, timeMs), Math.max(high, timeMs)] as const, [
      Number.POSITIVE_INFINITY,
      0,
    ] as readonly [number, number])
    return versionAfter(this.#store, this.#cluster, { fromMs, toMs })
  }

  #noteTime(timeMs: number): void {
    this.#span = joinSpans(this.#span ?? undefined, { fromMs: timeMs, toMs: timeMs })
  }

  /** Writes what changed; sessions last, so that one that is seen has its commands. Returns how many rows. */
  async write(): Promise<Written> {
    const version = await this.#version()
    let written = 0
    for (const table of ORDER) {
      const rows = this.#changes[table]
      if (table === 'sessions') for (const row of rows) this.#noteTime(timeMsOf(String(row.start)))
      for (let at = 0; at < rows.length; at += INSERT_ROWS) {
        const part = rows.slice(at, at + INSERT_ROWS).map((row) => ({ ...blankRow(table), ...row, version }))
        await this.#store.writer.insert<DerivedTable>(table, part, `derive-${table}-${version}-${at}`)
      }
      written += rows.length
      this.#changes[table] = []
    }
    const span = this.#span
    this.#span = null
    return { changed: written, span }
  }
}

const ORDER: readonly DerivedTable[] = ['placements', 'entries', 'sessions']

const columns = new Map<DerivedTable, string[]>()

function columnsOf(table: DerivedTable): readonly string[] {
  let names = columns.get(table)
  if (names === undefined) {
    names = Object.keys(blankRow(table)).filter((column) => column !== 'version' && column !== 'is_deleted')
    columns.set(table, names)
  }
  return names
}

function empty(): Held {
  return { byOwner: new Map(), found: new Map() }
}
