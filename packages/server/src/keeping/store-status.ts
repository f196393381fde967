import {
  byEventStream,
  daysOfStream,
  EVENT_STREAMS,
  type EventStream,
  type Store,
  type TableName,
  type TableRetention,
} from '@podwitness/store'
import type { DiskLimits } from '../intake/disk-guard.ts'

/** Tables that are kept equally long, by a word for all of them; of the table `events` what is of no stream of its own. */
export const STREAMS = {
  events: ['events', 'placements'],
  api: [],
  files: [],
  network: [],
  logs: [],
  sessions: ['sessions', 'entries'],
  samples: ['samples'],
  health: ['loss', 'heartbeats', 'batches'],
  alerts: ['alerts', 'alert_runs', 'alert_deliveries', 'alert_leases'],
} as const satisfies Readonly<Record<string, readonly TableName[]>> & Readonly<Record<EventStream, readonly []>>
export type Stream = keyof typeof STREAMS
export const STREAM_NAMES = Object.keys(STREAMS) as Stream[]

/** Whether a stream is a part of the table `events`. */
export const isEventStream = (stream: Stream): stream is EventStream | 'events' =>
  stream === 'events' || (EVENT_STREAMS as readonly string[]).includes(stream)

/** What a stream takes and how it grows. */
interface StreamStatus {
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
  const shares = await readShares(store)
  const streams = STREAM_NAMES.map((stream): StreamStatus => {
    const ours = partsOf(stream, tables, { arrivals, shares })
    const sum = (of: (part: TablePart) => number): number => ours.reduce((total, part) => total + of(part), 0)
    const bytesPerDay = Math.round(sum((part) => part.bytesPerDay))
    const days = Math.max(0, ...ours.map((part) => part.days))
    const bytes = Math.round(sum((part) => part.bytes))
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

/** What a stream has of one table. */
interface TablePart {
  readonly days: number
  readonly rows: number
  readonly bytes: number
  readonly bytesPerDay: number
}

interface Amounts {
  /** Rows a day, by table. */
  readonly arrivals: ReadonlyMap<string, number>
  readonly shares: ReadonlyMap<string, EventShare>
}

/** Of a table's bytes, a stream of events has the share that its text has. */
function partsOf(stream: Stream, tables: readonly TableRetention[], { arrivals, shares }: Amounts): TablePart[] {
  const parts: TablePart[] = []
  for (const table of tables) {
    const { days, rows, bytes } = table
    const bytesPerDay = rows === 0 ? 0 : (bytes / rows) * (arrivals.get(table.table) ?? 0)
    if (table.table === 'events' && isEventStream(stream)) {
      const { rows: own = 0, ofBytes = 0, ofNew = 0 } = shares.get(stream) ?? {}
      parts.push({ days: daysOfStream(table, stream), rows: own, bytes: bytes * ofBytes, bytesPerDay: bytesPerDay * ofNew })
    } else if (table.table !== 'events' && (STREAMS[stream] as readonly TableName[]).includes(table.table))
      parts.push({ days, rows, bytes, bytesPerDay })
  }
  return parts
}

/** What one stream is of all events: its rows, its part of the text, and its part of the last day's. */
interface EventShare {
  readonly rows: number
  readonly ofBytes: number
  readonly ofNew: number
}

async function readShares(store: StatusSource): Promise<Map<string, EventShare>> {
  const names = Object.fromEntries([...EVENT_STREAMS, 'events'].map((name) => [name, `'${name}'`]))
  const sql = `SELECT ${byEventStream(names as Record<EventStream | 'events', string>)} AS stream, count() AS n, sum(length(raw)) AS text,
  sumIf(length(raw), received > now64(3) - INTERVAL 1 DAY) AS fresh FROM audit.events GROUP BY stream`
  const { rows } = await store.reader.query({ sql })
  const total = (at: number): number => rows.reduce((sum, row) => sum + Number(row[at]), 0)
  const [text, fresh] = [total(2) || 1, total(3) || 1]
  return new Map(
    rows.map(([name, n, own, recent]) => [
      String(name),
      { rows: Number(n), ofBytes: Number(own) / text, ofNew: Number(recent) / fresh },
    ]),
  )
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
