import type { HeardNode, LossMinute, LossReport, lossRoute, RouteInput } from '@podwitness/api'
import { storeTime } from '@podwitness/event'
import type { StoreReader } from '@podwitness/store'
import { isoTime } from './row-mapping.ts'

const HOUR_MS = 3_600_000
const MAX_ROWS = 10_000

/** The loss ledger. @param nowMs Milliseconds since the epoch, for ends that the question leaves open. */
export async function readLoss(
  reader: StoreReader,
  filter: RouteInput<typeof lossRoute>['query'],
  nowMs: number,
): Promise<LossReport> {
  const toMs = filter.to === undefined ? nowMs : Date.parse(filter.to)
  const fromMs = filter.from === undefined ? toMs - HOUR_MS : Date.parse(filter.from)
  const params = { from: storeTime(fromMs), to: storeTime(toMs), cluster: filter.cluster ?? '', node: filter.node ?? '' }
  return { minutes: await readMinutes(reader, params), nodes: await readNodes(reader, params) }
}

type Bounds = Readonly<Record<'from' | 'to' | 'cluster' | 'node', string>>
const OF = `({cluster:String} = '' OR cluster = {cluster:String}) AND ({node:String} = '' OR node = {node:String})`

async function readMinutes(reader: StoreReader, params: Bounds): Promise<LossMinute[]> {
  const { rows } = await reader.query({
    sql: `SELECT toString(toStartOfMinute(until)) AS minute, cluster, node, hop, sumIf(count, count > 0), countIf(count < 0),
        groupUniqArray(10)(reason)
      FROM audit.loss FINAL WHERE until BETWEEN {from:DateTime64(6)} AND {to:DateTime64(6)} AND ${OF}
      GROUP BY minute, cluster, node, hop ORDER BY minute DESC, cluster, node, hop`,
    params,
    maxRows: MAX_ROWS,
  })
  return rows.map(([minute, cluster, node, hop, records, unknown, reasons]) => ({
    minute: isoTime(String(minute)),
    cluster: String(cluster),
    node: String(node),
    hop: String(hop),
    records: Number(records),
    unknown: Number(unknown),
    reasons: (reasons as string[]).filter((reason) => reason !== '').sort(),
  }))
}

async function readNodes(reader: StoreReader, params: Bounds): Promise<HeardNode[]> {
  const { rows } = await reader.query({
    sql: `SELECT cluster, node, toString(max(time)), argMax(boot, time), argMax(counters, time), argMax(facts, time)
      FROM audit.heartbeats WHERE ${OF} GROUP BY cluster, node ORDER BY cluster, node`,
    params,
    maxRows: MAX_ROWS,
  })
  return rows.map(([cluster, node, time, boot, counters, facts]) => ({
    cluster: String(cluster),
    node: String(node),
    lastHeard: isoTime(String(time)),
    boot: String(boot),
    counters: counters as Record<string, number>,
    facts: facts as Record<string, string>,
  }))
}
