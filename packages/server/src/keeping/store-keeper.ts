import { storeTime } from '@podwitness/event'
import { uuidOf } from '@podwitness/kube'
import { daysOfStream, EVENT_STREAMS, type EventStream, type ExpiringTable, type Store } from '@podwitness/store'
import type { DiskLimits } from '../intake/disk-guard.ts'
import { findingEvent } from '../rows/finding-event.ts'
import { insertNewEvents } from '../rows/insert-new-events.ts'
import { emptyParcel } from '../rows/parcel.ts'
import { writeTurn } from '../rows/write-turn.ts'
import { isEventStream, readStoreStatus, STREAM_NAMES, STREAMS, type StoreStatus, type Stream } from './store-status.ts'

const EVERY_MS = 600_000
const DAY_MS = 86_400_000
/** A forecast shorter than this is a finding, days. */
const WARN_DAYS = 7

export interface KeeperOptions {
  readonly limits: DiskLimits
  readonly onFailure: (error: Error) => void
  readonly now?: () => number
}

/** Days that streams are kept, as the configuration says; others stay as they are. */
export type RetentionDays = Readonly<Partial<Record<Stream, number>>>

/**
 * Sets the days of streams that differ. Parts of the events, and what is made of them, follow `events` where only that
 * is named.
 *
 * @returns The streams that were changed.
 */
export async function applyRetention(store: Store, wanted: RetentionDays): Promise<Stream[]> {
  const tables = await store.retention()
  const changed: Stream[] = []
  const events = tables.find(({ table }) => table === 'events')
  if (events !== undefined) {
    const now = (stream: EventStream | 'events'): number => daysOfStream(events, stream)
    const then = (stream: EventStream | 'events'): number => wanted[stream] ?? wanted.events ?? now(stream)
    const differing = (['events', ...EVENT_STREAMS] as const).filter((stream) => now(stream) !== then(stream))
    const streams = Object.fromEntries(EVENT_STREAMS.map((stream) => [stream, then(stream)] as const))
    if (differing.length > 0) await store.setEventRetention({ days: then('events'), streams })
    changed.push(...differing)
  }
  for (const stream of STREAM_NAMES) {
    const days = wanted[stream] ?? (stream === 'sessions' ? wanted.events : undefined)
    if (days === undefined || isEventStream(stream)) continue
    const names: readonly ExpiringTable[] = STREAMS[stream]
    const differing = names.filter((name) => tables.some(({ table, days: now }) => table === name && now !== days))
    if (differing.length === 0) continue
    await store.setRetention(days, differing)
    changed.push(stream)
  }
  return changed
}

/** Looks after the store: holds what came since, records what has expired, and warns before the disk is full. */
export class StoreKeeper {
  readonly #store: Store
  readonly #options: KeeperOptions
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> = Promise.resolve()

  constructor(store: Store, options: KeeperOptions) {
    this.#store = store
    this.#options = options
  }

  start(): void {
    const run = (): void => {
      this.#running = this.#running.then(() => this.look()).catch((error: unknown) => this.#options.onFailure(asError(error)))
    }
    run()
    this.#timer = setInterval(run, EVERY_MS)
    this.#timer.unref()
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#running
  }

  /** Does what is due now. Of several servers one does it at a time, and the next finds it done. */
  async look(): Promise<void> {
    const status = await this.#store.inTurn('keeping', async () => {
      await this.#store.applyHolds()
      return readStoreStatus(this.#store, this.#options.limits)
    })
    if (status.streams.some(({ rows }) => rows > 0)) await this.#store.ledger?.recordExpired()
    await this.#warn(status)
  }

  /** Once a day at most: the finding's id is made of the day. */
  async #warn(status: StoreStatus): Promise<void> {
    const soon = status.fullInDays !== null && status.fullInDays < WARN_DAYS
    if (status.state === 'ok' && !soon) return
    const nowMs = (this.#options.now ?? Date.now)()
    const day = Math.floor(nowMs / DAY_MS)
    const when = status.fullInDays === null ? '' : `, and will be full in ${status.fullInDays} days`
    const parcel = emptyParcel({ key: '', cluster: '', node: '' })
    const finding = findingEvent({
      id: uuidOf('finding', 'disk', String(day)),
      timeMs: day * DAY_MS,
      rule: 'store-nearly-full',
      text: `The store has ${(status.diskFreeBytes / 1e9).toFixed(1)} GB of ${(status.diskTotalBytes / 1e9).toFixed(1)} GB left${when} (seen at ${storeTime(nowMs)} UTC).`,
      ...{ cluster: '', node: '', source: 'server' },
    })
    parcel.events.push(finding)
    await writeTurn(this.#store, [''], (turn) => insertNewEvents(this.#store, [parcel], turn))
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))
