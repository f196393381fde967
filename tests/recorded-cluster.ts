import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { AuditDecoder } from '@podwitness/audit'
import type { SessionRow } from '@podwitness/event'
import { readKubeEvent } from '@podwitness/kube'
import { answerRequests, reconstructNode } from '@podwitness/session'
import { ClusterEvidence } from '../packages/server/src/derive/cluster-evidence.ts'
import { deltaOf, type EvidenceDelta } from '../packages/server/src/derive/evidence-delta.ts'
import { auditRow } from '../packages/server/src/rows/audit-row.ts'
import { containerRow, sampleRows } from '../packages/server/src/rows/container-row.ts'
import { kubeRow } from '../packages/server/src/rows/kube-row.ts'
import { emptyParcel, type Parcel } from '../packages/server/src/rows/parcel.ts'
import { podRow } from '../packages/server/src/rows/pod-row.ts'
import { recordedTruth, type ToldSession, type Truth } from './truth.ts'

type Json = Readonly<Record<string, unknown>>

/** All records of one audit event, as lines. */
export interface AuditText {
  /** `seconds.milliseconds:serial`. */
  readonly serial: string
  readonly lines: readonly string[]
}

/** A recording taken apart, so that each part can be made as another cluster would have left it. */
export interface RecordedCluster {
  readonly audit: readonly AuditText[]
  /** API events, one JSON text each. */
  readonly api: readonly string[]
  /** What an agent knew of containers, and its samples. */
  readonly containers: readonly Json[]
  readonly pods: readonly Json[]
  readonly truth: Truth
}

const BESIDE = new URL('../recordings/dev/', import.meta.url)
const text = (name: string): string => gunzipSync(readFileSync(new URL(name, BESIDE))).toString('utf8')
const SERIAL = / msg=audit\(([\d.]+:\d+)\)/

/** The bundled recording. */
export function recordedCluster(): RecordedCluster {
  const events = new Map<string, string[]>()
  for (const line of text('audit.log.gz').trimEnd().split('\n')) {
    const serial = SERIAL.exec(line)?.[1] ?? ''
    const lines = events.get(serial)
    if (lines === undefined) events.set(serial, [line])
    else lines.push(line)
  }
  const podsOf = (name: string): Json[] => (JSON.parse(text(name)) as { items: Json[] }).items
  return {
    audit: [...events].map(([serial, lines]) => ({ serial, lines })),
    api: text('apiserver-audit.log.gz').trimEnd().split('\n'),
    containers: text('containers.jsonl.gz')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Json),
    pods: [...podsOf('pods-start.json.gz'), ...podsOf('pods-end.json.gz')],
    truth: recordedTruth(),
  }
}

/** What each part of a cluster adds to the evidence: a parcel for each so many pieces, in the order in which they stand. */
export function deltasOf({ audit, api, containers, pods }: RecordedCluster, pieces = Number.POSITIVE_INFINITY): EvidenceDelta[] {
  const deltas: EvidenceDelta[] = []
  let parcel = blank()
  const add = (fill: (to: Parcel) => void): void => {
    fill(parcel)
    if (parcel.events.length + parcel.samples.length + parcel.containers.length + parcel.pods.length < pieces) return
    deltas.push(deltaOf(parcel))
    parcel = blank()
  }
  const decoder = new AuditDecoder({ onEvent: (event) => add(({ events }) => events.push(auditRow(event, FROM, 'audit.log'))) })
  decoder.push(Buffer.from(`${audit.flatMap(({ lines }) => lines).join('\n')}\n`))
  decoder.end()
  for (const line of api) {
    const event = readKubeEvent(JSON.parse(line))
    if (!('code' in event)) add(({ events }) => events.push(kubeRow(event, Buffer.from(line), FROM.cluster, 'apiserver-log')))
  }
  for (const json of containers) {
    const timeMs = Number(json.t) * 1000
    if (json.kind === 'container') add((to) => to.containers.push(containerRow(json, timeMs, FROM)))
    if (json.kind === 'sample') add((to) => to.samples.push(...sampleRows(json.cgroups as Json, timeMs, FROM)))
  }
  for (const pod of pods) {
    const row = podRow(pod, JSON.stringify(pod), FROM.cluster)
    if (row !== null) add((to) => to.pods.push(row))
  }
  return [...deltas, deltaOf(parcel)]
}

const FROM = { cluster: 'recorded', node: '' }
const blank = (): Parcel => emptyParcel({ key: '', ...FROM })

/** What one computation over everything tells. */
export function tell(cluster: RecordedCluster): ToldSession[] {
  const evidence = new ClusterEvidence(FROM.cluster)
  for (const delta of deltasOf(cluster)) evidence.add(delta)
  return tellOf(evidence)
}

function tellOf(evidence: ClusterEvidence): ToldSession[] {
  const facts = evidence.facts(new Map())
  const results = evidence.nodes.map((node) => reconstructNode(facts, evidence.records(node)))
  const { sessions } = answerRequests(facts, results)
  const serials = new Map<string, string[]>()
  const serialOf = new Map(
    evidence.nodes.flatMap((node) =>
      evidence.records(node).observations.map(({ eventId, auditSerial }) => [eventId, auditSerial] as const),
    ),
  )
  for (const { trace_id: id, event_id: event } of results.flatMap(({ placements }) => placements)) {
    const serial = serialOf.get(event)
    if (id === '' || serial === undefined) continue
    const list = serials.get(id)
    if (list === undefined) serials.set(id, [serial])
    else list.push(serial)
  }
  return [...results.flatMap((result) => result.sessions), ...sessions].map((session) =>
    toldSession(session, serials.get(session.trace_id) ?? []),
  )
}

function toldSession(
  session: Pick<SessionRow, 'trace_id' | 'confidence' | 'user' | 'candidates' | 'audit_ids'>,
  serials: readonly string[],
): ToldSession {
  const { trace_id: traceId, confidence, user, candidates, audit_ids: auditIds } = session
  return { traceId, confidence, user, candidates: JSON.parse(candidates) as { user: string }[], auditIds, serials }
}
