import { type ClickHouseSettings, SettingsMap } from '@clickhouse/client'
import type { Connection, RequestOptions } from './connection.ts'
import { type EngineUser, HUNT_LIMITS } from './engine/engine-users.ts'
import { fromJson, needsReading } from './json-value.ts'
import { openAnswer } from './open-answer.ts'
import { CLOSED_TABLES, isNarrow, type ReadingScope, tableFilters } from './reading-scope.ts'
import type { OpenAnswer, QueryAnswer, QueryRequest, StoreReader } from './store.ts'
import { StoreError } from './store-error.ts'
import { storeFailure } from './store-failure.ts'
import { streamRows } from './stream-rows.ts'

const DEFAULT_ROWS = 10_000
const DEFAULT_TIMEOUT_MS = 60_000
const FAILED = { what: 'The query could not be answered.', otherwise: 'PW-ST-013' } as const

/** The body of format JSONCompact. Source: ClickHouse, docs/en/interfaces/formats/JSON/JSONCompact.md. */
interface CompactBody {
  readonly meta: { readonly name: string; readonly type: string }[]
  readonly data: unknown[][]
  readonly statistics?: { readonly elapsed: number; readonly rows_read: number; readonly bytes_read: number }
}

/** Reads over HTTP with accounts that may read and nothing else. */
export class ClickHouseReader implements StoreReader {
  readonly #connection: Connection
  /**
   * The account for what people type. That of hunters hides administrative acts by a row policy, which text cannot lift;
   * the engine (26.7) fails where a policy and a filter of the request meet, so a narrowed reader has the other account.
   */
  get #hunter(): 'hunter' | 'auditor' {
    return this.#scope !== undefined && !this.#scope.acts && !isNarrow(this.#scope) ? 'hunter' : 'auditor'
  }

  /** An ordinary server has no account of ours for what people type, so each request brings its own fetters. */
  readonly #ownAccounts: boolean
  readonly #isClosed: () => boolean

  readonly #scope: ReadingScope | undefined

  /** Ending of the tables that hold rows, where these are not the ones that are asked. */
  readonly #ending: string

  constructor(
    connection: Connection,
    ownAccounts: boolean,
    isClosed: () => boolean,
    { scope, ending = '' }: { readonly scope?: ReadingScope; readonly ending?: string } = {},
  ) {
    this.#ending = ending
    this.#connection = connection
    this.#ownAccounts = ownAccounts
    this.#isClosed = isClosed
    this.#scope = scope
  }

  within(scope: ReadingScope): ClickHouseReader {
    return new ClickHouseReader(this.#connection, this.#ownAccounts, this.#isClosed, { scope, ending: this.#ending })
  }

  async query(request: QueryRequest): Promise<QueryAnswer> {
    const { user, maxRows, options } = this.#begun(request)
    try {
      const result = await this.#connection.query(user, request.sql, 'JSONCompact', options)
      return answer((await result.json()) as unknown as CompactBody, maxRows)
    } catch (error) {
      throw storeFailure(error, FAILED)
    }
  }

  async open(request: QueryRequest): Promise<OpenAnswer> {
    const { user, maxRows, options } = this.#begun(request)
    return openAnswer(this.#connection, user, { sql: request.sql, maxRows, ...options })
  }

  #begun(request: QueryRequest): { user: EngineUser; maxRows: number; options: RequestOptions } {
    this.#refuseWhenClosed()
    // The client of the engine hears of a cancellation, but not of one that was before.
    if (request.signal?.aborted === true)
      throw new StoreError('PW-ST-015', { what: 'The query could not be answered.', why: 'It was cancelled.' })
    const maxRows = request.maxRows ?? DEFAULT_ROWS
    const options = {
      settings: this.#settings(request, maxRows),
      ...(request.params === undefined ? {} : { params: request.params }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    }
    return { user: request.profile !== 'hunt' ? 'app' : this.#hunter, maxRows, options }
  }

  async *stream<T>(sql: string, params?: Readonly<Record<string, unknown>>): AsyncGenerator<T[]> {
    this.#refuseWhenClosed()
    const settings: ClickHouseSettings = {
      ...this.#common(),
      ...this.#filters(false),
      max_block_size: '8192',
      max_execution_time: 0,
    }
    yield* streamRows<T>(this.#connection, 'app', sql, { settings, ...(params === undefined ? {} : { params }) })
  }

  #refuseWhenClosed(): void {
    if (this.#isClosed()) throw new StoreError('PW-ST-017', { what: 'A query came after the store was closed.' })
  }

  #common(): ClickHouseSettings {
    const quoted: ClickHouseSettings = { output_format_json_quote_64bit_integers: 1, date_time_input_format: 'best_effort' }
    return this.#ownAccounts ? quoted : { ...quoted, do_not_merge_across_partitions_select_final: 1 }
  }

  /** An ordinary server has one account for all, so what is closed to people's queries is filtered away there. */
  #filters(hunt: boolean): ClickHouseSettings {
    const closed = hunt && !this.#ownAccounts ? CLOSED_TABLES.map((table) => [table, 'false'] as const) : []
    const byAccount = hunt && this.#ownAccounts && this.#hunter === 'hunter'
    const filters = {
      ...(this.#scope === undefined || byAccount ? {} : tableFilters(this.#scope)),
      ...Object.fromEntries(closed),
    }
    // The client writes the map's quotes and leaves what is between them as it is.
    const quoted = (text: string): string => text.replace(/[\\']/g, (character) => `\\${character}`)
    const list = Object.entries(filters).flatMap(([table, condition]) => this.#named(table, quoted(condition)))
    return list.length === 0 ? {} : { additional_table_filters: SettingsMap.from(Object.fromEntries(list)) }
  }

  /** On a cluster the filter is applied where the rows are, which is also where what it looks up of them is. */
  #named(table: string, condition: string): [string, string][] {
    const { database } = this.#connection
    const here = condition.replaceAll(/\baudit\.(\w+)/g, `${database}.$1${this.#ending}`)
    return [[`${database}.${table}${this.#ending}`, here]]
  }

  #settings(request: QueryRequest, maxRows: number): ClickHouseSettings {
    const hunt = request.profile === 'hunt'
    const ceiling = hunt ? HUNT_LIMITS.seconds * 1000 : Number.POSITIVE_INFINITY
    const timeoutMs = Math.min(request.timeoutMs ?? DEFAULT_TIMEOUT_MS, ceiling)
    const settings: ClickHouseSettings = {
      ...this.#common(),
      ...this.#filters(hunt),
      // One more than wanted tells whether there are more.
      limit: `${maxRows + 1}`,
      max_execution_time: Math.max(timeoutMs, 1) / 1000,
    }
    // A user's query says what a real is that is no number; null would be a value that is missing.
    if (hunt) settings.output_format_json_quote_denormals = 1
    // Tables of a query that are computed once; servers that are not asked for them need not know the setting.
    if (hunt && request.sql.startsWith('WITH ') && request.sql.includes(' AS MATERIALIZED ('))
      settings.enable_materialized_cte = 1
    if (!hunt || this.#ownAccounts) return settings
    const { memoryBytes, resultBytes } = HUNT_LIMITS
    return { ...settings, readonly: '1', max_memory_usage: `${memoryBytes}`, max_result_bytes: `${resultBytes}` }
  }
}

function answer(body: CompactBody, maxRows: number): QueryAnswer {
  const columns = body.meta.map(({ name, type }) => ({ name, type }))
  const wide = columns.flatMap((column, index) => (needsReading(column.type) ? [index] : []))
  const rows = body.data.slice(0, maxRows)
  for (const row of rows) for (const index of wide) row[index] = fromJson(row[index], columns[index]?.type ?? '')
  const { elapsed = 0, rows_read: rowsRead = 0, bytes_read: bytesRead = 0 } = body.statistics ?? {}
  const truncated = body.data.length > maxRows
  return { columns, rows, stats: { rowsRead, bytesRead, elapsedMs: Math.round(elapsed * 1000), truncated } }
}
