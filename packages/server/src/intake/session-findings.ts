import { timeMsOf } from '@podwitness/event'
import { uuidOf } from '@podwitness/kube'
import type { Store } from '@podwitness/store'
import { spanParams, type TimeSpan } from '../derive/time-span.ts'
import { findingEvent } from './finding-event.ts'
import { emptyParcel, type Parcel } from './parcel.ts'

/**
 * How long an entry waits for its API record after it was first seen, milliseconds: a webhook back end collects for up
 * to 30 s (--audit-webhook-batch-max-wait).
 */
export const ENTRY_PATIENCE_MS = 45_000
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
   * Looks at the entries of a span. One is a finding when its API record has had time to come: an entry that looks
   * like somebody's on the node may still turn out to be an exec whose record is late.
   *
   * @param nowMs Milliseconds since the epoch.
   * @returns How many findings are new.
   */
  async look(cluster: string, span: TimeSpan, nowMs: number): Promise<number> {
    const parcel = emptyParcel({ key: '', cluster, node: '' })
    const before = this.#open.get(cluster) ?? new Map<string, { seenMs: number; startMs: number }>()
    const outside = [...before].filter(([, { startMs }]) => startMs < span.fromMs || startMs > span.toMs)
    const open = new Map(outside.slice(-MAX_OPEN))
    for (const entry of await this.#entries(cluster, span)) {
      if (this.#told.has(entry.trace_id)) continue
      const startMs = timeMsOf(entry.time)
      const seenMs = before.get(entry.trace_id)?.seenMs ?? nowMs
      if (nowMs - seenMs >= this.#patienceMs) parcel.events.push(findingOf(cluster, entry, startMs))
      else open.set(entry.trace_id, { seenMs, startMs })
    }
    this.#open.set(cluster, open)
    if (parcel.events.length === 0) return 0
    await this.#submit(parcel)
    for (const { labels } of parcel.events) this.#remember(labels?.trace_id ?? '')
    return parcel.events.length
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
  return { ...event, trace_id: traceId, ns, pod, container, labels: { trace_id: traceId } }
}
