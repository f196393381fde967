import type { Store } from '@podwitness/store'
import type { Parcel } from '../rows/parcel.ts'
import { deriveTurn } from './derive.ts'
import { deltaOf } from './evidence-delta.ts'
import { LiveCluster } from './live-cluster.ts'
import type { TimeSpan } from './time-span.ts'

/** How long new evidence waits for what belongs to it, milliseconds. */
const SETTLE_MS = 300
/** A round starts at the earliest this many times the length of the last one after it: the rest is for others. */
const REST_FACTOR = 1
/** After a failure the same is tried again after this, milliseconds. */
const RETRY_MS = 5_000
/** How often it is looked whether other processes have stored something, milliseconds. */
const LOOK_MS = 2_000

/** What the rounds did since the start. */
export interface DerivationCounters {
  rounds: number
  failures: number
  changedRows: number
  /** Length of the last round and of all, milliseconds. */
  lastMs: number
  totalMs: number
}

/**
 * Works out sessions continuously: soon after something is stored, one round of its cluster works out what that bears
 * on. Rounds never overlap; what arrives meanwhile is in the next.
 */
export class LiveDerivation {
  readonly counters: DerivationCounters = { rounds: 0, failures: 0, changedRows: 0, lastMs: 0, totalMs: 0 }
  readonly #store: Store
  readonly #onFailure: (error: Error) => void
  readonly #onRound: (cluster: string, span: TimeSpan | null, beganMs: number) => void | Promise<void>
  readonly #clusters = new Map<string, LiveCluster>()
  readonly #look: NodeJS.Timeout
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #closed = false
  #failing = false

  constructor(
    store: Store,
    options: {
      readonly onFailure?: (error: Error) => void
      /** Is called after each round, with the time of the sessions that changed and when the round began (ms since the epoch). */
      readonly onRound?: (cluster: string, span: TimeSpan | null, beganMs: number) => void | Promise<void>
    } = {},
  ) {
    this.#store = store
    this.#onFailure = options.onFailure ?? (() => {})
    this.#onRound = options.onRound ?? (() => {})
    this.#look = setInterval(() => this.#schedule(0), LOOK_MS)
    this.#look.unref()
  }

  /** Commands held in memory. */
  get heldCommands(): number {
    return [...this.#clusters.values()].reduce((sum, { commands }) => sum + commands, 0)
  }

  /** Notes what is new in a parcel that is stored. */
  note(parcel: Parcel): void {
    this.#cluster(parcel.cluster).note(deltaOf(parcel))
    this.#schedule(SETTLE_MS)
  }

  /** Notes that evidence of a span is stored and was not noted: an earlier process took it in. */
  noteSpan(cluster: string, span: TimeSpan): void {
    this.#cluster(cluster).noteSpan(span)
    this.#schedule(SETTLE_MS)
  }

  /** Waits until everything noted is worked out; after `close`, for the last round only. */
  async settle(): Promise<void> {
    for (;;) {
      if (this.#failing) await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
      if (this.#running !== undefined) await this.#running
      if (this.#closed || (this.#waiting().length === 0 && this.#running === undefined)) return
      if (this.#running === undefined) this.#start()
    }
  }

  /** Ends after the round that runs; what waits then is found again at the next start. */
  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#look)
    clearTimeout(this.#timer)
    await this.#running
  }

  #cluster(name: string): LiveCluster {
    const known = this.#clusters.get(name)
    if (known !== undefined) return known
    const made = new LiveCluster(this.#store, name)
    this.#clusters.set(name, made)
    return made
  }

  #waiting(): [string, LiveCluster][] {
    return [...this.#clusters].filter(([, cluster]) => cluster.waits)
  }

  #schedule(delayMs: number): void {
    if (this.#closed || this.#timer !== undefined || this.#running !== undefined || this.#waiting().length === 0) return
    this.#timer = setTimeout(() => this.#start(), delayMs)
  }

  #start(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#running !== undefined || this.#closed) return
    this.#running = this.#round().then((delayMs) => {
      this.#running = undefined
      this.#schedule(delayMs)
    })
  }

  /** @returns How long to rest, milliseconds. */
  async #round(): Promise<number> {
    const began = performance.now()
    let failed = false
    for (const [name, cluster] of this.#waiting()) {
      const beganMs = Date.now()
      try {
        await deriveTurn(this.#store, name, async () => {
          const { changed, span } = await cluster.round()
          this.counters.changedRows += changed
          await this.#onRound(name, span, beganMs)
        })
      } catch (error) {
        failed = true
        this.counters.failures++
        this.#onFailure(error instanceof Error ? error : new Error(String(error)))
      }
    }
    this.#failing = failed
    const tookMs = performance.now() - began
    this.counters.rounds++
    this.counters.lastMs = tookMs
    this.counters.totalMs += tookMs
    return failed ? RETRY_MS : Math.max(SETTLE_MS, tookMs * REST_FACTOR)
  }
}
