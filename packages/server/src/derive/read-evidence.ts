import { timeMsOf } from '@podwitness/event'
import type { CgroupSample, ContainerOperation, Evidence, LossSpan, ProcessObservation } from '@podwitness/session'
import type { Store } from '@podwitness/store'
import { readFacts, readLosses } from './load-evidence.ts'
import { OBSERVATION_COLUMNS, type ObservationColumns, observationOf } from './observation-columns.ts'
import { ENTERING_SQL, mergeStages, type RequestStage, readStage } from './request-stages.ts'
import { spanParams, type TimeSpan } from './time-span.ts'

/** Everything the store knows of a cluster in a span of time that bears on who entered what. */
export async function readEvidence(store: Store, cluster: string, span: TimeSpan): Promise<Evidence> {
  const bounds = { cluster, ...spanParams(span) }
  const [nodes, operations, apiCoverage, facts, samples] = [
    await readObservations(store, bounds),
    await readOperations(store, bounds),
    await readCoverage(store, cluster),
    await readFacts(store, cluster),
    await readSamples(store, bounds),
  ]
  const containers = facts.containers.map(({ fact }) => fact)
  const pods = facts.pods.map(({ fact }) => fact)
  const losses = new Map<string, LossSpan[]>()
  for (const loss of await readLosses(store, cluster, { where: 'until >= {from:DateTime64(6)}', params: { from: bounds.from } }))
    losses.set(loss.node, [...(losses.get(loss.node) ?? []), loss])
  return { cluster, nodes, containers, pods, samples, operations, losses, apiCoverage }
}

/** Bound parameters that every query takes. */
interface Bounds {
  readonly cluster: string
  readonly from: string
  readonly to: string
}

/**
 * Program starts, and of the other events those that show a process that matters: one that started
 * something, or the runtime's own stages in a container.
 */
const OBSERVATIONS = `SELECT ${OBSERVATION_COLUMNS}
FROM audit.events
WHERE cluster = {cluster:String} AND time BETWEEN {from:DateTime64(6)} AND {to:DateTime64(6)}
  AND kind IN ('Command', 'LinuxAudit') AND pid > 0 AND ppid > 0
  AND (kind = 'Command' OR startsWith(comm, 'runc:[') OR (node, pid) IN (
    SELECT node, ppid FROM audit.events
    WHERE cluster = {cluster:String} AND time BETWEEN {from:DateTime64(6)} AND {to:DateTime64(6)} AND kind = 'Command'))
ORDER BY node, time, serial`

async function readObservations(store: Store, bounds: Bounds): Promise<Map<string, ProcessObservation[]>> {
  const nodes = new Map<string, ProcessObservation[]>()
  for await (const block of store.reader.stream<ObservationColumns>(OBSERVATIONS, { ...bounds })) {
    for (const row of block) {
      const list = nodes.get(row.node)
      if (list === undefined) nodes.set(row.node, [observationOf(row)])
      else list.push(observationOf(row))
    }
  }
  return nodes
}

const OPERATIONS = `SELECT event_id, toString(time) AS at, raw, labels['raw_encoding'] AS encoding FROM audit.events
WHERE cluster = {cluster:String} AND time BETWEEN {from:DateTime64(6)} AND {to:DateTime64(6)} AND kind = 'KubeAudit'
  AND ${ENTERING_SQL}
ORDER BY time, event_id`

/** Requests on containers, their stages merged, whatever the order they came in. */
async function readOperations(store: Store, bounds: Bounds): Promise<ContainerOperation[]> {
  const stages = new Map<string, RequestStage[]>()
  for await (const block of store.reader.stream<{ event_id: string; at: string; raw: string; encoding: string }>(OPERATIONS, {
    ...bounds,
  })) {
    for (const { event_id: eventId, at, raw, encoding } of block) {
      const stage = readStage(bounds.cluster, { eventId, timeMs: timeMsOf(at), raw, encoding })
      if (stage === null) continue
      const list = stages.get(stage.requestId)
      if (list === undefined) stages.set(stage.requestId, [stage])
      else list.push(stage)
    }
  }
  return [...stages.values()].flatMap((list) => mergeStages(list) ?? [])
}

async function readCoverage(store: Store, cluster: string): Promise<Evidence['apiCoverage']> {
  const { rows } = await store.reader.query({
    sql: `SELECT count() > 0, toString(min(time)), toString(max(time)) FROM audit.events WHERE kind = 'KubeAudit' AND cluster = {cluster:String}`,
    params: { cluster },
  })
  const [some, from, to] = rows[0] ?? []
  return Number(some) > 0 ? { fromMs: timeMsOf(String(from)), toMs: timeMsOf(String(to)) } : null
}

async function readSamples(store: Store, bounds: Bounds): Promise<Map<string, CgroupSample[]>> {
  const nodes = new Map<string, CgroupSample[]>()
  const sql =
    'SELECT node, toUnixTimestamp64Milli(time) AS time_ms, container_id, pids FROM audit.samples WHERE cluster = {cluster:String} AND time BETWEEN {from:DateTime64(6)} AND {to:DateTime64(6)} ORDER BY node, time'
  for await (const block of store.reader.stream<{
    node: string
    time_ms: string
    container_id: string
    pids: (string | number)[]
  }>(sql, { ...bounds })) {
    for (const row of block) {
      const sample = { timeMs: Number(row.time_ms), containerId: row.container_id, pids: row.pids.map(Number) }
      const list = nodes.get(row.node)
      if (list === undefined) nodes.set(row.node, [sample])
      else list.push(sample)
    }
  }
  return nodes
}
