import type { ContainerRow, PodRow } from '@podwitness/event'
import { timeMsOf } from '@podwitness/event'
import { containerRequest, kubeRequestId, readKubeEvent, readPod } from '@podwitness/kube'
import type { CgroupSample, ContainerFact, ContainerOperation, Evidence, PodFact, ProcessObservation } from '@podwitness/session'
import type { Store } from '@podwitness/store'
import { spanParams, type TimeSpan } from './time-span.ts'

/** Everything the store knows of a cluster in a span of time that bears on who entered what. */
export async function readEvidence(store: Store, cluster: string, span: TimeSpan): Promise<Evidence> {
  const bounds = { cluster, ...spanParams(span) }
  const [nodes, operations, apiCoverage, containers, pods, samples] = [
    await readObservations(store, bounds),
    await readOperations(store, bounds),
    await readCoverage(store, cluster),
    await readContainers(store, cluster),
    await readPods(store, cluster),
    await readSamples(store, bounds),
  ]
  return { cluster, nodes, containers, pods, samples, operations, apiCoverage }
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
const OBSERVATIONS = `SELECT event_id, audit_serial, toUnixTimestamp64Milli(time) AS time_ms, serial, node, pid, ppid, uid, auid, tty, comm, exe, exe_dev,
  kind = 'Command' AS is_exec, argv, cwd
FROM audit.events
WHERE cluster = {cluster:String} AND time BETWEEN {from:DateTime64(6)} AND {to:DateTime64(6)}
  AND kind IN ('Command', 'LinuxAudit') AND pid > 0 AND ppid > 0
  AND (kind = 'Command' OR startsWith(comm, 'runc:[') OR (node, pid) IN (
    SELECT node, ppid FROM audit.events
    WHERE cluster = {cluster:String} AND time BETWEEN {from:DateTime64(6)} AND {to:DateTime64(6)} AND kind = 'Command'))
ORDER BY node, time, serial`

interface ObservationColumns {
  event_id: string
  audit_serial: string
  time_ms: string
  serial: string
  node: string
  pid: string
  ppid: string
  uid: string
  auid: string
  tty: string
  comm: string
  exe: string
  exe_dev: string
  is_exec: number
  argv: string[]
  cwd: string
}

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

function observationOf(row: ObservationColumns): ProcessObservation {
  return {
    eventId: row.event_id,
    auditSerial: row.audit_serial,
    timeMs: Number(row.time_ms),
    serial: Number(row.serial),
    pid: Number(row.pid),
    ppid: Number(row.ppid),
    uid: Number(row.uid),
    auid: Number(row.auid),
    tty: row.tty,
    comm: row.comm,
    exe: row.exe,
    exeDev: row.exe_dev,
    exec: row.is_exec === 1 ? { argv: row.argv, cwd: row.cwd } : null,
  }
}

const OPERATIONS = `SELECT raw FROM audit.events
WHERE cluster = {cluster:String} AND time BETWEEN {from:DateTime64(6)} AND {to:DateTime64(6)} AND kind = 'KubeAudit' AND resource = 'pods'
  AND subresource IN ('exec', 'attach', 'portforward', 'ephemeralcontainers')
ORDER BY time, event_id`

/** Requests on containers, their stages merged, whatever the order they came in. */
async function readOperations(store: Store, bounds: Bounds): Promise<ContainerOperation[]> {
  const merged = new Map<string, ContainerOperation>()
  for await (const block of store.reader.stream<{ raw: string }>(OPERATIONS, { ...bounds })) {
    for (const { raw } of block) {
      const event = readKubeEvent(JSON.parse(raw))
      if ('code' in event) continue
      const request = containerRequest(event)
      if (request === null) continue
      const id = kubeRequestId(bounds.cluster, event)
      const over = event.stage === 'ResponseComplete' || event.stage === 'Panic'
      const before = merged.get(id)
      merged.set(id, {
        eventId: id,
        auditId: event.auditID,
        user: event.user.username,
        groups: event.user.groups,
        userExtra: Object.keys(event.user.extra).length > 0 ? JSON.stringify(event.user.extra) : '',
        sourceIp: event.sourceIPs.at(-1) ?? '',
        userAgent: event.userAgent,
        receivedMs: event.receivedMs,
        ...request,
        impersonatedUser: event.impersonatedUser?.username ?? before?.impersonatedUser ?? '',
        podUid: request.podUid || (before?.podUid ?? ''),
        ephemeralNames: request.ephemeralNames.length > 0 ? request.ephemeralNames : (before?.ephemeralNames ?? []),
        status: Math.max(event.status, before?.status ?? 0),
        startedMs: event.stage === 'ResponseStarted' ? event.stageMs : (before?.startedMs ?? 0),
        completedMs: over ? event.stageMs : (before?.completedMs ?? 0),
      })
    }
  }
  return [...merged.values()]
}

async function readCoverage(store: Store, cluster: string): Promise<Evidence['apiCoverage']> {
  const { rows } = await store.reader.query({
    sql: `SELECT count() > 0, toString(min(time)), toString(max(time)) FROM audit.events WHERE kind = 'KubeAudit' AND cluster = {cluster:String}`,
    params: { cluster },
  })
  const [some, from, to] = rows[0] ?? []
  return Number(some) > 0 ? { fromMs: timeMsOf(String(from)), toMs: timeMsOf(String(to)) } : null
}

async function readContainers(store: Store, cluster: string): Promise<ContainerFact[]> {
  const found: ContainerFact[] = []
  for await (const block of store.reader.stream<ContainerRow>(
    'SELECT * FROM audit.containers FINAL WHERE cluster = {cluster:String}',
    { cluster },
  )) {
    for (const row of block) {
      found.push({
        containerId: row.container_id,
        node: row.node,
        namespace: row.ns,
        pod: row.pod,
        podUid: row.pod_uid,
        name: row.container,
        image: row.image,
        sandbox: row.kind === 'sandbox',
        labels: row.labels,
        args: row.args,
        initPid: Number(row.init_pid),
        createdMs: timeMsOf(row.created),
      })
    }
  }
  return found
}

async function readPods(store: Store, cluster: string): Promise<PodFact[]> {
  const found: PodFact[] = []
  const sql = 'SELECT * FROM audit.pods FINAL WHERE cluster = {cluster:String} ORDER BY observed'
  for await (const block of store.reader.stream<PodRow>(sql, { cluster })) {
    for (const row of block) {
      const pod = readPod(JSON.parse(row.object))
      if (pod !== null) found.push({ ...pod, pod: pod.name, podUid: pod.uid })
    }
  }
  return found
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
