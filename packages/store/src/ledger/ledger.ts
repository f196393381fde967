import { join } from 'node:path'
import { type EventDraft, timeMsOf } from '@podwitness/event'
import type { Connection } from '../connection.ts'
import { EVENT_STREAMS, type EventDays } from '../event-streams.ts'
import { StoreError } from '../store-error.ts'
import { ChainFile, readChain } from './chain-file.ts'
import { eventLeaf } from './event-leaf.ts'
import { type LedgerEntry, type LedgerFact, type StreamDays, signEntry } from './ledger-entry.ts'
import type { LedgerMirror } from './ledger-mirror.ts'
import { merkleRoot } from './merkle.ts'
import { loadSigningKey, type SigningKey } from './signing-key.ts'
import { storedBatches, storedLeaves } from './stored-batches.ts'

/** Batches whose last entry is remembered, so that a repeated insert gets no second one. */
const REMEMBERED = 4096
const DAY_MS = 86_400_000

export interface LedgerOptions {
  /** Folder of the chains and of the key. */
  readonly folder: string
  readonly connection: Connection
  /** Days after which events expire now. */
  readonly retention: EventDays
  /** Keeps entries in the store as well, where several processes write to one; before the rows they vouch for. */
  readonly mirror?: LedgerMirror
  /** Called with each new entry once it is on disk: the place to send heads elsewhere. */
  readonly onEntry?: (anchor: { readonly chain: string; readonly seq: number; readonly head: string }) => void
}

/** Rows of one stream that are stored under one batch id. */
export interface VouchedBatch {
  readonly batch: string
  readonly stream: string
  readonly rows: readonly EventDraft[]
}

type BatchFact = Extract<LedgerFact, { kind: 'batch' | 'adopted' }>

/**
 * The signed account of every batch of events, written before the batch is stored: rows without an entry were put
 * there by somebody else, and an entry without rows says what is missing. One batch at a time, so that after a crash
 * only the last entry can be uncertain; it is settled by looking into the store.
 */
export class Ledger {
  readonly #chain: ChainFile
  readonly #connection: Connection
  readonly #folder: string
  readonly #key: SigningKey
  readonly #onEntry: NonNullable<LedgerOptions['onEntry']>
  readonly #mirror: LedgerMirror | undefined
  /** Entries that are in the file and not yet in the store. */
  #unmirrored: LedgerEntry[] = []
  readonly #roots = new Map<string, string>()
  #last: LedgerEntry | undefined
  /** The entries of the one insert of which nobody knows whether its rows are stored. */
  #uncertain: readonly LedgerEntry[] = []
  #queue: Promise<unknown> = Promise.resolve()

  /** Takes a chain of the folder; of a store that has rows and no ledger yet, takes these rows over as they are. */
  static async open(options: LedgerOptions): Promise<Ledger> {
    const chain = ChainFile.take(options.folder)
    try {
      const ledger = new Ledger(options, chain)
      await ledger.#begin(options)
      return ledger
    } catch (error) {
      chain.close()
      throw error
    }
  }

  private constructor({ folder, connection, mirror, onEntry }: LedgerOptions, chain: ChainFile) {
    this.#mirror = mirror
    this.#chain = chain
    this.#folder = folder
    this.#connection = connection
    this.#onEntry = onEntry ?? (() => {})
    this.#key = loadSigningKey(folder)
    const { entries } = readChain(folder, chain.name)
    this.#last = entries.at(-1)
    if (entries.length > 0 && this.#last === undefined) throw unreadable(join(folder, `${chain.name}.jsonl`))
    for (const entry of entries.slice(-REMEMBERED)) if (entry?.fact.kind === 'batch') this.#remember(entry.fact)
    this.#uncertain = lastInsert(entries)
  }

  /** Signs what one insert stores, then stores it. What `store` throws is thrown on; the next call finds out what became of the rows. */
  async vouch(batches: readonly VouchedBatch[], store: () => Promise<void>): Promise<void> {
    const facts = batches.map(batchFact)
    await this.#inTurn(async () => {
      await this.#settle()
      const unknown = facts.filter(({ batch, root }) => this.#roots.get(batch) !== root)
      this.#uncertain = unknown.map((fact, place) => this.#append(place === 0 ? fact : { ...fact, beside: place }))
      for (const fact of unknown) this.#remember(fact)
      await this.#pass()
      await store()
      this.#uncertain = []
    })
  }

  /** Records that events are kept for another number of days from now on. */
  async recordRetention(retention: EventDays): Promise<void> {
    await this.#inTurn(async () => {
      this.#append({ kind: 'retention', ...daysFact(retention) })
      await this.#pass()
    })
  }

  /**
   * Records under signature which batches of this chain have expired since this was last called.
   *
   * @param nowMs Milliseconds since the epoch.
   * @returns How many.
   */
  async recordExpired(retention: EventDays, nowMs: number): Promise<number> {
    const due = dueEntries(this.#folder, this.#chain.name, retention, nowMs)
    if (due.length === 0) return 0
    const batches = due.map(({ batch }) => batch)
    const kept = new Set((await storedBatches(this.#connection, batches)).map(({ batch }) => batch))
    const gone = due.filter(({ batch }) => !kept.has(batch)).map(({ seq }) => seq)
    if (gone.length > 0)
      await this.#inTurn(async () => {
        this.#append({ kind: 'expired', entries: rangesOf(gone) })
        await this.#pass()
      })
    return gone.length
  }

  /** Waits for what is being written, and lets the chain go. */
  async close(): Promise<void> {
    await this.#inTurn(async () => this.#chain.close())
  }

  async #begin({ retention }: LedgerOptions): Promise<void> {
    if (this.#mirror !== undefined) {
      const { entries } = readChain(this.#folder, this.#chain.name)
      const known = await this.#mirror.begin(this.#chain.name, this.#key.publicKeyPem, this.#key.id)
      this.#unmirrored = entries.filter((entry) => entry !== undefined && entry.seq > known) as LedgerEntry[]
    }
    if (this.#last === undefined) {
      this.#append({ kind: 'begin', chain: this.#chain.name, ...daysFact(retention) })
      // Only a folder that has no other chain can have rows from before the ledger, and only in a store that no other signs.
      if (this.#chain.name === 'chain-1' && (await this.#mirror?.othersSign()) !== true) await this.#adopt()
    } else if (lastRetention(this.#folder, this.#chain.name) !== JSON.stringify(daysFact(retention)))
      this.#append({ kind: 'retention', ...daysFact(retention) })
    await this.#settle()
    await this.#pass()
  }

  /** Brings the store what it does not have of the chain. */
  async #pass(): Promise<void> {
    if (this.#mirror === undefined || this.#unmirrored.length === 0) return
    await this.#mirror.put(this.#chain.name, this.#key.id, this.#unmirrored)
    this.#unmirrored = []
  }

  async #adopt(): Promise<void> {
    for (const { batch, rows, from, to, sources } of await storedBatches(this.#connection)) {
      const leaves = await storedLeaves(this.#connection, [batch], { from, to })
      this.#append({
        kind: 'adopted',
        batch,
        rows,
        from,
        to,
        sources,
        root: merkleRoot(leaves.map(({ leaf }) => leaf)).toString('hex'),
      })
    }
  }

  /** Finds out whether the rows of the last insert arrived; where they did not, or not all, says so under signature. */
  async #settle(): Promise<void> {
    for (const { seq, fact } of this.#uncertain) {
      if (fact.kind !== 'batch') continue
      const { batch, rows, from, to, root } = fact
      const leaves = await storedLeaves(this.#connection, [batch], { from, to })
      const found = merkleRoot(leaves.map(({ leaf }) => leaf)).toString('hex')
      if (leaves.length === rows && found === root) continue
      this.#roots.delete(batch)
      this.#append({ kind: 'withdrawn', batch, of: seq })
      // An insert over several days is several parts: some may have arrived. They are vouched for as they are.
      if (leaves.length > 0) this.#append({ ...partOf(fact), rows: leaves.length, root: found })
    }
    this.#uncertain = []
  }

  #append(fact: LedgerFact): LedgerEntry {
    const entry = signEntry(this.#last, fact, new Date().toISOString(), this.#key)
    try {
      this.#chain.append(entry)
    } catch (cause) {
      throw notWritten(cause)
    }
    this.#last = entry
    if (this.#mirror !== undefined) this.#unmirrored.push(entry)
    this.#onEntry({ chain: this.#chain.name, seq: entry.seq, head: entry.head })
    return entry
  }

  #remember({ batch, root }: BatchFact): void {
    this.#roots.set(batch, root)
    const [oldest] = this.#roots.keys()
    if (this.#roots.size > REMEMBERED && oldest !== undefined) this.#roots.delete(oldest)
  }

  async #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#queue.then(work)
    this.#queue = turn.catch(() => {})
    await turn
  }
}

/** The entries at the end of a chain that are of one insert: what a crash leaves in doubt. */
export function lastInsert(entries: readonly (LedgerEntry | undefined)[]): LedgerEntry[] {
  const last = entries.at(-1)
  if (last?.fact.kind !== 'batch') return []
  const begin = entries.length - 1 - (last.fact.beside ?? 0)
  return entries.slice(Math.max(0, begin)).filter((entry) => entry !== undefined)
}

/** An entry for what is there of a batch; it stands by itself. */
export function partOf({ beside: _, ...fact }: BatchFact): BatchFact {
  return fact
}

/** Days as an entry holds them. */
function daysFact({ days, streams }: EventDays): { retentionDays: number; streams?: StreamDays } {
  const own = EVENT_STREAMS.flatMap((stream) => {
    const value = streams[stream]
    return value === undefined || value === days ? [] : [[stream, value] as const]
  })
  return own.length === 0 ? { retentionDays: days } : { retentionDays: days, streams: Object.fromEntries(own) }
}

function batchFact({ batch, stream, rows }: VouchedBatch): BatchFact {
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  const sources = new Set<string>()
  for (const row of rows) {
    const time = timeMsOf(row.time)
    if (Number.isNaN(time)) throw noTime(row)
    from = Math.min(from, time)
    to = Math.max(to, time)
    if (sources.size < 8) sources.add(row.source ?? '')
  }
  const root = merkleRoot(rows.map(eventLeaf)).toString('hex')
  return {
    kind: 'batch',
    batch,
    rows: rows.length,
    from: isoMicros(from, Math.floor),
    to: isoMicros(to, Math.ceil),
    sources: [...sources].sort(),
    root,
    stream,
  }
}

/** ISO 8601 to the microsecond, rounded outwards so that the range holds every row. */
function isoMicros(ms: number, round: (value: number) => number): string {
  const micros = round(ms * 1000)
  const seconds = Math.floor(micros / 1_000_000)
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${String(micros - seconds * 1_000_000).padStart(6, '0')}Z`
}

function lastRetention(folder: string, chain: string): string {
  const facts = readChain(folder, chain).entries.flatMap((entry) => (entry === undefined ? [] : [entry.fact]))
  const last = facts.findLast(({ kind }) => kind === 'begin' || kind === 'retention')
  if (last === undefined || !('retentionDays' in last)) return ''
  const { retentionDays, streams } = last
  return JSON.stringify(streams === undefined ? { retentionDays } : { retentionDays, streams })
}

/** Batches whose days are over and that no tombstone names yet. */
function dueEntries(folder: string, chain: string, retention: EventDays, nowMs: number): { seq: number; batch: string }[] {
  const entries = readChain(folder, chain).entries.filter((entry) => entry !== undefined)
  const done = new Set<number>()
  for (const { fact } of entries) {
    if (fact.kind === 'withdrawn') done.add(fact.of)
    if (fact.kind === 'expired') for (const [first, last] of fact.entries) for (let at = first; at <= last; at++) done.add(at)
  }
  const days: Readonly<Record<string, number | undefined>> = retention.streams
  return entries.flatMap(({ seq, written, fact }) => {
    if ((fact.kind !== 'batch' && fact.kind !== 'adopted') || done.has(seq)) return []
    const untilMs = Date.parse(written) + (days[fact.stream ?? ''] ?? retention.days) * DAY_MS
    return untilMs < nowMs ? [{ seq, batch: fact.batch }] : []
  })
}

/** Rising numbers as ranges, both ends included. */
function rangesOf(numbers: readonly number[]): [number, number][] {
  const ranges: [number, number][] = []
  for (const number of numbers) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === number - 1) last[1] = number
    else ranges.push([number, number])
  }
  return ranges
}

/** The engine would read more forms of a time than we do, and then hold another one than was signed. */
function noTime({ time, event_id }: EventDraft): StoreError {
  return new StoreError('PW-ST-016', {
    what: 'The rows were refused: one has no time.',
    why: `Event ${event_id} has the time ${JSON.stringify(time)}, which is not of the form 2026-11-21 02:52:43.176806.`,
    todo: 'This is a fault in podwitness: please report it.',
  })
}

function notWritten(cause: unknown): StoreError {
  const full = cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT')
  return new StoreError(full ? 'PW-ST-012' : 'PW-ST-003', {
    what: 'The ledger cannot be written, so no events are taken.',
    why: cause instanceof Error ? cause.message : String(cause),
    todo: full ? 'Make room on the disk.' : 'Check the permissions of the folder `ledger` in the data directory.',
    cause,
  })
}

function unreadable(path: string): StoreError {
  return new StoreError('PW-ST-019', {
    what: 'The ledger is damaged: its last entry cannot be read.',
    why: `${path} does not end with an entry.`,
    todo: 'Run `podwitness verify`, keep a copy of the folder, and restore the file from a backup.',
  })
}
