import {
  type Arrivals,
  arrivalColumns,
  arrivingPerDay,
  byEventStream,
  daysOfStream,
  EVENT_STREAMS,
  type EventStream,
  type Store,
  type TableName,
  type TableRetention,
} from '@podwitness/store'
import type { DiskLimits } from '../intake/disk-guard.ts'
import { fullInDays } from './full-in-days.ts'

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

const OF_STREAMS: readonly TableName[] = Object.values(STREAMS).flat()

/** Whether a stream is a part of the table `events`. */
export const isEventStream = (stream: Stream): stream is EventStream | 'events' =>
  stream === 'events' || (EVENT_STREAMS as readonly string[]).includes(stream)

/** What a stream takes and how it grows. */
interface StreamStatus {
  readonly stream: Stream
  readonly days: number
  readonly rows: number
  readonly bytes: number
  /** Growth by what arrived in the last day. */
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
  const [health, tables, holds] = [await store.health(), await store.retention(), await store.holds()]
  const shares = await readShares(store)
  const streams = STREAM_NAMES.map((stream): StreamStatus => {
    const ours = partsOf(stream, tables, shares)
    const sum = (of: (part: TablePart) => number): number => ours.reduce((total, part) => total + of(part), 0)
    const bytesPerDay = Math.round(sum((part) => part.bytesPerDay))
    const days = Math.max(0, ...ours.map((part) => part.days))
    const bytes = Math.round(sum((part) => part.bytes))
    return { stream, days, rows: sum(({ rows }) => rows), bytes, bytesPerDay, steadyBytes: Math.max(bytes, bytesPerDay * days) }
  })
  const { diskFreeBytes, diskTotalBytes, version } = health
  const { refuseBelowBytes, warnBelowBytes } = limits
  // What is of no stream, such as places and settings, takes room as well.
  const others = tables.filter(({ table }) => table !== 'events' && !OF_STREAMS.includes(table))
  const all = [...streams, ...others]
  const room = Math.max(0, diskFreeBytes - refuseBelowBytes)
  return {
    ...{ kind: store.kind, version, diskFreeBytes, diskTotalBytes, refuseBelowBytes, warnBelowBytes },
    state: diskFreeBytes < refuseBelowBytes ? 'refusing' : diskFreeBytes < warnBelowBytes ? 'low' : 'ok',
    bytesPerDay: all.reduce((total, { bytesPerDay }) => total + bytesPerDay, 0),
    fullInDays: fullInDays(all, room),
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

/** Of a table's bytes, a stream of events has the share that its text has. */
function partsOf(stream: Stream, tables: readonly TableRetention[], shares: ReadonlyMap<string, EventShare>): TablePart[] {
  const parts: TablePart[] = []
  for (const table of tables) {
    const { days, rows, bytes, bytesPerDay } = table
    if (table.table === 'events' && isEventStream(stream)) {
      const { rows: own = 0, ofBytes = 0, ofNew = 0 } = shares.get(stream) ?? {}
      parts.push({ days: daysOfStream(table, stream), rows: own, bytes: bytes * ofBytes, bytesPerDay: bytesPerDay * ofNew })
    } else if (table.table !== 'events' && (STREAMS[stream] as readonly TableName[]).includes(table.table))
      parts.push({ days, rows, bytes, bytesPerDay })
  }
  return parts
}

/** What one stream is of all events: its rows, its part of the text, and its part of what arrives. */
interface EventShare {
  readonly rows: number
  readonly ofBytes: number
  readonly ofNew: number
}

async function readShares(store: StatusSource): Promise<Map<string, EventShare>> {
  const names = Object.fromEntries([...EVENT_STREAMS, 'events'].map((name) => [name, `'${name}'`]))
  const stream = byEventStream(names as Record<EventStream | 'events', string>)
  const held = `SELECT ${stream} AS stream, count(), sum(length(raw)) FROM audit.events GROUP BY stream`
  const { rows } = await store.reader.query({ sql: held })
  const came = `SELECT ${stream} AS stream, ${arrivalColumns('length(raw)', 'time', 'received')} FROM audit.events
  WHERE received > now64(3) - INTERVAL 1 DAY GROUP BY stream`
  const arriving = new Map((await store.reader.query({ sql: came })).rows.map(([name, ...each]) => [name, arrivalsOf(each)]))
  const all = [...arriving.values()]
  const within = {
    freshSeconds: Math.max(0, ...all.map((one) => one.freshSeconds)),
    lateFrom: Math.min(...all.flatMap((one) => (one.late > 0 ? [one.lateFrom] : []))),
    lateTo: Math.max(0, ...all.map((one) => one.lateTo)),
  }
  // All streams over the same time, so that their parts add up to what the table grows by.
  const perDay = new Map([...arriving].map(([name, one]) => [name, arrivingPerDay({ ...one, ...within })]))
  const text = rows.reduce((sum, row) => sum + Number(row[2]), 0) || 1
  const fresh = [...perDay.values()].reduce((sum, one) => sum + one, 0) || 1
  return new Map(
    rows.map(([name, n, own]) => [
      String(name),
      { rows: Number(n), ofBytes: Number(own) / text, ofNew: (perDay.get(name) ?? 0) / fresh },
    ]),
  )
}

function arrivalsOf(columns: readonly unknown[]): Arrivals {
  const [fresh = 0, freshSeconds = 0, late = 0, lateFrom = 0, lateTo = 0] = columns.map(Number)
  return { fresh, freshSeconds, late, lateFrom, lateTo }
}
