import { type ContainerRow, type PodRow, timeMsOf } from '@podwitness/event'
import type { CgroupSample, ProcessObservation } from '@podwitness/session'
import type { Store } from '@podwitness/store'
import type { ClusterEvidence } from './cluster-evidence.ts'
import {
  type EvidenceDelta,
  LOSSY_HOPS,
  type StoredLoss,
  storedLoss,
  versionedContainer,
  versionedPod,
} from './evidence-delta.ts'
import { OBSERVATION_COLUMNS, type ObservationColumns, observationOf } from './observation-columns.ts'
import { ENTERING_SQL, type RequestStage, readStage } from './request-stages.ts'
import { spanParams, type TimeSpan } from './time-span.ts'

/** Which stored rows. */
interface Choice {
  /** A condition on columns of `events`, its values bound. */
  readonly where: string
  readonly params: Readonly<Record<string, unknown>>
  /** Newest rows of each node and kind; all where it is left out. */
  readonly perNode?: number
}

/** Time of the newest evidence of a cluster; `null` where there is none. Milliseconds since the epoch. */
export async function newestEvidence(store: Store, cluster: string): Promise<number | null> {
  const { rows } = await store.reader.query({
    sql: `SELECT count() > 0, toString(max(time)) FROM audit.events WHERE cluster = {cluster:String} AND kind IN ('Command', 'LinuxAudit', 'KubeAudit')`,
    params: { cluster },
  })
  return Number(rows[0]?.[0]) > 0 ? timeMsOf(String(rows[0]?.[1])) : null
}

/** Brings into memory what is stored of a cluster from a moment on, of each node the newest. */
export async function loadEvidence(store: Store, cluster: string, into: ClusterEvidence, perNode: number): Promise<void> {
  const { from } = spanParams({ fromMs: Math.max(0, into.fromMs('')), toMs: 0 })
  const where = 'time >= {from:DateTime64(6)}'
  const stored = await readStored(store, cluster, { where, params: { from }, perNode })
  into.add({
    ...stored,
    ...(await readFacts(store, cluster)),
    samples: await readSamples(store, cluster, { where, params: { from } }),
    losses: await readLosses(store, cluster, { where: 'until >= {from:DateTime64(6)}', params: { from } }),
  })
  const whole = await readCoverage(store, cluster)
  if (whole !== null) into.add({ ...NOTHING, apiCoverage: whole })
}

/** Records and requests among the stored rows. */
export async function readStored(store: Store, cluster: string, choice: Choice): Promise<EvidenceDelta> {
  return {
    ...NOTHING,
    observations: await readObservations(store, cluster, choice),
    stages: await readStages(store, cluster, choice),
    apiCoverage: await readCoverage(store, cluster, choice),
  }
}

/** Everything known of containers and pods. */
export async function readFacts(store: Store, cluster: string): Promise<Pick<EvidenceDelta, 'containers' | 'pods'>> {
  const containers: EvidenceDelta['containers'][number][] = []
  const pods: EvidenceDelta['pods'][number][] = []
  const sql = (table: string): string => `SELECT * FROM audit.${table} FINAL WHERE cluster = {cluster:String}`
  for await (const block of store.reader.stream<ContainerRow>(sql('containers'), { cluster }))
    containers.push(...block.map(versionedContainer))
  for await (const block of store.reader.stream<PodRow>(`${sql('pods')} ORDER BY observed`, { cluster }))
    pods.push(...block.flatMap(versionedPod))
  return { containers, pods }
}

const NOTHING: EvidenceDelta = {
  observations: [],
  stages: [],
  containers: [],
  pods: [],
  samples: [],
  losses: [],
  apiCoverage: null,
}

/** Losses of records. @param choice A condition on columns of `loss`. */
export async function readLosses(store: Store, cluster: string, { where, params }: Choice): Promise<StoredLoss[]> {
  const sql = `SELECT loss_id, node, since, until FROM audit.loss FINAL
    WHERE cluster = {cluster:String} AND hop IN {hops:Array(String)} AND ${where}`
  const found: StoredLoss[] = []
  const bound = { ...params, cluster, hops: LOSSY_HOPS }
  for await (const block of store.reader.stream<Parameters<typeof storedLoss>[0]>(sql, bound))
    found.push(...block.map(storedLoss))
  return found
}

async function readObservations(
  store: Store,
  cluster: string,
  { where, params, perNode }: Choice,
): Promise<[string, ProcessObservation][]> {
  const newest = perNode === undefined ? '' : `ORDER BY time DESC LIMIT ${perNode} BY node, kind`
  const sql = `SELECT ${OBSERVATION_COLUMNS} FROM audit.events
    WHERE cluster = {cluster:String} AND kind IN ('Command', 'LinuxAudit') AND pid > 0 AND ppid > 0 AND ${where} ${newest}`
  const found: [string, ProcessObservation][] = []
  for await (const block of store.reader.stream<ObservationColumns>(sql, { ...params, cluster }))
    for (const row of block) found.push([row.node, observationOf(row)])
  return found
}

async function readStages(store: Store, cluster: string, { where, params }: Choice): Promise<RequestStage[]> {
  const sql = `SELECT event_id, toString(time) AS at, raw, labels['raw_encoding'] AS encoding FROM audit.events
    WHERE cluster = {cluster:String} AND kind = 'KubeAudit' AND ${ENTERING_SQL} AND ${where}`
  const found: RequestStage[] = []
  const bound = { ...params, cluster }
  for await (const block of store.reader.stream<{ event_id: string; at: string; raw: string; encoding: string }>(sql, bound)) {
    for (const { event_id: eventId, at, raw, encoding } of block) {
      const stage = readStage(cluster, { eventId, timeMs: timeMsOf(at), raw, encoding })
      if (stage !== null) found.push(stage)
    }
  }
  return found
}

async function readCoverage(
  store: Store,
  cluster: string,
  { where, params }: Choice = { where: '1', params: {} },
): Promise<TimeSpan | null> {
  const { rows } = await store.reader.query({
    sql: `SELECT count() > 0, toString(min(time)), toString(max(time)) FROM audit.events WHERE kind = 'KubeAudit' AND cluster = {cluster:String} AND ${where}`,
    params: { ...params, cluster },
  })
  const [some, from, to] = rows[0] ?? []
  return Number(some) > 0 ? { fromMs: timeMsOf(String(from)), toMs: timeMsOf(String(to)) } : null
}

/** Members of containers' cgroups. @param choice A condition on columns of `samples`. */
export async function readSamples(store: Store, cluster: string, { where, params }: Choice): Promise<[string, CgroupSample][]> {
  const sql = `SELECT node, toUnixTimestamp64Milli(time) AS time_ms, container_id, pids FROM audit.samples
    WHERE cluster = {cluster:String} AND ${where}`
  interface Columns {
    node: string
    time_ms: string
    container_id: string
    pids: (string | number)[]
  }
  const found: [string, CgroupSample][] = []
  for await (const block of store.reader.stream<Columns>(sql, { ...params, cluster }))
    for (const row of block)
      found.push([row.node, { timeMs: Number(row.time_ms), containerId: row.container_id, pids: row.pids.map(Number) }])
  return found
}
