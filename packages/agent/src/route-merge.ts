import type { DecodedEvent } from '@podwitness/audit'
import { eventKey, SeenEvents } from './seen-events.ts'
import type { SourceName } from './source.ts'

/** How long an event waits for the same one by other routes, milliseconds; and one with records missing, for a whole one. */
const WAIT_MS = 300
const WAIT_BROKEN_MS = 2000
const MAX_WAITING = 50_000

/** An event and every route it came by. */
export interface RoutedEvent {
  readonly event: DecodedEvent
  readonly via: readonly SourceName[]
}

interface Waiting {
  event: DecodedEvent
  via: SourceName[]
  broken: boolean
  dueMs: number
}

/**
 * Makes one event of the copies that several routes bring: the one with most records, with the names of all routes.
 * With one route nothing waits.
 */
export class RouteMerge {
  readonly #routes: number
  readonly #seen = new SeenEvents()
  readonly #waiting = new Map<string, Waiting>()
  /** Copies left out because their event was here already. */
  duplicates = 0

  constructor(routes: number) {
    this.#routes = routes
  }

  /** Notes an event that is on the disk already. */
  remember(event: DecodedEvent): void {
    this.#seen.first(event)
  }

  get waiting(): number {
    return this.#waiting.size
  }

  /** Takes an event; returns what need not wait. */
  add(event: DecodedEvent, from: SourceName, nowMs: number): RoutedEvent | undefined {
    if (event.late) return { event, via: [from] } // Records that came after their event: no copy, an addition.
    const key = `${event.node ?? ''}|${eventKey(event)}`
    const other = this.#waiting.get(key)
    if (other !== undefined) return this.#join(key, other, { event, from })
    if (!this.#seen.first(event)) {
      this.duplicates++
      return undefined
    }
    if (this.#routes === 1) return { event, via: [from] }
    const broken = event.flags.incomplete === true
    this.#waiting.set(key, { event, via: [from], broken, dueMs: nowMs + (broken ? WAIT_BROKEN_MS : WAIT_MS) })
    return undefined
  }

  /** What has waited long enough, oldest first. */
  due(nowMs: number): RoutedEvent[] {
    const ready: RoutedEvent[] = []
    for (const [key, { event, via, dueMs }] of this.#waiting) {
      if (dueMs > nowMs && this.#waiting.size <= MAX_WAITING) {
        if (dueMs - nowMs <= WAIT_MS) break // All behind it came later, but for broken ones.
        continue
      }
      this.#waiting.delete(key)
      ready.push({ event, via })
    }
    return ready
  }

  #join(key: string, waiting: Waiting, { event, from }: { event: DecodedEvent; from: SourceName }): RoutedEvent | undefined {
    this.duplicates++
    if (!waiting.via.includes(from)) waiting.via.push(from)
    if (event.records.length > waiting.event.records.length) waiting.event = event
    if (waiting.via.length < this.#routes) return undefined
    this.#waiting.delete(key)
    return { event: waiting.event, via: waiting.via }
  }
}
