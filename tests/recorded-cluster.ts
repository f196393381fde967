import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { AuditDecoder } from '@podwitness/audit'
import type { SessionRow } from '@podwitness/event'
import { readKubeEvent } from '@podwitness/kube'
import { answerRequests, reconstructNode } from '@podwitness/session'
import { ClusterEvidence } from '../packages/server/src/derive/cluster-evidence.ts'
import { deltaOf, type EvidenceDelta } from '../packages/server/src/derive/evidence-delta.ts'
import { LiveCluster } from '../packages/server/src/derive/live-cluster.ts'
import { auditRow } from '../packages/server/src/rows/audit-row.ts'
import { containerRow, sampleRows } from '../packages/server/src/rows/container-row.ts'
import { kubeRow } from '../packages/server/src/rows/kube-row.ts'
import { emptyParcel, type Parcel } from '../packages/server/src/rows/parcel.ts'
import { podRow } from '../packages/server/src/rows/pod-row.ts'
import { emptyStore, type Row, type Table } from './empty-store.ts'
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
  /** Whether the truth speaks of accounts with whom they act as. */
  readonly actsAs?: true
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

/** What is told of a cluster: the rows, and its sessions as a truth is held against them. */
export interface Told {
  readonly sessions: readonly ToldSession[]
  readonly rows: Record<Table, Row[]>
}

/** What one computation over everything tells. */
export function tell(cluster: RecordedCluster): Told {
  const evidence = new ClusterEvidence(FROM.cluster)
  const deltas = deltasOf(cluster)
  for (const delta of deltas) evidence.add(delta)
  const facts = evidence.facts(new Map())
  const results = evidence.nodes.map((node) => reconstructNode(facts, evidence.records(node)))
  const { sessions, entries } = answerRequests(facts, results)
  const rows = {
    sessions: [...results.flatMap((result) => result.sessions), ...sessions],
    placements: results.flatMap(({ placements }) => [...placements]),
    entries: [...entries],
  }
  return toldOf(deltas, rows, cluster.actsAs === true)
}

/**
 * What a server tells to which everything arrives in pieces and out of order, some of it twice, with rounds in between.
 *
 * @param random Numbers from 0 to 1.
 */
export async function tellLive(cluster: RecordedCluster, random: () => number): Promise<Told> {
  const deltas = deltasOf(cluster, PIECES)
  const order = deltas.map((delta) => [random(), delta] as const).sort((a, b) => a[0] - b[0])
  const { store, said } = emptyStore()
  const live = new LiveCluster(store, FROM.cluster)
  for (const [at, [, delta]] of order.entries()) {
    live.note(delta)
    if (random() < 0.1) live.note(delta)
    if (at % ROUND_EVERY === 0) await live.round()
  }
  await live.round()
  const rows = { sessions: said('sessions'), placements: said('placements'), entries: said('entries') }
  return toldOf(deltas, rows, cluster.actsAs === true)
}

/** Records of one parcel, and parcels between two rounds. */
const PIECES = 200
const ROUND_EVERY = 12

function toldOf(deltas: readonly EvidenceDelta[], rows: Record<Table, Row[]>, actsAs: boolean): Told {
  const serialOf = new Map(
    deltas.flatMap(({ observations }) => observations.map(([, { eventId, auditSerial }]) => [eventId, auditSerial] as const)),
  )
  const serials = new Map<string, string[]>()
  for (const { trace_id: id, event_id: event } of rows.placements) {
    const serial = serialOf.get(String(event))
    if (id === '' || serial === undefined) continue
    const list = serials.get(String(id))
    if (list === undefined) serials.set(String(id), [serial])
    else list.push(serial)
  }
  const accountOf = new Map(
    deltas.flatMap(({ stages }) =>
      stages.flatMap(({ event: { auditID, user, impersonatedUser } }) =>
        impersonatedUser === undefined ? [] : [[auditID, `${user.username} as ${impersonatedUser.username}`] as const],
      ),
    ),
  )
  const sessions = rows.sessions.map((row): ToldSession => {
    const session = row as unknown as SessionRow
    const { trace_id: traceId, confidence, user, candidates, audit_ids: auditIds } = session
    const asWhom = session.impersonated_user === '' || !actsAs ? user : `${user} as ${session.impersonated_user}`
    const named = (JSON.parse(candidates) as { user: string; auditId: string }[]).map((candidate) => ({
      ...candidate,
      user: (actsAs ? accountOf.get(candidate.auditId) : undefined) ?? candidate.user,
    }))
    return { traceId, confidence, user: asWhom, candidates: named, auditIds, serials: serials.get(traceId) ?? [] }
  })
  return { sessions, rows }
}
