import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pause } from './backoff.ts'
import { dropOldest } from './drop-oldest.ts'
import { lockFolder } from './folder-lock.ts'
import { FRAME, type FrameKind, frameBytes } from './frame.ts'
import { scanSegment, segmentPath } from './segment-file.ts'
import { type Entry, SegmentStore } from './segment-store.ts'
import { SpoolError } from './spool-error.ts'
import { allowedBytes } from './spool-limits.ts'
import type { SpoolLoss } from './spool-loss.ts'
import { LEAST_SEGMENT_BYTES, SEGMENTS, type SpoolCounters, type SpoolOptions, withDefaults } from './spool-options.ts'
import { type Batch, type BatchLimits, SpoolReader } from './spool-reader.ts'
import { MAX_CURSORS, StateFile } from './state-file.ts'
import { type Waiting, WaitingLines } from './waiting-lines.ts'

/** How long until the disk, or how much it may hold, is looked at again, milliseconds. */
const RETRY_MS = 250
/**
 * Lines on disk until they have arrived elsewhere: appended in groups, each durable before `append` resolves; read in
 * batches with names that never change; deleted when acknowledged. Survives a kill at any moment.
 */
export class Spool {
  readonly counters: SpoolCounters = { appended: 0, acked: 0, dropped: 0, writeErrors: 0 }
  readonly #options: Required<SpoolOptions>
  readonly #store: SegmentStore
  readonly #unlock: () => void
  readonly #state: StateFile
  /** Oldest first; each ends where the next one began. */
  #readers: SpoolReader[]
  readonly #waiting: WaitingLines
  #turn: Promise<unknown> = Promise.resolve()
  #writing: Promise<void> | undefined
  #allowed = { bytes: 0, untilMs: 0 }
  #refusal: string | undefined
  readonly #closing = new AbortController()

  private constructor(options: Required<SpoolOptions>, parts: { store: SegmentStore; state: StateFile; unlock: () => void }) {
    this.#options = options
    this.#store = parts.store
    this.#state = parts.state
    this.#unlock = parts.unlock
    this.#waiting = new WaitingLines(options, this.counters, () => parts.store.nextSeq)
    const { id, backlog, between = [], fresh } = parts.state.state
    const cursors = [backlog, ...between, ...(fresh === null ? [] : [fresh])]
    this.#readers = cursors.map((cursor, index) => new SpoolReader(parts.store, id, cursor, cursors[index + 1]?.segment ?? null))
  }

  /**
   * Opens or makes a spool.
   *
   * @throws SpoolError where the folder cannot be used or another process has it.
   */
  static async open(options: SpoolOptions): Promise<Spool> {
    let unlock: (() => void) | undefined
    try {
      await mkdir(options.folder, { recursive: true, mode: 0o700 })
      unlock = lockFolder(options.folder)
      const state = await StateFile.open(join(options.folder, 'state'))
      const { backlog, fresh } = state.state
      const store = await SegmentStore.open(options.folder, Math.max(backlog.seq, fresh?.seq ?? 0))
      return new Spool(withDefaults(options), { store, state, unlock })
    } catch (error) {
      unlock?.()
      if (error instanceof SpoolError) throw error
      throw new SpoolError(
        'PW-SP-001',
        {
          what: `The spool ${options.folder} cannot be opened.`,
          why: (error as Error).message,
          do: 'Give a folder that this user may write, on a local file system.',
        },
        { cause: error },
      )
    }
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.#store.bytes
  }

  /** Bytes that have not arrived. */
  get unsentBytes(): number {
    return this.#readers.reduce((sum, { unsentBytes }) => sum + unsentBytes, 0)
  }

  /** Bytes that wait in memory for the disk. */
  get pendingBytes(): number {
    return this.#waiting.bytes
  }

  /** Why nothing can be written at the moment; undefined where it can. */
  get refusal(): string | undefined {
    return this.#refusal
  }

  /** Newest first: the reader of what came since `startFresh` was called, those of what came between two calls, and that of what is oldest. */
  get readers(): readonly SpoolReader[] {
    return [...this.#readers].reverse()
  }

  /** Data lines of the newest segments, also those that have arrived, at most `maxBytes` and always the newest segment. */
  async *recent(maxBytes: number): AsyncGenerator<Buffer, void> {
    let bytes = 0
    for (const segment of [...this.#store.segments].reverse()) {
      bytes += segment.bytes
      if (bytes > maxBytes && segment !== this.#store.active) return
      const { frames } = await this.#exclusive(() => scanSegment(segmentPath(this.#options.folder, segment.first)))
      for (const { kind, payload } of frames) if (kind === FRAME.data) yield payload
    }
  }

  /** Takes lines; they are on the disk when the promise resolves. Lines of one call stay together and in order. */
  append(lines: readonly Uint8Array[], kind: FrameKind = FRAME.data): Promise<void> {
    if (this.#closing.signal.aborted) return Promise.reject(closedError(this.#options.folder))
    const payloads = this.#waiting.admit(lines, kind)
    if (payloads.length === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#waiting.add(payloads, kind, resolve)
      this.#writing ??= this.#writeAll()
    })
  }

  /** The next batch of a reader; it stays the same until `ack`, also over a restart. Its lines are valid until the next call. */
  next(reader: SpoolReader, limits: BatchLimits): Promise<Batch | undefined> {
    return this.#exclusive(async () => {
      const batch = await reader.take(limits)
      // One that is used up goes; what came after it is then the oldest there is.
      if (batch === undefined && reader !== this.#newest) this.#readers = this.#readers.filter((each) => each !== reader)
      await this.#save()
      return batch
    })
  }

  /** Notes that a batch has arrived; its lines need not be kept. */
  ack(reader: SpoolReader, batch: Batch): void {
    reader.ack(batch)
    this.counters.acked += batch.frames.length
  }

  /** The first half of a batch that the receiver found too large. */
  halve(reader: SpoolReader, batch: Batch): Promise<Batch> {
    return this.#exclusive(async () => {
      const half = reader.halve(batch)
      await this.#save()
      return half
    })
  }

  /**
   * Lets what comes from now on be read apart from what is there, so that it need not wait.
   * What came since the last call is left to the reader before it where none of it was sent. False where nothing has come
   * since the last call, or what is there is apart in as many pieces as there can be.
   */
  startFresh(): Promise<boolean> {
    return this.#exclusive(async () => {
      const left = this.#readers.length > 1 && this.#newest.untouched
      if (this.#readers.length >= MAX_CURSORS && !left) return false
      await this.#store.rotate()
      const { first, bytes } = this.#store.active
      if (first === this.#newest.segment) return false
      if (left) this.#readers.pop()
      this.#newest.until = first
      const begin = { segment: first, offset: bytes, seq: first, sendingEnd: 0 }
      this.#readers.push(new SpoolReader(this.#store, this.#state.state.id, begin))
      await this.#save()
      return true
    })
  }

  /** Writes what waits, where the disk takes it, and closes. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#writing
    await this.#exclusive(async () => {
      await this.#save()
      await this.#store.close()
      await this.#state.close()
    })
    this.#unlock()
  }

  async #writeAll(): Promise<void> {
    await pause(this.#options.flushMs, this.#closing.signal)
    while (this.#waiting.count > 0) {
      const group = this.#waiting.group(this.#allowed.bytes)
      const written = await this.#exclusive(() => this.#tryWrite(group))
      if (written) {
        this.#waiting.settle(group)
        this.counters.appended += group.length
        this.#options.written.ring()
      } else if (this.#closing.signal.aborted) break
      else await pause(RETRY_MS, this.#closing.signal)
    }
    this.#writing = undefined
  }

  /** False where there is no room for now. */
  async #tryWrite(group: readonly Waiting[]): Promise<boolean> {
    const overflow = this.#waiting.takeOverflow()
    const entries: Entry[] =
      overflow === undefined ? [...group] : [{ kind: FRAME.loss, payload: Buffer.from(JSON.stringify(overflow)) }, ...group]
    const size = entries.reduce((sum, { payload }) => sum + frameBytes(payload), 0)
    try {
      let limit = await this.#limit()
      for (; this.#store.bytes + size > limit; limit = await this.#limit()) {
        if (!(await this.#makeRoom('the spool reached its bound'))) {
          return this.#refused('The spool has reached its bound.', overflow)
        }
      }
      const segmentBytes = Math.min(this.#options.segmentBytes, Math.max(LEAST_SEGMENT_BYTES, limit / SEGMENTS))
      if (this.#store.active.bytes + size > segmentBytes) await this.#store.rotate()
      await this.#store.write(entries)
    } catch (error) {
      this.counters.writeErrors++
      this.#allowed.untilMs = 0
      await this.#makeRoom('the disk was full').catch(() => false)
      return this.#refused((error as Error).message, overflow)
    }
    this.#refusal = undefined
    return true
  }

  #refused(why: string, overflow: SpoolLoss | undefined): false {
    this.#refusal = why
    this.#waiting.giveBack(overflow)
    return false
  }

  async #makeRoom(reason: string): Promise<boolean> {
    if (await this.#renew()) return true
    if (this.#options.policy === 'block') return false
    const lost = await dropOldest(this.#store, this.readers, reason)
    if (lost < 0) return false
    this.counters.dropped += lost
    this.#allowed.untilMs = 0
    return true
  }

  /** Gives back the room of the only segment where all of it has arrived. */
  async #renew(): Promise<boolean> {
    const { active, segments } = this.#store
    const { segment, offset, sending } = this.#newest
    if (this.#readers.length > 1 || segments.length > 1 || sending || active.bytes < LEAST_SEGMENT_BYTES) return false
    if (segment !== active.first || offset < active.bytes) return false
    await this.#save() // The number of the next line is kept here while there is no segment.
    await this.#store.renew()
    this.#allowed.untilMs = 0
    return true
  }

  async #limit(): Promise<number> {
    if (Date.now() > this.#allowed.untilMs) {
      const { folder, limits } = this.#options
      this.#allowed = { bytes: await allowedBytes(folder, this.#store.bytes, limits), untilMs: Date.now() + RETRY_MS }
    }
    return this.#allowed.bytes
  }

  get #newest(): SpoolReader {
    return this.#readers.at(-1) as SpoolReader
  }

  #save(): Promise<void> {
    const newest = this.#newest
    const [oldest, ...between] = this.#readers.slice(0, -1)
    return this.#state.write({
      id: this.#state.state.id,
      backlog: oldest?.position ?? newest.position,
      between: between.map(({ position }) => position),
      fresh: oldest === undefined ? null : newest.position,
    })
  }

  /** One thing at a time touches the segments. */
  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => {})
    return result
  }
}

function closedError(folder: string): SpoolError {
  return new SpoolError('PW-SP-003', {
    what: `The spool ${folder} is closed.`,
    why: 'The agent is ending.',
    do: 'Start it again.',
  })
}
