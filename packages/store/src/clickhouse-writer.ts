import type { ClickHouseSettings } from '@clickhouse/client'
import type { EventDraft } from '@podwitness/event'
import { shardOf } from './cluster/shard-of.ts'
import type { Connection } from './connection.ts'
import { insertBatches } from './insert-batches.ts'
import { eventRowBytes, hasOwnColumns } from './row-binary/event-rows.ts'
import { StoreError } from './store-error.ts'
import { storeFailure } from './store-failure.ts'
import type { KnownRange, StoreWriter } from './store-writer.ts'
import type { Insertable, TableName } from './table-rows.ts'

/** How long an insert waits for an engine that is being started again. */
const PATIENCE_MS = 30_000
const PAUSE_MS = 250

/** Every value explicit: defaults differ between versions, and some of them acknowledge what is not stored. */
const SETTINGS: ClickHouseSettings = {
  async_insert: 0,
  insert_deduplicate: 1,
  deduplicate_blocks_in_dependent_materialized_views: 1,
  date_time_input_format: 'best_effort',
  input_format_parallel_parsing: 0,
  input_format_null_as_default: 1,
  // A lone surrogate in somebody's command line is data, not a reason to lose its batch.
  input_format_json_throw_on_bad_escape_sequence: 0,
  input_format_skip_unknown_fields: 0,
  max_partitions_per_insert_block: '100',
}

/** Where rows go: one server, or the shards of a cluster. */
export interface InsertPlaces {
  /** Reaches all rows. */
  readonly connection: Connection
  /** Each reaches the servers of one shard; one of the same rows goes to the next where the first is gone. */
  readonly shards: readonly Connection[]
  /** Ending of the tables that take rows. */
  readonly ending: string
}

/** Writes rows over HTTP, each insert under a token so that a repeated one changes nothing. */
export class ClickHouseWriter implements StoreWriter {
  readonly #connection: Connection
  readonly #places: InsertPlaces
  readonly #isClosed: () => boolean

  constructor(places: InsertPlaces, isClosed: () => boolean) {
    this.#connection = places.connection
    this.#places = places
    this.#isClosed = isClosed
  }

  /** Inserts one small row at once, or not: without waiting for an engine that is being started again. */
  async insertNow<T extends TableName>(table: T, row: Insertable<T>, token: string): Promise<void> {
    const { shards, ending } = this.#places
    const shard = shards[shardOf(table, row, shards.length)] ?? this.#connection
    const settings = { ...SETTINGS, insert_deduplication_token: `${token}#0` }
    try {
      await shard.insert('writer', `audit.${table}${ending}`, [row], settings)
    } catch (error) {
      throw storeFailure(error, { what: `A row cannot be written to ${table}.`, otherwise: 'PW-ST-016' })
    }
  }

  async insert<T extends TableName>(table: T, rows: readonly Insertable<T>[], token: string): Promise<void> {
    const { shards } = this.#places
    for (const [at, shard] of shards.entries()) {
      const ours = shards.length === 1 ? rows : rows.filter((row) => shardOf(table, row, shards.length) === at)
      let piece = 0
      for (const batch of insertBatches(ours)) await this.#insertOnce(shard, table, batch, `${token}#${piece++}`)
    }
  }

  async knownEventIds(range: KnownRange): Promise<Set<string>> {
    const sql = `SELECT event_id FROM audit.events
WHERE time >= parseDateTime64BestEffort({from:String}, 6, 'UTC') AND time <= parseDateTime64BestEffort({to:String}, 6, 'UTC')
  AND cluster = {cluster:String} AND (empty({kinds:Array(String)}) OR has({kinds:Array(String)}, kind))`
    const call = { what: 'The stored events cannot be listed.', otherwise: 'PW-ST-018' } as const
    const known = new Set<string>()
    try {
      const params = { ...range, kinds: [...range.kinds] }
      const result = await this.#connection.query('known', sql, 'JSONCompactEachRowWithNamesAndTypes', { params })
      let header = 2
      for await (const rows of result.stream<[string]>())
        for (const row of rows) {
          if (header > 0) header -= 1
          else known.add(row.json()[0])
        }
    } catch (error) {
      throw storeFailure(error, call)
    }
    return known
  }

  /** The token makes a retry harmless, so an engine that died in the middle is simply asked again. */
  async #insertOnce(shard: Connection, table: TableName, rows: readonly object[], token: string): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS
    const body = table === 'events' && hasOwnColumns(rows) ? eventRowBytes(rows as readonly EventDraft[]) : rows
    for (;;) {
      if (this.#isClosed()) throw new StoreError('PW-ST-017', { what: `Rows for ${table} came after the store was closed.` })
      try {
        const name = `audit.${table}${this.#places.ending}`
        await insertInto(shard, name, body, { ...SETTINGS, insert_deduplication_token: token })
        return
      } catch (error) {
        const call = { what: `${rows.length} rows cannot be written to ${table}.`, otherwise: 'PW-ST-016' } as const
        const failure = storeFailure(error, call)
        if (failure.code !== 'PW-ST-010' || Date.now() > deadline) throw failure
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
}

function insertInto(
  shard: Connection,
  table: string,
  body: Buffer | readonly object[],
  settings: ClickHouseSettings,
): Promise<void> {
  return Buffer.isBuffer(body)
    ? shard.insertBytes('writer', { table, format: 'RowBinaryWithNamesAndTypes' }, body, settings)
    : shard.insert('writer', table, body, settings)
}
