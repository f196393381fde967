import type { DecodedEvent } from '@podwitness/audit'
import { type EventIdentity, eventKey, SeenEvents } from './seen-events.ts'
import type { SourceName } from './source.ts'
import { isWhole } from './whole-event.ts'

/** How long an event with records missing waits for a whole one at least, milliseconds. */
const WAIT_BROKEN_MS = 2000
/** A route that was read to its end so long after an event came by another will not bring it any more, milliseconds. */
const BROUGHT_MS = 500
const MAX_WAITING = 50_000
/** Events with records missing that wait for a route that is behind. */
const MAX_HELD = 128
/** Events given out with records missing that are remembered for a whole copy that comes later, and the other way round. */
const MAX_BROKEN = 4096
/** Records in pieces that wait with their event. */
const MAX_ADDITIONS = 16

/** How many ways there are from the kernel to here. */
export interface Routes {
  readonly count: number
  /** How long an event waits for the same one by other routes, milliseconds. */
  readonly waitMs: number
  /**
   * Until when all routes but these were read to their end, milliseconds since the Unix epoch; infinity where nobody
   * can say. An event with records missing waits for a route that is behind: it may bring the whole one.
   */
  readTo?(except: readonly SourceName[]): number
}

/** What was kept of an event, and every route it came by. */
export interface Routed<Kept> {
  readonly kept: Kept
  readonly via: readonly SourceName[]
  /** An addition to an event that was given out before. */
  readonly late: boolean
  /** Additions to this one that came while it waited. */
  readonly additions?: readonly Kept[]
}

interface Waiting<Kept> {
  kept: Kept
  records: number
  via: SourceName[]
  broken: boolean
  readonly sinceMs: number
  readonly dueMs: number
  /** Routes that brought a part of it; the rest may still come by them. */
  readonly parts: SourceName[]
  readonly additions: Kept[]
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
  /** Records of each event that was given out with some missing, and who brought them. */
  readonly #broken = new Map<Key, { records: number; via: readonly SourceName[] }>()
  /** Routes that brought a part of an event that was given out whole: what follows by them is nothing new. */
  readonly #parts = new Map<Key, readonly SourceName[]>()
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
  remember(event: DecodedEvent, node: string): void {
    const key = keyOf(event, node)
    const known = this.#broken.get(key)
    if (this.#seen.first(identityOf(event, node)) || known !== undefined) {
      if (isWhole(event)) this.#broken.delete(key)
      else remembered(this.#broken, key, { records: (known?.records ?? 0) + event.records.length, via: [] })
    }
  }

  get waiting(): number {
    return this.#waiting.size
  }

  /** When the oldest of the waiting events that this route brought was taken; infinity where there is none. */
  waitingSinceMs(from: SourceName): number {
    for (const { via, sinceMs } of this.#waiting.values()) if (via.includes(from)) return sinceMs
    return Number.POSITIVE_INFINITY
  }

  /** Takes an event; returns what need not wait. */
  add(event: DecodedEvent, { from, node, nowMs }: Arrival): Routed<Kept> | undefined {
    const key = keyOf(event, node)
    const other = this.#waiting.get(key)
    if (event.late) return this.#rest(key, other, { event, from })
    if (other !== undefined) return this.#join(key, other, { event, from })
    if (!this.#seen.first(identityOf(event, node))) return this.#again(key, event, from)
    if (this.#routes.count === 1) return { kept: this.#keep(event), via: [from], late: false }
    const broken = !isWhole(event)
    const { waitMs } = this.#routes
    const dueMs = nowMs + (broken ? Math.max(waitMs, WAIT_BROKEN_MS) : waitMs)
    const parts = broken ? [from] : []
    const records = event.records.length
    this.#waiting.set(key, { kept: this.#keep(event), records, via: [from], broken, sinceMs: nowMs, dueMs, parts, additions: [] })
    return undefined
  }

  /** What has waited long enough, oldest first. */
  due(nowMs: number): Routed<Kept>[] {
    const ready: Routed<Kept>[] = []
    let held = 0
    for (const [key, waiting] of this.#waiting) {
      if (this.#waiting.size <= MAX_WAITING) {
        if (waiting.dueMs > nowMs) {
          if (!waiting.broken) break // All behind it came later.
          continue
        }
        if (this.#mayBecomeWhole(waiting) && nowMs < Number.POSITIVE_INFINITY && ++held <= MAX_HELD) continue
      }
      ready.push(this.#give(key, waiting))
    }
    return ready
  }

  #mayBecomeWhole({ broken, via, sinceMs }: Waiting<Kept>): boolean {
    return broken && (this.#routes.readTo?.(via) ?? Number.POSITIVE_INFINITY) < sinceMs + BROUGHT_MS
  }

  #join(key: Key, waiting: Waiting<Kept>, { event, from }: { event: DecodedEvent; from: SourceName }): Routed<Kept> | undefined {
    this.duplicates++
    if (!waiting.via.includes(from)) waiting.via.push(from)
    // One with as many records as a whole one, whose end was seen, need not be looked at again.
    const alike = !waiting.broken && event.records.length >= waiting.records && event.completion === 'eoe'
    const whole = alike || isWhole(event)
    if (!whole && !waiting.parts.includes(from)) waiting.parts.push(from)
    if (whole && event.records.length >= waiting.records) waiting.broken = false
    if (event.records.length > waiting.records) {
      const before = waiting.kept
      waiting.kept = this.#keep(event)
      this.#drop(before)
      waiting.records = event.records.length
    }
    return waiting.via.length < this.#routes.count ? undefined : this.#give(key, waiting)
  }

  #give(key: Key, { kept, via, broken, records, parts, additions }: Waiting<Kept>): Routed<Kept> {
    this.#waiting.delete(key)
    if (broken) {
      remembered(this.#broken, key, { records, via })
      return { kept, via, late: false, additions }
    }
    if (parts.length > 0) remembered(this.#parts, key, parts)
    this.duplicates += additions.length
    for (const addition of additions) this.#drop(addition)
    return { kept, via, late: false }
  }

  /** Records of an event that its route had given out before: an addition, but where another route brought all of it. */
  #rest(
    key: Key,
    waiting: Waiting<Kept> | undefined,
    { event, from }: { event: DecodedEvent; from: SourceName },
  ): Routed<Kept> | undefined {
    const parts = waiting === undefined ? this.#parts.get(key) : waiting.broken ? [] : waiting.parts
    if (parts?.includes(from) === true) {
      this.duplicates++
      return undefined
    }
    const kept = this.#keep(event)
    if (waiting?.broken === true && waiting.additions.length < MAX_ADDITIONS) {
      waiting.additions.push(kept)
      return undefined
    }
    const before = this.#broken.get(key)
    if (before?.via.includes(from) === true) before.records += event.records.length
    return { kept, via: [from], late: true }
  }

  /** A copy of an event that was given out: nothing new, but where that one lacked records. */
  #again(key: Key, event: DecodedEvent, from: SourceName): Routed<Kept> | undefined {
    const before = this.#broken.get(key)
    const whole = isWhole(event)
    if (before !== undefined && event.records.length > before.records) {
      if (whole) {
        this.#broken.delete(key)
        remembered(this.#parts, key, before.via)
      } else before.records = event.records.length
      return { kept: this.#keep(event), via: [from], late: true }
    }
    if (before === undefined && !whole) remembered(this.#parts, key, [...(this.#parts.get(key) ?? []), from])
    this.duplicates++
    return undefined
  }
}

function keyOf(event: DecodedEvent, node: string): Key {
  return node === '' ? eventKey(event) : `${node}|${eventKey(event)}`
}

function identityOf({ seq, timeMs, main }: DecodedEvent, node: string): EventIdentity {
  return { node, seq, timeMs, daemon: isDaemon(main.type.number) }
}

/** Record types 1200 to 1299 are auditd's own, with serials of their own. Source: include/uapi/linux/audit.h, AUDIT_DAEMON_START. */
export function isDaemon(type: number): boolean {
  return type >= 1200 && type < 1300
}

/** Sets an entry; over the bound the oldest goes. */
function remembered<Value>(map: Map<Key, Value>, key: Key, value: Value): void {
  map.set(key, value)
  const oldest = map.size > MAX_BROKEN ? map.keys().next().value : undefined
  if (oldest !== undefined) map.delete(oldest)
}
