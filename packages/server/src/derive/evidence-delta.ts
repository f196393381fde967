import { type ContainerRow, type EventDraft, type LossRow, type PodRow, timeMsOf } from '@podwitness/event'
import { readPod } from '@podwitness/kube'
import type { CgroupSample, ContainerFact, LossSpan, PodFact, ProcessObservation } from '@podwitness/session'
import type { Parcel } from '../rows/parcel.ts'
import { mayEnter, type RequestStage, rawEncoding, readStage } from './request-stages.ts'
import { joinSpans, type TimeSpan } from './time-span.ts'

/** A fact of which the one with the highest version counts. */
export interface Versioned<T> {
  readonly id: string
  readonly version: string
  readonly fact: T
}

/** A loss, as it bears on names. */
export interface StoredLoss extends LossSpan {
  readonly id: string
  readonly node: string
}

/** Hops whose losses are records that nobody will see; `filter` left out what nobody wanted, `late` came after all. */
export const LOSSY_HOPS: readonly string[] = ['kernel', 'sequence', 'auditd', 'spool', 'parser']

/** What something that was stored adds to the evidence of a cluster. */
export interface EvidenceDelta {
  readonly observations: readonly (readonly [node: string, observation: ProcessObservation])[]
  readonly stages: readonly RequestStage[]
  readonly containers: readonly Versioned<ContainerFact>[]
  readonly pods: readonly Versioned<PodFact>[]
  readonly samples: readonly (readonly [node: string, sample: CgroupSample])[]
  readonly losses: readonly StoredLoss[]
  /** First and last moment of its API events. */
  readonly apiCoverage: TimeSpan | null
}

/** What a parcel adds. */
export function deltaOf({ cluster, events, containers, pods, samples, losses }: Parcel): EvidenceDelta {
  const observations: [string, ProcessObservation][] = []
  const stages: RequestStage[] = []
  let apiCoverage: TimeSpan | undefined
  for (const event of events) {
    if (event.kind === 'Command' || event.kind === 'LinuxAudit') {
      if ((event.pid ?? 0) > 0 && (event.ppid ?? 0) > 0) observations.push([event.node ?? '', observationOfEvent(event)])
    } else if (event.kind === 'KubeAudit') {
      const timeMs = timeMsOf(event.time)
      apiCoverage = joinSpans(apiCoverage, { fromMs: timeMs, toMs: timeMs })
      if (!mayEnter(event)) continue
      const stage = readStage(cluster, { eventId: event.event_id, timeMs, raw: event.raw, encoding: rawEncoding(event.labels) })
      if (stage !== null) stages.push(stage)
    }
  }
  return {
    observations,
    stages,
    containers: containers.map(versionedContainer),
    pods: pods.flatMap(versionedPod),
    samples: samples.map(({ node, time, container_id: containerId, pids }) => [
      node,
      { timeMs: wholeMs(time), containerId, pids: pids.map(Number) },
    ]),
    losses: losses.filter(({ hop }) => LOSSY_HOPS.includes(hop)).map(storedLoss),
    apiCoverage: apiCoverage ?? null,
  }
}

export function versionedContainer(row: ContainerRow): Versioned<ContainerFact> {
  return { id: row.container_id, version: String(row.version), fact: containerFact(row) }
}

export function versionedPod(row: PodRow): Versioned<PodFact>[] {
  const fact = podFact(row)
  return fact === null ? [] : [{ id: row.pod_uid, version: String(row.version), fact }]
}

export function storedLoss({
  loss_id: id,
  node,
  since,
  until,
}: Pick<LossRow, 'loss_id' | 'node' | 'since' | 'until'>): StoredLoss {
  return { id, node, fromMs: timeMsOf(since), toMs: timeMsOf(until) }
}

/** What pairing needs of a container's row. */
function containerFact(row: ContainerRow): ContainerFact {
  return {
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
  }
}

/** What pairing needs of a pod's row; `null` where its object is none. */
function podFact(row: PodRow): PodFact | null {
  const pod = readPod(JSON.parse(row.object))
  return pod === null ? null : { ...pod, pod: pod.name, podUid: pod.uid, observedMs: timeMsOf(row.observed) }
}

function observationOfEvent(event: EventDraft): ProcessObservation {
  return {
    eventId: event.event_id,
    auditSerial: event.audit_serial ?? '',
    timeMs: wholeMs(event.time),
    serial: event.serial ?? 0,
    pid: event.pid ?? 0,
    ppid: event.ppid ?? 0,
    uid: event.uid ?? 0,
    auid: event.auid ?? 0,
    tty: event.tty ?? '',
    comm: event.comm ?? '',
    exe: event.exe ?? '',
    exeDev: event.exe_dev ?? '',
    exec: event.kind === 'Command' ? { argv: event.argv ?? [], cwd: event.cwd ?? '' } : null,
  }
}

/** As the store gives it: the microseconds cut off. */
function wholeMs(time: string): number {
  return Math.floor(Math.round(timeMsOf(time) * 1000) / 1000)
}
