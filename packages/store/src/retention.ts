import type { Connection } from './connection.ts'
import { byEventStream, daysOfStream, EVENT_STREAMS, type EventDays, type EventStream } from './event-streams.ts'
import { type Arrivals, arrivalColumns, arrivingPerDay } from './growth.ts'
import { StoreError } from './store-error.ts'
import { storeFailure } from './store-failure.ts'
import { EXPIRING_TABLES, type ExpiringTable, TABLE_NAMES, type TableName } from './table-rows.ts'

/** What a table holds and for how long. */
export interface TableRetention {
  readonly table: TableName
  /** 0 where rows never expire. */
  readonly days: number
  /** Of the table `events`, days of streams that are kept for others. */
  readonly streams: Readonly<Partial<Record<EventStream, number>>>
  readonly rows: number
  /** Compressed size on disk, indexes included. */
  readonly bytes: number
  /** ISO 8601; empty where there are no rows or no time. */
  readonly oldest: string
  readonly newest: string
  /** Growth in bytes a day on disk, by what arrived in the last day (`arrivingPerDay`). */
  readonly bytesPerDay: number
}

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

/** Tables that do not note when a row arrived: it is taken for the time of its subject. */
const WITHOUT_ARRIVAL: readonly TableName[] = [
  ...(['containers', 'pods', 'imports', 'alert_objects', 'access_objects', 'store_objects', 'saved_queries'] as const),
]

/** A table's TTL, as the engine writes it. */
const TTL = "extract(create_table_query, ' TTL (.*?) SETTINGS')"

/** The days in a TTL; those of streams stand before the days of all others, in the order of `EVENT_STREAMS`. */
function daysIn(ttl: string): EventDays {
  const numbers = [...ttl.matchAll(/[(,] ?(\d+)(?=[,)])/g)].map(([, number]) => Number(number))
  const days = numbers.at(-1) ?? 0
  if (numbers.length <= EVENT_STREAMS.length) return { days, streams: {} }
  const streams = EVENT_STREAMS.map((stream, at) => [stream, numbers[at] ?? days] as const)
  return { days, streams: Object.fromEntries(streams.filter(([, own]) => own !== days)) }
}

interface TableSize {
  readonly table: string
  readonly rows: number
  readonly bytes: number
  readonly ttl: string
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
  ${TTL} AS ttl
FROM system.tables WHERE database = 'audit' AND name IN {tables:Array(String)}`
  const tables = TABLE_NAMES.map((table) => `${table}${ending}`)
  const sizes: TableSize[] = []
  for (const server of servers)
    sizes.push(...(await server.rows<TableSize>('admin', sql, { tables, cut: ending.length }, FAILED)))
  const spans = await readSpans(connection)
  const arriving = await readArriving(connection)
  return TABLE_NAMES.map((table) => {
    const parts = sizes.filter((row) => row.table === table)
    const sum = (of: 'rows' | 'bytes'): number => parts.reduce((total, part) => total + part[of], 0)
    const size = { rows: sum('rows'), bytes: sum('bytes'), ...daysIn(parts[0]?.ttl ?? '') }
    const span = spans.get(table) ?? { oldest: '', newest: '' }
    const bytesPerDay = size.rows === 0 ? 0 : Math.round((size.bytes / size.rows) * (arriving.get(table) ?? 0))
    return { table, ...size, ...span, bytesPerDay }
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

/** Rows a day, by table. */
async function readArriving(connection: Connection): Promise<Map<string, number>> {
  const each = TABLE_NAMES.map((table) => {
    const time = TIME_COLUMNS[table]
    const received = WITHOUT_ARRIVAL.includes(table) ? time : 'received'
    return `SELECT '${table}' AS table, ${arrivalColumns('1', time, received)} FROM audit.${table} WHERE ${received} > now64(3) - INTERVAL 1 DAY`
  })
  const rows = await connection.rows<Arrivals & { table: string }>('admin', each.join(' UNION ALL '), {}, FAILED)
  return new Map(rows.map(({ table, ...arrivals }) => [table, arrivingPerDay(arrivals)]))
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
  refuseOtherThanDays(days)
  await alter(
    servers,
    tables
      .filter((name) => EXPIRING_TABLES.includes(name))
      .map((table) => ttlOf(table, `${table}${ending}`, { days, streams: {} })),
  )
}

/**
 * Sets after how many days events expire, by stream. Where streams differ, the engine takes rows out of parts instead
 * of dropping parts whole: a day of events is written again as often as one of its streams expires.
 *
 * @throws StoreError PW-ST-013 where a number is not one of days.
 */
export async function writeEventRetention(servers: readonly Connection[], ending: string, wanted: EventDays): Promise<void> {
  for (const days of [wanted.days, ...Object.values(wanted.streams)]) refuseOtherThanDays(days)
  const whole = Object.values(wanted.streams).every((days) => days === wanted.days)
  const name = `events${ending}`
  await alter(servers, [
    `ALTER TABLE audit.${name} MODIFY SETTING ttl_only_drop_parts = ${whole ? 1 : 0}`,
    ttlOf('events', name, wanted),
    ttlOf('placements', `placements${ending}`, { days: wanted.days, streams: {} }),
  ])
}

function refuseOtherThanDays(days: number): void {
  if (Number.isInteger(days) && days >= 1 && days <= MAX_DAYS) return
  throw new StoreError('PW-ST-013', {
    what: `Rows cannot be kept for ${days} days.`,
    todo: `Give a whole number from 1 to ${MAX_DAYS}.`,
  })
}

async function alter(servers: readonly Connection[], statements: readonly string[]): Promise<void> {
  try {
    for (const server of servers) for (const statement of statements) await server.command('admin', statement)
  } catch (error) {
    throw storeFailure(error, { what: 'The retention cannot be changed.', otherwise: 'PW-ST-018' })
  }
}

const ttlOf = (table: string, name: string, days: EventDays): string =>
  `ALTER TABLE audit.${name} MODIFY TTL ${expiry(table, days)}`

const HOLDABLE: readonly string[] = ['events', 'placements', 'sessions', 'entries']

/** When a row goes: by its arrival, or, where it is held, never. */
function expiry(table: string, wanted: EventDays): string {
  const values = Object.fromEntries([...EVENT_STREAMS, 'events' as const].map((name) => [name, `${daysOfStream(wanted, name)}`]))
  const differ = Object.values(wanted.streams).some((own) => own !== wanted.days)
  const days = differ ? byEventStream(values as Record<EventStream | 'events', string>) : `${wanted.days}`
  const byAge = `toDateTime(received) + toIntervalDay(${days})`
  return HOLDABLE.includes(table) ? `greatest(${byAge}, kept_until)` : byAge
}

/** Makes tables heed holds; they keep their days. A table that does already is left as it is. */
export async function writeExpiry(servers: readonly Connection[], ending: string, tables: readonly string[]): Promise<void> {
  for (const server of servers) {
    const names = tables.map((table) => `${table}${ending}`)
    const sql = `SELECT name, create_table_query LIKE '%greatest(%kept_until)%' AS heeds, ${TTL} AS ttl
FROM system.tables WHERE database = 'audit' AND name IN {names:Array(String)}`
    for (const { name, heeds, ttl } of await server.rows<Heeding>('admin', sql, { names }, FAILED)) {
      if (heeds === 1 || ttl === '') continue
      await server.command('admin', ttlOf(ending === '' ? name : name.slice(0, -ending.length), name, daysIn(ttl)))
    }
  }
}

interface Heeding {
  readonly name: string
  readonly heeds: number
  readonly ttl: string
}
