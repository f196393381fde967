import { join } from 'node:path'
import type { Connection } from '../connection.ts'
import type { EventDays } from '../event-streams.ts'
import { StoreError } from '../store-error.ts'
import { batchFact, type VouchedBatch } from './batch-fact.ts'
import { ChainFile, readChain } from './chain-file.ts'
import { dueEntries, rangesOf } from './expired-entries.ts'
import { lastInsert, partOf } from './last-insert.ts'
import { type BatchFact, type LedgerEntry, type LedgerFact, signEntry } from './ledger-entry.ts'
import type { LedgerMirror } from './ledger-mirror.ts'
import { merkleRoot } from './merkle.ts'
import { daysFact, lastRetention } from './retention-fact.ts'
import { loadSigningKey, type SigningKey } from './signing-key.ts'
import { storedBatches, storedLeaves } from './stored-batches.ts'

/** Batches whose last entry is remembered, so that a repeated insert gets no second one. */
const REMEMBERED = 4096

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
