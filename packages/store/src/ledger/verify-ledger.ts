import type { Connection } from '../connection.ts'
import { type ChainLines, chainNames, readChain } from './chain-file.ts'
import { checkEntry, type LedgerEntry, type LedgerFact, type LinkFault, type StreamDays } from './ledger-entry.ts'
import type { ForeignChain } from './ledger-mirror.ts'
import { merkleRoot } from './merkle.ts'
import type { PublicKey } from './signing-key.ts'
import { type StoredBatch, type StoredLeaf, storedBatches, storedLeaves } from './stored-batches.ts'

/** What a check found. `alarm`: somebody changed something. `note`: worth knowing. */
export interface LedgerFinding {
  readonly severity: 'alarm' | 'note'
  readonly code:
    | 'entry_unreadable'
    | 'entry_changed'
    | 'entry_missing'
    | 'wrong_key'
    | 'chain_missing'
    | 'rows_changed'
    | 'rows_missing'
    | 'rows_added'
    | 'batch_missing'
    | 'batch_unknown'
    | 'expired'
    | 'torn_end'
    | 'anchor_missing'
    | 'key_unconfirmed'
    | 'restored'
  readonly message: string
  /** Chain and entry, where there is one. */
  readonly chain?: string
  readonly seq?: number
  readonly batch?: string
  /** Time span of the events concerned, ISO 8601. */
  readonly from?: string
  readonly to?: string
  readonly sources?: readonly string[]
}

export interface LedgerReport {
  /** No alarm was found. */
  readonly intact: boolean
  readonly findings: readonly LedgerFinding[]
  readonly chains: readonly { readonly chain: string; readonly entries: number; readonly head: string }[]
  readonly batches: number
  readonly rows: number
  /** Id of the key the signatures were checked with. */
  readonly key: string
}

/** A head that was kept elsewhere. */
export interface Anchor {
  readonly chain: string
  readonly seq: number
  readonly head: string
}

export interface VerifyOptions {
  readonly folder: string
  readonly connection: Connection
  readonly key: PublicKey
  /** Heads kept elsewhere, which must be in the chains. */
  readonly anchors?: readonly Anchor[]
  readonly onProgress?: (done: number, all: number) => void
  /** Chains that other processes signed; asked for anew to settle what was stored while the check ran. */
  readonly foreign?: () => Promise<readonly ForeignChain[]>
  /** Now, milliseconds since the epoch. */
  readonly nowMs: number
}

type BatchFact = Extract<LedgerFact, { kind: 'batch' | 'adopted' }>
interface Promised extends BatchFact {
  readonly chain: string
  readonly seq: number
  readonly written: string
}

const ROWS_AT_ONCE = 200_000
const BATCHES_AT_ONCE = 500
const DAY_MS = 86_400_000

/** Holds the store against its ledger: every link, every signature, every row. */
export async function verifyLedger(options: VerifyOptions): Promise<LedgerReport> {
  const check = new LedgerCheck(options)
  return check.run()
}

class LedgerCheck {
  readonly #options: VerifyOptions
  readonly #findings: LedgerFinding[] = []
  readonly #promised: Promised[] = []
  readonly #chains: { chain: string; entries: number; head: string }[] = []
  #rows = 0
  /** Chain and number of each entry whose rows are recorded as expired. */
  readonly #tombstones = new Set<string>()
  /** When the backup was begun that a chain was restored from last. */
  readonly #restored = new Map<string, string>()
  /** Days in force from a moment on, oldest first. */
  readonly #retention: { fromMs: number; days: number; streams: StreamDays }[] = []

  constructor(options: VerifyOptions) {
    this.#options = options
  }

  async run(): Promise<LedgerReport> {
    const { folder, connection, key } = this.#options
    for (const name of chainNames(folder)) this.#readChain(name, readChain(folder, name), key)
    for (const { name, key: theirs, entries } of (await this.#options.foreign?.()) ?? []) {
      this.#readChain(name, { entries, tornBytes: 0 }, theirs)
      this.#note('key_unconfirmed', `${name} was signed by another server, whose key is known from the store alone`, {
        chain: name,
      })
    }
    this.#retention.sort((a, b) => a.fromMs - b.fromMs)
    this.#checkAnchors()
    const stored = new Map((await storedBatches(connection)).map((batch) => [batch.batch, batch]))
    await this.#checkUnknown(stored)
    await this.#checkRows(stored)
    const intact = this.#findings.every(({ severity }) => severity === 'note')
    return {
      intact,
      findings: this.#findings,
      chains: this.#chains,
      batches: this.#promised.length,
      rows: this.#rows,
      key: key.id,
    }
  }

  #readChain(chain: string, { entries, tornBytes }: ChainLines, key: PublicKey): void {
    if (tornBytes > 0)
      this.#note(
        'torn_end',
        `${chain} ends in ${tornBytes} bytes of an entry that was never finished: what it was for was not acknowledged`,
        { chain },
      )
    let previous: LedgerEntry | undefined
    for (const [index, entry] of entries.entries()) {
      if (entry === undefined) {
        this.#alarm('entry_unreadable', `${chain}, line ${index + 1}: this is no entry`, { chain, seq: index + 1 })
        continue
      }
      const fault = checkEntry(entry, previous, key)
      if (fault !== undefined)
        this.#alarm(FAULTS[fault].code, `${chain}, entry ${entry.seq}: ${FAULTS[fault].words}`, { chain, ...placeOf(entry) })
      this.#take(chain, entry)
      previous = entry
    }
    this.#chains.push({ chain, entries: entries.length, head: previous?.head ?? '' })
  }

  #take(chain: string, { seq, written, fact }: LedgerEntry): void {
    if (fact.kind === 'batch' || fact.kind === 'adopted') this.#promised.push({ ...fact, chain, seq, written })
    if (fact.kind === 'begin' || fact.kind === 'retention')
      this.#retention.push({ fromMs: Date.parse(written), days: fact.retentionDays, streams: fact.streams ?? {} })
    if (fact.kind === 'expired')
      for (const [first, last] of fact.entries) for (let at = first; at <= last; at++) this.#tombstones.add(`${chain} ${at}`)
    if (fact.kind === 'restored') this.#takeRestored(chain, seq, written, fact)
    if (fact.kind !== 'withdrawn') return
    const index = this.#promised.findIndex((entry) => entry.chain === chain && entry.seq === fact.of)
    if (index >= 0) this.#promised.splice(index, 1)
  }

  #takeRestored(chain: string, seq: number, written: string, fact: Extract<LedgerFact, { kind: 'restored' }>): void {
    this.#restored.set(chain, fact.created)
    const without = fact.withdrawn === 0 ? '' : `; ${fact.withdrawn} batches of the time it was made are not in it`
    const words = `${chain} was restored on ${written} from backup ${fact.backup}: what was stored after ${fact.created} is not in it`
    this.#note('restored', `${words}${without}`, { chain, seq })
  }

  /** A head kept elsewhere that is not in the chain: the chain was cut or written anew. */
  #checkAnchors(): void {
    const { anchors = [], folder } = this.#options
    const heads = new Map<string, Set<string>>()
    for (const { chain, seq, head } of anchors) {
      let known = heads.get(chain)
      if (known === undefined) {
        const exists = chainNames(folder).includes(chain)
        known = new Set(
          exists
            ? readChain(folder, chain).entries.flatMap((entry) => (entry === undefined ? [] : [`${entry.seq} ${entry.head}`]))
            : [],
        )
        heads.set(chain, known)
      }
      if (known.has(`${seq} ${head}`)) continue
      const restored = this.#restored.get(chain)
      const why = restored === undefined ? '' : `; the chain was restored from a backup of ${restored}`
      const words = `entry ${seq} of ${chain}, whose head was kept elsewhere, is not in the ledger any more${why}`
      this.#alarm('anchor_missing', words, { chain, seq })
    }
  }

  async #checkUnknown(stored: ReadonlyMap<string, StoredBatch>): Promise<void> {
    const promised = new Set(this.#promised.map(({ batch }) => batch))
    const unknown = [...stored.values()].filter(({ batch }) => !promised.has(batch))
    if (unknown.length === 0) return
    // Stored since the chains were read, and vouched for since then.
    const { folder, foreign } = this.#options
    const now = [
      ...chainNames(folder).flatMap((name) => readChain(folder, name).entries),
      ...((await foreign?.()) ?? []).flatMap(({ entries }) => entries),
    ]
    for (const entry of now) if (entry?.fact.kind === 'batch') promised.add(entry.fact.batch)
    for (const { batch, rows, from, to, sources } of unknown) {
      if (!promised.has(batch))
        this.#alarm('batch_unknown', `${rows} rows that no entry vouches for`, { batch, from, to, sources })
    }
  }

  async #checkRows(stored: ReadonlyMap<string, StoredBatch>): Promise<void> {
    let done = 0
    for (const group of groups(this.#promised)) {
      const present = group.filter(({ batch }) => stored.has(batch))
      for (const entry of group) if (!stored.has(entry.batch)) this.#missing(entry)
      if (present.length > 0) await this.#compare(present)
      done += group.length
      this.#options.onProgress?.(done, this.#promised.length)
    }
  }

  async #compare(group: readonly Promised[]): Promise<void> {
    const times = {
      from: group.map(({ from }) => from).sort()[0] ?? '',
      to:
        group
          .map(({ to }) => to)
          .sort()
          .at(-1) ?? '',
    }
    const found = await storedLeaves(
      this.#options.connection,
      group.map(({ batch }) => batch),
      times,
    )
    const byBatch = leavesByBatch(found)
    for (const entry of group) {
      const leaves = byBatch.get(entry.batch) ?? []
      this.#rows += leaves.length
      const place = placeOfBatch(entry)
      if (leaves.length > entry.rows) this.#alarm('rows_added', `${leaves.length - entry.rows} rows more than were stored`, place)
      else if (leaves.length < entry.rows && entry.stream === undefined && this.#mayBeExpired(entry, shortest))
        this.#note(
          'expired',
          `${entry.rows - leaves.length} of ${entry.rows} rows may have expired; the rest has no root of its own`,
          place,
        )
      else if (leaves.length < entry.rows && !this.#mayBeExpired(entry))
        this.#alarm(
          'rows_missing',
          `${entry.rows - leaves.length} of ${entry.rows} rows are gone, or their time was changed`,
          place,
        )
      else if (leaves.length === entry.rows && merkleRoot(leaves).toString('hex') !== entry.root)
        this.#alarm('rows_changed', `the ${entry.rows} rows are not what was stored: changed or in another order`, place)
    }
  }

  #missing(entry: Promised): void {
    if (this.#tombstones.has(`${entry.chain} ${entry.seq}`) && this.#mayBeExpired(entry)) return
    if (this.#mayBeExpired(entry) || (entry.stream === undefined && this.#mayBeExpired(entry, shortest)))
      this.#note('expired', `${entry.rows} rows have expired`, placeOfBatch(entry))
    else this.#alarm('batch_missing', `all ${entry.rows} rows are gone before their time`, placeOfBatch(entry))
  }

  /** Whether the rows were due to go at some moment, by the days that were in force then. */
  #mayBeExpired(
    { written, stream = 'events' }: Promised,
    daysOf: DaysOf = ({ days, streams }) => streams[stream] ?? days,
  ): boolean {
    const storedMs = Date.parse(written)
    return this.#retention.some((retention, index) => {
      const untilMs = this.#retention[index + 1]?.fromMs ?? this.#options.nowMs
      const dueMs = storedMs + daysOf(retention) * DAY_MS
      return dueMs <= Math.min(untilMs, this.#options.nowMs) && untilMs >= retention.fromMs
    })
  }

  #alarm(code: LedgerFinding['code'], message: string, place: Partial<LedgerFinding>): void {
    this.#findings.push({ severity: 'alarm', code, message, ...place })
  }

  #note(code: LedgerFinding['code'], message: string, place: Partial<LedgerFinding>): void {
    this.#findings.push({ severity: 'note', code, message, ...place })
  }
}

type DaysOf = (retention: { readonly days: number; readonly streams: StreamDays }) => number

/** Of a batch of several streams, as there were before, nobody knows which rows were due. */
const shortest: DaysOf = ({ days, streams }) => Math.min(days, ...Object.values(streams))

const FAULTS: Readonly<Record<LinkFault, { code: LedgerFinding['code']; words: string }>> = {
  sequence: { code: 'entry_missing', words: 'its number does not follow the one before: an entry is gone or was put in' },
  previous: { code: 'entry_missing', words: 'it does not follow from the entry before: one is gone, was put in or was changed' },
  head: { code: 'entry_changed', words: 'its content is not what was signed' },
  key: { code: 'wrong_key', words: 'it was signed with another key' },
  signature: { code: 'entry_changed', words: 'its signature is not valid' },
}

function placeOf({ seq, fact }: LedgerEntry): Partial<LedgerFinding> {
  return fact.kind === 'batch' || fact.kind === 'adopted'
    ? { seq, batch: fact.batch, from: fact.from, to: fact.to, sources: fact.sources }
    : { seq }
}

function placeOfBatch({ chain, seq, batch, from, to, sources }: Promised): Partial<LedgerFinding> {
  return { chain, seq, batch, from, to, sources }
}

function leavesByBatch(found: readonly StoredLeaf[]): Map<string, Buffer[]> {
  const leaves = new Map<string, Buffer[]>()
  for (const { batch, leaf } of found) {
    const known = leaves.get(batch)
    if (known === undefined) leaves.set(batch, [leaf])
    else known.push(leaf)
  }
  return leaves
}

/** Entries in portions whose hashes fit into memory. */
function* groups(entries: readonly Promised[]): Generator<readonly Promised[]> {
  let group: Promised[] = []
  let rows = 0
  for (const entry of entries) {
    if (group.length > 0 && (rows + entry.rows > ROWS_AT_ONCE || group.length >= BATCHES_AT_ONCE)) {
      yield group
      group = []
      rows = 0
    }
    group.push(entry)
    rows += entry.rows
  }
  if (group.length > 0) yield group
}
