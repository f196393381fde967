import type { Connection } from './connection.ts'
import type { TableRetention } from './store.ts'
import { StoreError } from './store-error.ts'
import { storeFailure } from './store-failure.ts'
import { EXPIRING_TABLES, type ExpiringTable, TABLE_NAMES, type TableName } from './table-rows.ts'

const DAY_MS = 86_400_000
/** A hundred years: more is a slip, and `INTERVAL` would overflow. */
const MAX_DAYS = 36_500
const FAILED = { what: 'The age of the stored rows cannot be read.', otherwise: 'PW-ST-018' } as const

/** Column that says when a row's subject happened. */
const TIME_COLUMNS: Readonly<Record<TableName, string>> = {
  events: 'time',
  placements: 'time',
  sessions: 'start',
  entries: 'time',
  containers: 'first_seen',
  pods: 'observed',
  samples: 'time',
  imports: 'started',
  loss: 'until',
  heartbeats: 'time',
  batches: 'stored',
  alert_objects: 'changed',
  alerts: 'created',
  alert_runs: 'started',
  alert_deliveries: 'created',
  alert_leases: 'claimed',
  access_objects: 'changed',
  leases: 'received',
  ledger_entries: 'received',
  store_objects: 'changed',
  saved_queries: 'changed',
}

/** The days of a table's TTL, as the engine writes it. */
const DAYS = "toUInt32OrZero(extract(create_table_query, 'TTL [^\\n]*toIntervalDay\\\\((\\\\d+)\\\\)'))"

interface TableSize {
  readonly table: string
  readonly rows: number
  readonly bytes: number
  readonly days: number
}

/**
 * What every table holds, how old it is and how fast it grows.
 *
 * @param servers Those whose tables add up to everything: one of each shard.
 * @param ending Of the tables' names there.
 */
export async function readRetention(
  connection: Connection,
  servers: readonly Connection[] = [connection],
  ending = '',
): Promise<TableRetention[]> {
  const sql = `SELECT substring(name, 1, length(name) - {cut:UInt32}) AS table, toFloat64(ifNull(total_rows, 0)) AS rows, toFloat64(ifNull(total_bytes, 0)) AS bytes,
  ${DAYS} AS days
FROM system.tables WHERE database = 'audit' AND name IN {tables:Array(String)}`
  const tables = TABLE_NAMES.map((table) => `${table}${ending}`)
  const sizes: TableSize[] = []
  for (const server of servers)
    sizes.push(...(await server.rows<TableSize>('admin', sql, { tables, cut: ending.length }, FAILED)))
  const spans = await readSpans(connection)
  return TABLE_NAMES.map((table) => {
    const parts = sizes.filter((row) => row.table === table)
    const sum = (of: 'rows' | 'bytes'): number => parts.reduce((total, part) => total + part[of], 0)
    const size = { rows: sum('rows'), bytes: sum('bytes'), days: parts[0]?.days ?? 0 }
    const span = spans.get(table) ?? { oldest: '', newest: '' }
    const days = span.oldest === '' ? 1 : Math.max(1, (Date.parse(span.newest) - Date.parse(span.oldest)) / DAY_MS)
    return { table, days: size.days, rows: size.rows, bytes: size.bytes, ...span, bytesPerDay: Math.round(size.bytes / days) }
  })
}

interface Span {
  readonly oldest: string
  readonly newest: string
}

async function readSpans(connection: Connection): Promise<Map<string, Span>> {
  const each = TABLE_NAMES.map((table) => {
    const time = TIME_COLUMNS[table]
    return `SELECT '${table}' AS table, count() AS n, toUnixTimestamp64Milli(min(${time})) AS a, toUnixTimestamp64Milli(max(${time})) AS b FROM audit.${table}`
  })
  const rows = await connection.rows<{ table: string; n: string; a: string; b: string }>(
    'admin',
    each.join(' UNION ALL '),
    {},
    FAILED,
  )
  const iso = (ms: string) => new Date(Number(ms)).toISOString()
  return new Map(
    rows.map(({ table, n, a, b }) => [table, Number(n) === 0 ? { oldest: '', newest: '' } : { oldest: iso(a), newest: iso(b) }]),
  )
}

/**
 * Sets after how many days rows expire, counted from their arrival, so that an old log imported today stays as long as
 * a new one. The engine drops what has expired within the hour after it next looks.
 *
 * @throws StoreError PW-ST-013 where the number is not one of days.
 */
export async function writeRetention(
  servers: readonly Connection[],
  ending: string,
  days: number,
  tables: readonly ExpiringTable[],
): Promise<void> {
  if (!Number.isInteger(days) || days < 1 || days > MAX_DAYS)
    throw new StoreError('PW-ST-013', {
      what: `Rows cannot be kept for ${days} days.`,
      todo: `Give a whole number from 1 to ${MAX_DAYS}.`,
    })
  try {
    for (const server of servers)
      for (const table of tables.filter((name) => EXPIRING_TABLES.includes(name)))
        await server.command('admin', `ALTER TABLE audit.${table}${ending} MODIFY TTL ${expiry(table, days)}`)
  } catch (error) {
    throw storeFailure(error, { what: 'The retention cannot be changed.', otherwise: 'PW-ST-018' })
  }
}

const HOLDABLE: readonly string[] = ['events', 'placements', 'sessions', 'entries']

/** When a row goes: by its arrival, or, where it is held, never. */
function expiry(table: string, days: number): string {
  const byAge = `toDateTime(received) + INTERVAL ${days} DAY`
  return HOLDABLE.includes(table) ? `greatest(${byAge}, kept_until)` : byAge
}

/** Makes tables heed holds; they keep their days. A table that does already is left as it is. */
export async function writeExpiry(servers: readonly Connection[], ending: string, tables: readonly string[]): Promise<void> {
  for (const server of servers) {
    const names = tables.map((table) => `${table}${ending}`)
    const sql = `SELECT name, create_table_query LIKE '%greatest(%kept_until)%' AS heeds, ${DAYS} AS days
FROM system.tables WHERE database = 'audit' AND name IN {names:Array(String)}`
    for (const { name, heeds, days } of await server.rows<Heeding>('admin', sql, { names }, FAILED)) {
      if (heeds === 1 || days === 0) continue
      const table = ending === '' ? name : name.slice(0, -ending.length)
      await server.command('admin', `ALTER TABLE audit.${name} MODIFY TTL ${expiry(table, days)}`)
    }
  }
}

interface Heeding {
  readonly name: string
  readonly heeds: number
  readonly days: number
}
