import { timeMsOf } from '@podwitness/event'
import { uuidOf } from '@podwitness/kube'
import type { Store } from '@podwitness/store'
import { spanParams, type TimeSpan } from '../derive/time-span.ts'
import { findingEvent } from '../rows/finding-event.ts'
import { emptyParcel, type Parcel } from '../rows/parcel.ts'

/**
 * How long an entry waits for its API record after it was first seen, milliseconds. An entry counts as unrecorded only
 * when the API log has gone past it; where several API servers log, one may be behind, and what it brings withdraws the finding.
 */
const ENTRY_PATIENCE_MS = 0
/** Findings remembered; over it the store alone knows them. */
const REMEMBERED = 100_000
/** Entries of a cluster that wait at a time. */
const MAX_OPEN = 10_000

interface EntryColumns {
  trace_id: string
  entry: string
  time: string
  node: string
  ns: string
  pod: string
  container: string
  command: string[]
}

interface ToldColumns {
  id: string
  trace_id: string
  time: string
  node: string
  entry: string
  confidence: string
  user: string
  /** Empty where there is no such session any more. */
  known: string
}

const RULES = ['entry-on-node', 'entry-without-api-record']
/** Rule of what withdraws a finding; label `withdraws` says which. */
const EXPLAINED = 'entry-explained'

/** Makes findings of entries that the API server's log does not explain. */
export class SessionFindings {
  readonly #store: Store
  readonly #submit: (parcel: Parcel) => Promise<unknown>
  readonly #patienceMs: number
  readonly #told = new Set<string>()
  /** When entries that still wait were first seen, and their time, by cluster. */
  readonly #open = new Map<string, Map<string, { readonly seenMs: number; readonly startMs: number }>>()

  constructor(store: Store, submit: (parcel: Parcel) => Promise<unknown>, patienceMs: number = ENTRY_PATIENCE_MS) {
    this.#patienceMs = patienceMs
    this.#store = store
    this.#submit = submit
  }

  /** Clusters with entries that wait for their API record, and the time these are of. */
  waiting(): [string, TimeSpan][] {
    return [...this.#open]
      .filter(([, open]) => open.size > 0)
      .map(([cluster, open]) => {
        const starts = [...open.values()].map(({ startMs }) => startMs)
        return [cluster, { fromMs: Math.min(...starts), toMs: Math.max(...starts) + 1 }]
      })
  }

  /**
   * Looks at the entries of a span. One that nothing explains is a finding; one that was, and is explained by now, is
   * withdrawn.
   *
   * @param nowMs Milliseconds since the epoch.
   * @returns How many findings are new.
   */
  async look(cluster: string, span: TimeSpan, nowMs: number): Promise<number> {
    const parcel = emptyParcel({ key: '', cluster, node: '' })
    const before = this.#open.get(cluster) ?? new Map<string, { seenMs: number; startMs: number }>()
    const outside = [...before].filter(([, { startMs }]) => startMs < span.fromMs || startMs > span.toMs)
    const open = new Map(outside.slice(-MAX_OPEN))
    const entries = await this.#entries(cluster, span)
    for (const entry of entries) {
      if (this.#told.has(entry.trace_id)) continue
      const startMs = timeMsOf(entry.time)
      const seenMs = before.get(entry.trace_id)?.seenMs ?? nowMs
      if (nowMs - seenMs >= this.#patienceMs) parcel.events.push(findingOf(cluster, entry, startMs))
      else open.set(entry.trace_id, { seenMs, startMs })
    }
    this.#open.set(cluster, open)
    const unexplained = new Set(entries.map(({ trace_id: traceId }) => traceId))
    parcel.events.push(...(await this.#withdrawals(cluster, span, unexplained)))
    if (parcel.events.length === 0) return 0
    await this.#submit(parcel)
    for (const { action, labels } of parcel.events) if (action !== EXPLAINED) this.#remember(labels?.trace_id ?? '')
    return parcel.events.length
  }

  /** Findings of a span that do not hold any more and are not withdrawn yet. */
  async #withdrawals(cluster: string, span: TimeSpan, unexplained: ReadonlySet<string>): Promise<Parcel['events']> {
    const sql = `SELECT f.event_id AS id, f.trace AS trace_id, toString(f.at) AS time, f.node AS node, s.entry AS entry, s.confidence AS confidence, s.user AS user, s.trace_id AS known
      FROM (SELECT event_id, labels['trace_id'] AS trace, time AS at, node FROM audit.events WHERE kind = 'Finding' AND cluster = {cluster:String}
        AND time BETWEEN {from:DateTime64(6)} AND {to:DateTime64(6)} AND action IN {rules:Array(String)}
        AND event_id NOT IN (SELECT labels['withdraws'] FROM audit.events WHERE kind = 'Finding' AND cluster = {cluster:String}
          AND time BETWEEN {from:DateTime64(6)} AND {to:DateTime64(6)} AND action = {explained:String})) AS f
      LEFT JOIN (SELECT trace_id, entry, confidence, user FROM audit.sessions FINAL WHERE cluster = {cluster:String}) AS s ON s.trace_id = f.trace`
    const found: Parcel['events'] = []
    const params = { cluster, ...spanParams(span), rules: RULES, explained: EXPLAINED }
    for await (const block of this.#store.reader.stream<ToldColumns>(sql, params))
      for (const told of block) if (!unexplained.has(told.trace_id)) found.push(withdrawalOf(cluster, told))
    return found
  }

  async #entries(cluster: string, span: TimeSpan): Promise<EntryColumns[]> {
    const found: EntryColumns[] = []
    const sql = `SELECT trace_id, entry, toString(start) AS time, node, ns, pod, container, command FROM audit.sessions FINAL
      WHERE cluster = {cluster:String} AND start BETWEEN {from:DateTime64(6)} AND {to:DateTime64(6)}
        AND entry IN ('unrecorded', 'node-local') AND confidence = 'none' ORDER BY start`
    for await (const block of this.#store.reader.stream<EntryColumns>(sql, { cluster, ...spanParams(span) })) found.push(...block)
    return found
  }

  #remember(traceId: string): void {
    this.#told.add(traceId)
    const [oldest] = this.#told
    if (this.#told.size > REMEMBERED && oldest !== undefined) this.#told.delete(oldest)
  }
}

function findingOf(cluster: string, entry: EntryColumns, timeMs: number): Parcel['events'][number] {
  const { trace_id: traceId, node, ns, pod, container, command } = entry
  const local = entry.entry === 'node-local'
  const what = local ? 'Somebody on the node entered' : 'Somebody entered'
  const why = local ? 'past the API server' : 'and the API server has no record of it so far'
  const event = findingEvent({
    id: uuidOf('finding', 'entry', traceId),
    timeMs,
    rule: local ? 'entry-on-node' : 'entry-without-api-record',
    text: `${what} container ${container || '?'} of ${ns || '?'}/${pod || '?'} ${why}: ${command.join(' ').slice(0, 500)}`,
    cluster,
    node,
    source: 'server',
  })
  return { ...event, trace_id: traceId, ns, pod, container, labels: { ...event.labels, trace_id: traceId } }
}

function withdrawalOf(cluster: string, told: ToldColumns): Parcel['events'][number] {
  const { id, trace_id: traceId, time, node, entry, confidence, user, known } = told
  const who = user === '' ? `confidence ${confidence}` : user
  const what = known === '' ? 'it turned out to be part of another session' : `it is an entry of kind ${entry} (${who})`
  const event = findingEvent({
    id: uuidOf('finding', 'explained', id),
    timeMs: timeMsOf(time),
    rule: EXPLAINED,
    text: `The finding about session ${traceId} does not hold any more: ${what}.`,
    cluster,
    node,
    source: 'server',
  })
  return { ...event, trace_id: traceId, labels: { ...event.labels, trace_id: traceId, withdraws: id } }
}
