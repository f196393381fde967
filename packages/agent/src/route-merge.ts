import type { DecodedEvent } from '@podwitness/audit'
import { type EventIdentity, eventKey, SeenEvents } from './seen-events.ts'
import type { SourceName } from './source.ts'

/** How long an event with records missing waits for a whole one at least, milliseconds. */
const WAIT_BROKEN_MS = 2000
const MAX_WAITING = 50_000
/** Events given out with records missing that are remembered, for a whole copy that comes later. */
const MAX_BROKEN = 4096

/** How many ways there are from the kernel to here. */
export interface Routes {
  readonly count: number
  /** How long an event waits for the same one by other routes, milliseconds. */
  readonly waitMs: number
}

/** What was kept of an event, and every route it came by. */
export interface Routed<Kept> {
  readonly kept: Kept
  readonly via: readonly SourceName[]
  /** An addition to an event that was given out before. */
  readonly late: boolean
}

interface Waiting<Kept> {
  kept: Kept
  records: number
  via: SourceName[]
  broken: boolean
  dueMs: number
}

/** How an event came. */
export interface Arrival {
  readonly from: SourceName
  /** Whose event it is; empty for this node's own, whatever a route calls it. */
  readonly node: string
  readonly nowMs: number
}

/** An event's place among those that wait; serials of nodes are told apart by name. */
type Key = number | string

/**
 * Makes one event of the copies that several routes bring: the one with most records, with the names of all routes.
 * With one route nothing waits. Events are looked at only while they are added; what is kept of them, the caller says.
 */
export class RouteMerge<Kept> {
  readonly #routes: Routes
  readonly #keep: (event: DecodedEvent) => Kept
  readonly #drop: (kept: Kept) => void
  readonly #seen = new SeenEvents()
  readonly #waiting = new Map<Key, Waiting<Kept>>()
  /** Records of each event that was given out with some missing. */
  readonly #broken = new Map<Key, number>()
  /** Copies left out because their event was here already. */
  duplicates = 0

  /**
   * @param keep What is needed of an event later; called for its first copy, and for one with more records.
   * @param drop Is told of what is needed no more, as a fuller copy came.
   */
  constructor(routes: Routes, keep: (event: DecodedEvent) => Kept, drop: (kept: Kept) => void = () => {}) {
    this.#routes = routes
    this.#keep = keep
    this.#drop = drop
  }

  /** Notes an event that is on the disk already. */
  remember(event: EventIdentity): void {
    this.#seen.first(event)
  }

  get waiting(): number {
    return this.#waiting.size
  }

  /** Takes an event; returns what need not wait. */
  add(event: DecodedEvent, { from, node, nowMs }: Arrival): Routed<Kept> | undefined {
    if (event.late) return { kept: this.#keep(event), via: [from], late: true }
    const key = node === '' ? eventKey(event) : `${node}|${eventKey(event)}`
    const other = this.#waiting.get(key)
    if (other !== undefined) return this.#join(key, other, { event, from })
    if (!this.#seen.first({ node, seq: event.seq, timeMs: event.timeMs })) return this.#again(key, event, from)
    if (this.#routes.count === 1) return { kept: this.#keep(event), via: [from], late: false }
    const broken = event.flags.incomplete === true
    const { waitMs } = this.#routes
    const dueMs = nowMs + (broken ? Math.max(waitMs, WAIT_BROKEN_MS) : waitMs)
    this.#waiting.set(key, { kept: this.#keep(event), records: event.records.length, via: [from], broken, dueMs })
    return undefined
  }

  /** What has waited long enough, oldest first. */
  due(nowMs: number): Routed<Kept>[] {
    const ready: Routed<Kept>[] = []
    for (const [key, waiting] of this.#waiting) {
      const { dueMs } = waiting
      if (dueMs > nowMs && this.#waiting.size <= MAX_WAITING) {
        if (dueMs - nowMs <= this.#routes.waitMs) break // All behind it came later, but for broken ones.
        continue
      }
      ready.push(this.#give(key, waiting))
    }
    return ready
  }

  #join(key: Key, waiting: Waiting<Kept>, { event, from }: { event: DecodedEvent; from: SourceName }): Routed<Kept> | undefined {
    this.duplicates++
    if (!waiting.via.includes(from)) waiting.via.push(from)
    if (event.records.length > waiting.records) {
      const before = waiting.kept
      waiting.kept = this.#keep(event)
      this.#drop(before)
      waiting.records = event.records.length
      waiting.broken = event.flags.incomplete === true
    }
    return waiting.via.length < this.#routes.count ? undefined : this.#give(key, waiting)
  }

  #give(key: Key, { kept, via, broken, records }: Waiting<Kept>): Routed<Kept> {
    this.#waiting.delete(key)
    if (broken) {
      this.#broken.set(key, records)
      const oldest = this.#broken.size > MAX_BROKEN ? this.#broken.keys().next().value : undefined
      if (oldest !== undefined) this.#broken.delete(oldest)
    }
    return { kept, via, late: false }
  }

  /** A copy of an event that was given out: nothing new, but where that one lacked records. */
  #again(key: Key, event: DecodedEvent, from: SourceName): Routed<Kept> | undefined {
    const before = this.#broken.get(key)
    if (before !== undefined && event.records.length > before) {
      this.#broken.set(key, event.records.length)
      return { kept: this.#keep(event), via: [from], late: true }
    }
    this.duplicates++
    return undefined
  }
}
