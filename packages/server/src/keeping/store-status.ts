import type { Store, TableName } from '@podwitness/store'
import type { DiskLimits } from './disk-guard.ts'

/** Tables that are kept equally long, by a word for all of them. */
export const STREAMS = {
  events: ['events', 'placements', 'sessions', 'entries'],
  samples: ['samples'],
  health: ['loss', 'heartbeats', 'batches'],
  alerts: ['alerts', 'alert_runs', 'alert_deliveries', 'alert_leases'],
} as const satisfies Readonly<Record<string, readonly TableName[]>>
export type Stream = keyof typeof STREAMS
export const STREAM_NAMES = Object.keys(STREAMS) as Stream[]

/** What a stream takes and how it grows. */
export interface StreamStatus {
  readonly stream: Stream
  readonly days: number
  readonly rows: number
  readonly bytes: number
  /** Growth by what arrived in the last day; of a younger store, since its first row. */
  readonly bytesPerDay: number
  /** What it will take when as much expires as arrives. */
  readonly steadyBytes: number
}

/** How full the store is and how long that goes well. */
export interface StoreStatus {
  readonly kind: Store['kind']
  readonly version: string
  readonly diskFreeBytes: number
  readonly diskTotalBytes: number
  readonly state: 'ok' | 'low' | 'refusing'
  /** Below this nothing is taken in. */
  readonly refuseBelowBytes: number
  readonly warnBelowBytes: number
  readonly bytesPerDay: number
  /** Until nothing is taken in any more; null where retention frees as much as arrives before that. */
  readonly fullInDays: number | null
  readonly holds: number
  readonly streams: readonly StreamStatus[]
}

/** What is asked of a store. */
export type StatusSource = Pick<Store, 'kind' | 'reader' | 'retention' | 'holds' | 'health'>

/** Looks how full the store is. */
export async function readStoreStatus(store: StatusSource, limits: DiskLimits): Promise<StoreStatus> {
  const [health, tables, arrivals, holds] = [
    await store.health(),
    await store.retention(),
    await readArrivals(store),
    await store.holds(),
  ]
  const streams = STREAM_NAMES.map((stream): StreamStatus => {
    const ours = tables.filter(({ table }) => (STREAMS[stream] as readonly TableName[]).includes(table))
    const sum = (of: (table: (typeof ours)[number]) => number): number => ours.reduce((total, table) => total + of(table), 0)
    const bytesPerDay = Math.round(
      sum(({ table, rows, bytes }) => (rows === 0 ? 0 : (bytes / rows) * (arrivals.get(table) ?? 0))),
    )
    const days = Math.max(0, ...ours.map((table) => table.days))
    const bytes = sum((table) => table.bytes)
    return { stream, days, rows: sum(({ rows }) => rows), bytes, bytesPerDay, steadyBytes: Math.max(bytes, bytesPerDay * days) }
  })
  const { diskFreeBytes, diskTotalBytes, version } = health
  const { refuseBelowBytes, warnBelowBytes } = limits
  const bytesPerDay = streams.reduce((total, stream) => total + stream.bytesPerDay, 0)
  const stillToCome = streams.reduce((total, { steadyBytes, bytes }) => total + steadyBytes - bytes, 0)
  const room = Math.max(0, diskFreeBytes - refuseBelowBytes)
  return {
    ...{ kind: store.kind, version, diskFreeBytes, diskTotalBytes, refuseBelowBytes, warnBelowBytes },
    state: diskFreeBytes < refuseBelowBytes ? 'refusing' : diskFreeBytes < warnBelowBytes ? 'low' : 'ok',
    bytesPerDay,
    fullInDays: stillToCome <= room ? null : Math.floor((room / bytesPerDay) * 10) / 10,
    holds: holds.length,
    streams,
  }
}

/** Rows a day of each table, by arrival: an old log that is imported today says nothing about tomorrow by its own times. */
async function readArrivals(store: StatusSource): Promise<Map<string, number>> {
  const each = Object.values(STREAMS)
    .flat()
    .map(
      (table) => `SELECT '${table}' AS name, count() AS n, dateDiff('second', min(received), now64(3)) AS age FROM audit.${table}
WHERE received > now64(3) - INTERVAL 1 DAY`,
    )
  const { rows } = await store.reader.query({ sql: `SELECT name, n, age FROM (${each.join(' UNION ALL ')})` })
  // At least an hour: a minute's import is no rate.
  return new Map(
    rows.map(([name, n, age]) => [String(name), (Number(n) * 86_400) / Math.min(86_400, Math.max(3_600, Number(age)))]),
  )
}
