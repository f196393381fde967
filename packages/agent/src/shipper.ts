import { Backoff, type Batch, FRAME, pause, readLoss, type Spool, type SpoolReader } from '@podwitness/pipeline'
import type { CpuBudget } from './cpu-budget.ts'
import { findingLine, lineTime, lossLine } from './intake-lines.ts'
import type { Output } from './output.ts'
import type { SetAside } from './set-aside.ts'
import type { SpoolRooms } from './spool-rooms.ts'

const LIMITS = { maxBytes: 1024 * 1024, maxLines: 5000 }
/** Least time between a look that found nothing and the last batch: what trickles in goes together. */
const GATHER_MS = 250
/** Characters by which two reasons are told apart: further on are times. */
const SAME = 60
/** More than this unsent after a failure, and when the receiver is back, bytes: what comes from then on is read apart, so that it need not wait. */
const BACKLOG_BYTES = 4 * 1024 * 1024
/** How often that is looked at while the receiver is away, milliseconds: what came just before it is back should not be old. */
const PART_EVERY_MS = 2000
/** Batches of new lines before an old one has its turn. */
const FRESH_TURNS = 3

/** What has been sent since the start. */
export interface ShippingCounters {
  batches: number
  lines: number
  duplicates: number
  rejectedLines: number
  retries: number
  refusedBatches: number
}

export interface ShipperParts {
  readonly rooms: SpoolRooms
  readonly output: Output
  readonly aside: SetAside
  readonly boot: string
  readonly budget: CpuBudget
  say(text: string): void
}

/** Takes batches out of the spool and sends them until they have arrived: oldest first, with turns for what is new. */
export class Shipper {
  readonly counters: ShippingCounters = { batches: 0, lines: 0, duplicates: 0, rejectedLines: 0, retries: 0, refusedBatches: 0 }
  /** When the receiver last took a batch, milliseconds since the Unix epoch; 0 never. */
  lastSentMs = 0
  /** Why the receiver takes nothing at the moment. */
  trouble: string | undefined
  readonly #parts: ShipperParts
  readonly #backoff = new Backoff({ firstMs: 500, maxMs: 30_000 })
  #turn = 0

  constructor(parts: ShipperParts) {
    this.#parts = parts
  }

  /** Sends until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const sent = await this.#step(signal).catch(async (error: Error) => {
        await this.#later(`the spool: ${error.message}`, 1000, signal)
        return true
      })
      if (sent) continue
      await pause(GATHER_MS - Math.min(GATHER_MS, Date.now() - this.lastSentMs), signal)
      await this.#parts.rooms.written.heard(signal)
    }
  }

  /** Sends what there is, once through; for an orderly end. */
  async flush(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.trouble === undefined && (await this.#step(signal))) {
      // Each step sends one batch.
    }
  }

  async #step(signal: AbortSignal): Promise<boolean> {
    await this.#parts.budget.ready(signal)
    this.#turn++
    for (const [spool, reader] of this.#order()) {
      const batch = await spool.next(reader, LIMITS)
      if (batch === undefined) continue
      await this.#send(spool, reader, batch, signal)
      return true
    }
    return false
  }

  /** Readers in the order of this turn. */
  #order(): [Spool, SpoolReader][] {
    const lanes = this.#parts.rooms.all.map((room) => room.lanes)
    const spools = [...lanes.map(({ high }) => high), ...lanes.map(({ bulk }) => bulk)]
    const readers = spools.flatMap((spool) => {
      const [newest, ...older] = spool.readers
      return [...(newest === undefined ? [] : [newest]), ...older.reverse()].map((reader): [Spool, SpoolReader] => [
        spool,
        reader,
      ])
    })
    return this.#turn % (FRESH_TURNS + 1) === 0 ? readers.reverse() : readers
  }

  async #send(spool: Spool, reader: SpoolReader, whole: Batch, signal: AbortSignal): Promise<void> {
    const { output, aside, say } = this.#parts
    let batch = whole
    while (!signal.aborted) {
      const lines = batch.frames.flatMap(({ kind, payload }) => (kind === FRAME.loss ? this.#loss(payload) : [payload]))
      const result = await output.send({ id: batch.id, lines }, signal)
      if (result.kind === 'later') {
        await this.#later(result.why, result.waitMs, signal)
        continue
      }
      if (result.kind === 'tooLarge' && batch.frames.length > 1) {
        batch = await spool.halve(reader, batch)
        continue
      }
      if (result.kind === 'done') await this.#arrived(lines.length, result)
      else {
        const why = result.kind === 'refused' ? result.why : 'one line is larger than the receiver takes'
        await aside.keep({ id: batch.id, lines }, why)
        await this.#lost(batch, why)
        say(`${output.name} refused a batch of ${lines.length} lines (${why}); it is kept aside.`)
      }
      spool.ack(reader, batch)
      return
    }
  }

  async #arrived(lines: number, { rejected, duplicate }: { rejected: number; duplicate: boolean }): Promise<void> {
    this.counters.batches++
    this.counters.lines += lines
    this.counters.rejectedLines += rejected
    if (duplicate) this.counters.duplicates++
    this.lastSentMs = Date.now()
    this.#backoff.reset()
    if (this.trouble === undefined) return
    this.#parts.say(`${this.#parts.output.name} takes lines again.`)
    this.trouble = undefined
    await this.#partOld()
  }

  /** Lets what comes from now on be read apart where much waits already. */
  async #partOld(): Promise<void> {
    for (const { lanes } of this.#parts.rooms.all) {
      const { high } = lanes
      if ((high.readers[0]?.unsentBytes ?? 0) > BACKLOG_BYTES) await high.startFresh().catch(() => false)
    }
  }

  async #later(why: string, waitMs: number, signal: AbortSignal): Promise<void> {
    this.counters.retries++
    if (this.trouble?.slice(0, SAME) !== why.slice(0, SAME))
      this.#parts.say(`${this.#parts.output.name} takes nothing (${why}); lines wait on disk.`)
    this.trouble = why
    for (const end = Date.now() + this.#backoff.next(waitMs); Date.now() < end && !signal.aborted; ) {
      await this.#partOld()
      await pause(Math.min(PART_EVERY_MS, end - Date.now()), signal)
    }
  }

  /** Events that the receiver will never have, with those that were counted as lost in their place. */
  async #lost({ id, frames }: Batch, why: string): Promise<void> {
    this.counters.refusedBatches++
    const now = Date.now()
    const told = frames.flatMap(({ kind, payload }) => (kind === FRAME.loss ? (readLoss(payload) ?? []) : []))
    const data = frames.filter(({ kind }) => kind === FRAME.data).length
    const count = told.reduce((sum, loss) => sum + loss.count, data)
    if (count === 0) return
    const sinceMs = Math.min(now, ...told.map((loss) => loss.sinceMs))
    const reason = `the receiver refused batch ${id} (${why.slice(0, 300)}); it is kept in state/aside`
    await this.#parts.rooms.keep([lossLine({ boot: this.#parts.boot, hop: 'spool', sinceMs, untilMs: now, count, reason })])
  }

  /** A loss of the spool as the receiver knows losses, and as an event that alerts can be about. */
  #loss(payload: Buffer): Buffer[] {
    const loss = readLoss(payload)
    const now = Date.now()
    const { sinceMs = now, untilMs = now, count = null, reason = 'unreadable' } = loss ?? {}
    const line = lossLine({ boot: this.#parts.boot, hop: 'spool', sinceMs, untilMs, count, reason })
    if (count === 0) return [line]
    const what = `${count ?? 'An unknown number of'} events of ${lineTime(sinceMs)} to ${lineTime(untilMs)} were lost on the node before they were sent: ${reason}.`
    return [line, findingLine(untilMs, 'spool_dropped', what)]
  }
}
