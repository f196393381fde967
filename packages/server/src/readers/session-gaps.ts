import type { Gap } from '@podwitness/api'
import { storeTime, timeMsOf } from '@podwitness/event'
import type { StoreReader } from '@podwitness/store'
import { isoTime } from './row-mapping.ts'

/** Whose records a session rests on, and when. */
export interface GapsOf {
  readonly cluster: string
  readonly node: string
  readonly fromMs: number
  readonly toMs: number
}

/** What a program's start may be away from its request, milliseconds: what is missing this near bears on the name. */
const AROUND_MS = 15_000
/** Agents give a sign of life every 15 s; longer without any is silence, milliseconds. */
const NODE_SILENT_MS = 120_000
/** An API server logs its own leases every few seconds; a policy may leave those out, milliseconds. */
const API_SILENT_MS = 600_000
/** How far around a session a source's other signs of life are looked for, milliseconds. */
const LOOK_MS = 86_400_000
const MAX_GAPS = 200

/** What each hop's losses are to somebody who reads a session. `filter` and `late` lose nothing. */
const CODES: Readonly<Record<string, Gap['code']>> = {
  kernel: 'kernel-lost',
  sequence: 'serial-gap',
  auditd: 'dropped',
  spool: 'dropped',
  parser: 'rejected',
  server: 'rejected',
}

/** Stretches of a session's time of which records are known to be missing: of its node, and of the API log. */
export async function sessionGaps(reader: StoreReader, of: GapsOf): Promise<Gap[]> {
  const gaps = [
    ...(await lossesOf(reader, of)),
    ...(await silenceOf(reader, of, NODE_SIGNS, NODE_SILENT_MS)),
    ...(await silenceOf(reader, of, API_SIGNS, API_SILENT_MS)),
  ]
  return gaps.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))
}

async function lossesOf(reader: StoreReader, { cluster, node, fromMs, toMs }: GapsOf): Promise<Gap[]> {
  const { rows } = await reader.query({
    sql: `SELECT toString(since), toString(until), hop, count FROM audit.loss FINAL
      WHERE cluster = {cluster:String} AND (node = {node:String} OR (node = '' AND hop = 'server')) AND hop IN {hops:Array(String)}
        AND until >= {from:DateTime64(6)} AND since <= {to:DateTime64(6)} ORDER BY until LIMIT ${MAX_GAPS}`,
    params: {
      cluster,
      node,
      hops: Object.keys(CODES),
      from: storeTime(fromMs - AROUND_MS),
      to: storeTime(toMs + AROUND_MS),
    },
  })
  return rows.map(([since, until, hop, count]) => ({
    from: isoTime(String(since)),
    to: isoTime(String(until)),
    code: CODES[String(hop)] ?? 'rejected',
    records: Math.max(0, Number(count)),
  }))
}

const NODE_SIGNS = 'FROM audit.heartbeats WHERE cluster = {cluster:String} AND node = {node:String}'
const API_SIGNS = "FROM audit.events WHERE kind = 'KubeAudit' AND cluster = {cluster:String} AND {node:String} = {node:String}"

/** Where a source that was heard before and after said nothing for longer than it ever does. */
async function silenceOf(reader: StoreReader, of: GapsOf, signs: string, limitMs: number): Promise<Gap[]> {
  const { cluster, node, fromMs, toMs } = of
  const { rows } = await reader.query({
    sql: `SELECT toString(before) AS since, toString(at) AS until FROM (
        SELECT at, lagInFrame(at, 1, at) OVER (ORDER BY at ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS before FROM (
          SELECT max(time) AS at ${signs} AND time >= {first:DateTime64(6)} AND time < {from:DateTime64(6)}
          UNION ALL SELECT time AS at ${signs} AND time BETWEEN {from:DateTime64(6)} AND {to:DateTime64(6)}
          UNION ALL SELECT min(time) AS at ${signs} AND time > {to:DateTime64(6)} AND time <= {last:DateTime64(6)})
        WHERE toUnixTimestamp(at) > 0)
      WHERE dateDiff('millisecond', before, at) > {limit:Int64} ORDER BY before LIMIT ${MAX_GAPS}`,
    params: {
      cluster,
      node,
      first: storeTime(Math.max(0, fromMs - LOOK_MS)),
      from: storeTime(fromMs),
      to: storeTime(toMs),
      last: storeTime(toMs + LOOK_MS),
      limit: String(limitMs),
    },
  })
  return rows.map(([since, until]) => ({
    from: isoTime(String(since)),
    to: isoTime(String(until)),
    code: 'source-silent',
    records: 0,
  }))
}

/** The time of a session: until its end, else its last command. */
export function timeOf(start: string, end: string, last: string): Pick<GapsOf, 'fromMs' | 'toMs'> {
  const fromMs = timeMsOf(start)
  const ends = [end, last].map(timeMsOf).filter((timeMs) => Number.isFinite(timeMs) && timeMs > 0)
  return { fromMs, toMs: Math.max(fromMs, ...ends) }
}
