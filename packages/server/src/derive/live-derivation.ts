import { timeMsOf } from '@podwitness/event'
import type { Store } from '@podwitness/store'
import type { Parcel } from '../intake/parcel.ts'
import { deriveNow, deriveTurn } from './derive.ts'
import { derivePending } from './derived-until.ts'
import { joinSpans, type TimeSpan } from './time-span.ts'

/** How long new evidence waits for what belongs to it, milliseconds. */
const SETTLE_MS = 300
/** A round starts at the earliest this many times the length of the last one after it: the rest is for others. */
const REST_FACTOR = 1
/** After a failure the same is tried again after this, milliseconds. */
const RETRY_MS = 5_000
/**
 * How far back what is learned of a container or pod bears on commands, milliseconds: agents report within minutes,
 * but a node may have been cut off for hours.
 */
const FACT_REACH_MS = 6 * 3_600_000
/** Facts remembered to tell news from repeats. */
const REMEMBERED_FACTS = 100_000

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
 * Works out sessions continuously: whatever is stored makes its time dirty, and soon after one round per cluster works
 * out what surrounds it. Rounds of a cluster never overlap; what arrives meanwhile is in the next.
 */
export class LiveDerivation {
  readonly counters: DerivationCounters = { rounds: 0, failures: 0, changedRows: 0, lastMs: 0, totalMs: 0 }
  readonly #store: Store
  readonly #onFailure: (error: Error) => void
  readonly #onRound: (cluster: string, span: TimeSpan, beganMs: number) => void | Promise<void>
  readonly #dirty = new Map<string, TimeSpan>()
  readonly #facts = new Map<string, string>()
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #closed = false

  constructor(
    store: Store,
    options: {
      readonly onFailure?: (error: Error) => void
      /** Is called after each round, with the time that was new and when the round began (ms since the epoch). */
      readonly onRound?: (cluster: string, span: TimeSpan, beganMs: number) => void | Promise<void>
    } = {},
  ) {
    this.#store = store
    this.#onFailure = options.onFailure ?? (() => {})
    this.#onRound = options.onRound ?? (() => {})
  }

  /** Notes what is new in a parcel that is stored. */
  note(parcel: Parcel): void {
    const span = this.#spanOf(parcel)
    if (span !== null) this.noteSpan(parcel.cluster, span)
  }

  /** Notes that evidence of a span is new. */
  noteSpan(cluster: string, span: TimeSpan): void {
    this.#dirty.set(cluster, joinSpans(this.#dirty.get(cluster), span))
    this.#schedule(SETTLE_MS)
  }

  /** Waits until everything noted is worked out. */
  async settle(): Promise<void> {
    for (;;) {
      if (this.#running !== undefined) await this.#running
      if (this.#dirty.size === 0 && this.#running === undefined) return
      if (this.#running === undefined) this.#start()
    }
  }

  /** Ends after the round that runs; what is dirty then is found again at the next start. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#running
  }

  #schedule(delayMs: number): void {
    if (this.#closed || this.#timer !== undefined || this.#running !== undefined) return
    this.#timer = setTimeout(() => this.#start(), delayMs)
  }

  #start(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#running !== undefined || this.#closed) return
    this.#running = this.#round().then((delayMs) => {
      this.#running = undefined
      if (this.#dirty.size > 0) this.#schedule(delayMs)
    })
  }

  /** @returns How long to rest, milliseconds. */
  async #round(): Promise<number> {
    const work = [...this.#dirty]
    this.#dirty.clear()
    const began = performance.now()
    let failed = false
    for (const [cluster, span] of work) {
      const beganMs = Date.now()
      try {
        await this.#derive(cluster, span, beganMs)
      } catch (error) {
        failed = true
        this.counters.failures++
        this.#dirty.set(cluster, joinSpans(this.#dirty.get(cluster), span))
        this.#onFailure(error instanceof Error ? error : new Error(String(error)))
      }
    }
    const tookMs = performance.now() - began
    this.counters.rounds++
    this.counters.lastMs = tookMs
    this.counters.totalMs += tookMs
    return failed ? RETRY_MS : Math.max(SETTLE_MS, tookMs * REST_FACTOR)
  }

  /** Beside other servers, what they stored and have not worked out is part of the round: its mark says all is done. */
  async #derive(cluster: string, own: TimeSpan, beganMs: number): Promise<void> {
    await deriveTurn(this.#store, cluster, async () => {
      const pending = this.#store.shared ? await derivePending(this.#store, cluster) : []
      const span = pending.reduce((joined, [, other]) => joinSpans(joined, other), own)
      const { changed } = await deriveNow(this.#store, cluster, span)
      this.counters.changedRows += changed
      await this.#onRound(cluster, span, beganMs)
    })
  }

  /** The time a parcel says something new about; null where it brings nothing that bears on sessions. */
  #spanOf(parcel: Parcel): TimeSpan | null {
    let span: TimeSpan | undefined
    const add = (fromMs: number, toMs: number): void => {
      if (Number.isFinite(fromMs) && Number.isFinite(toMs)) span = joinSpans(span, { fromMs: Math.min(fromMs, toMs), toMs })
    }
    for (const { kind, time } of parcel.events) {
      if (kind === 'Finding' || kind === 'Syslog' || kind === 'Metric') continue
      const timeMs = timeMsOf(time)
      add(timeMs, timeMs)
    }
    for (const row of parcel.containers) {
      const { first_seen: seen, version: _, ...fact } = row
      if (this.#isNews(`${row.cluster}/${row.container_id}`, JSON.stringify(fact))) add(reach(row.created, seen), timeMsOf(seen))
    }
    for (const row of parcel.pods) {
      const { observed } = row
      if (this.#isNews(`${row.cluster}/${row.pod_uid}`, podNews(row))) add(timeMsOf(observed) - FACT_REACH_MS, timeMsOf(observed))
    }
    for (const { time } of parcel.samples) add(timeMsOf(time), timeMsOf(time))
    return span ?? null
  }

  #isNews(key: string, fact: string): boolean {
    if (this.#facts.get(key) === fact) return false
    this.#facts.delete(key)
    this.#facts.set(key, fact)
    const [oldest] = this.#facts.keys()
    if (this.#facts.size > REMEMBERED_FACTS && oldest !== undefined) this.#facts.delete(oldest)
    return true
  }
}

function reach(created: string, seen: string): number {
  return Math.max(timeMsOf(created), timeMsOf(seen) - FACT_REACH_MS)
}

/** What of a pod bears on sessions: its status changes all the time and does not. */
function podNews({ ns, pod, node, host_ip: hostIp, labels, object }: Parcel['pods'][number]): string {
  const spec = (JSON.parse(object) as { spec?: unknown }).spec
  return JSON.stringify([ns, pod, node, hostIp, labels, spec])
}
