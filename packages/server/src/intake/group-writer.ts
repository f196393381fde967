import { randomUUID } from 'node:crypto'
import { storeTime } from '@podwitness/event'
import { type Store, StoreError, type TableName, type Turn } from '@podwitness/store'
import { insertNewEvents } from '../rows/insert-new-events.ts'
import { newSamples } from '../rows/new-samples.ts'
import { type Parcel, type ParcelResult, parcelSize } from '../rows/parcel.ts'
import { writeTurn } from '../rows/write-turn.ts'
import { IntakeError } from './intake-error.ts'

/** Rows and bytes stored in one go; what came first goes first. */
const GROUP_ROWS = 20_000
const GROUP_BYTES = 32 * 1024 * 1024
/** How long a group waits for parcels that are being read, milliseconds. */
const GATHER_MS = 500
/** Memory of parcels that wait to be stored; more are refused and come again. */
const MAX_WAITING_BYTES = 128 * 1024 * 1024

/** What a writer has done since it was made. */
export interface WriterCounters {
  groups: number
  parcels: number
  duplicates: number
  events: number
  refusedBusy: number
  refusedStore: number
}

/** What a writer may be told. */
export interface WriterOptions {
  readonly maxWaitingBytes?: number
  /** Is asked before anything is stored; what it throws is the senders' answer. */
  readonly admit?: () => Promise<void>
}

interface Waiting {
  readonly parcel: Parcel
  resolve(result: ParcelResult): void
  reject(error: unknown): void
}

/**
 * Stores parcels, each whole before its promise resolves. While one group is being stored the next collects, so that
 * a hundred senders share the cost of one durable insert; one group at a time, so that two copies of an event that
 * arrive together are stored once.
 */
export class GroupWriter {
  readonly counters: WriterCounters = { groups: 0, parcels: 0, duplicates: 0, events: 0, refusedBusy: 0, refusedStore: 0 }
  readonly #store: Store
  readonly #onStored: (parcel: Parcel) => void
  readonly #maxWaitingBytes: number
  readonly #admit: () => Promise<void>
  #queue: Waiting[] = []
  #waitingBytes = 0
  #running: Promise<void> | undefined
  /** Parcels that are being read. */
  #coming = 0
  /** Looks whether the group that is being gathered is complete. */
  #look: () => void = () => {}

  /** @param onStored Is told of each parcel that brought something new, once it is durable. */
  constructor(store: Store, onStored: (parcel: Parcel) => void = () => {}, options: WriterOptions = {}) {
    const { maxWaitingBytes = MAX_WAITING_BYTES, admit = async () => {} } = options
    this.#admit = admit
    this.#store = store
    this.#onStored = onStored
    this.#maxWaitingBytes = maxWaitingBytes
  }

  get waitingBytes(): number {
    return this.#waitingBytes
  }

  /**
   * Says that a parcel is being read, so that the next group waits a moment for it: not longer than `GATHER_MS`, however
   * slowly it comes.
   *
   * @returns To be called when it is submitted, or never will be.
   */
  expect(): () => void {
    this.#coming++
    const end = (): void => {
      if (!waits) return
      waits = false
      clearTimeout(timer)
      this.#coming--
      this.#look()
    }
    let waits = true
    const timer = setTimeout(end, GATHER_MS)
    return end
  }

  /**
   * Stores a parcel; durable when the promise resolves.
   *
   * @throws IntakeError PW-IN-007 while too much waits, PW-IN-008 while the store does not take it (both: send it
   * again), PW-IN-009 where the store refuses these rows for good.
   */
  submit(parcel: Parcel): Promise<ParcelResult> {
    if (this.#waitingBytes > 0 && this.#waitingBytes + parcel.bytes > this.#maxWaitingBytes) {
      this.counters.refusedBusy++
      return Promise.reject(busy())
    }
    this.#waitingBytes += parcel.bytes
    return new Promise((resolve, reject) => {
      this.#queue.push({ parcel, resolve, reject })
      this.#running ??= this.#run()
    })
  }

  /** Waits until everything submitted is stored or refused. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  async #run(): Promise<void> {
    // Whatever else is being read in this turn of the event loop joins the first group.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#queue.length > 0) {
      await this.#gather()
      const group = this.#take()
      await this.#storeGroup(group)
      for (const { parcel } of group) this.#waitingBytes -= parcel.bytes
    }
    this.#running = undefined
  }

  /** Waits a moment for parcels that are being read: an insert costs the engine about as much for one as for ten. */
  async #gather(): Promise<void> {
    if (this.#isComplete()) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, GATHER_MS)
      this.#look = () => {
        if (!this.#isComplete()) return
        clearTimeout(timer)
        resolve()
      }
    })
    this.#look = () => {}
  }

  #isComplete(): boolean {
    return this.#coming === 0 || this.#queue.reduce((rows, { parcel }) => rows + parcelSize(parcel), 0) >= GROUP_ROWS
  }

  #take(): Waiting[] {
    let rows = 0
    let bytes = 0
    let count = 0
    for (const { parcel } of this.#queue) {
      rows += parcelSize(parcel)
      bytes += parcel.bytes
      if (count > 0 && (rows > GROUP_ROWS || bytes > GROUP_BYTES)) break
      count++
    }
    return this.#queue.splice(0, count)
  }

  async #storeGroup(group: readonly Waiting[]): Promise<void> {
    this.counters.groups++
    try {
      await this.#admit()
      const results = await this.#write(group.map(({ parcel }) => parcel))
      group.forEach(({ resolve, parcel }, at) => {
        const result = results[at] ?? { duplicate: true, stored: 0 }
        resolve(result)
        if (!result.duplicate) this.#onStored(parcel)
      })
    } catch (error) {
      // One parcel's rows may be what the store refuses: the others must not suffer for it.
      if (group.length > 1 && error instanceof StoreError && error.code === 'PW-ST-016') {
        for (const one of group) await this.#storeGroup([one])
        return
      }
      this.counters.refusedStore += group.length
      for (const { reject } of group) reject(failureOf(error))
    }
  }

  /** Asking what is stored and storing the rest is one turn of each cluster: another server may have the same parcel. */
  #write(parcels: readonly Parcel[]): Promise<ParcelResult[]> {
    const clusters = new Set(parcels.flatMap(({ cluster, events }) => [cluster, ...events.map((event) => event.cluster)]))
    return writeTurn(this.#store, [...clusters], (turn) => this.#writeInTurn(parcels, turn))
  }

  async #writeInTurn(parcels: readonly Parcel[], turn: Turn): Promise<ParcelResult[]> {
    const known = await this.#knownBatches(parcels)
    const fresh = parcels.filter(({ key }) => key === '' || !known.has(key)).filter(firstOfKey())
    const stored = await insertNewEvents(this.#store, fresh, turn)
    await Promise.all(
      (['containers', 'pods', 'samples', 'loss', 'heartbeats'] as const).map((table) => this.#insert(table, fresh)),
    )
    await this.#insertBatches(fresh)
    this.counters.parcels += parcels.length
    this.counters.duplicates += parcels.length - fresh.length
    for (const count of stored.values()) this.counters.events += count
    const isFresh = new Set(fresh)
    return parcels.map((parcel) => ({ duplicate: !isFresh.has(parcel), stored: stored.get(parcel) ?? 0 }))
  }

  async #knownBatches(parcels: readonly Parcel[]): Promise<Set<string>> {
    const keys = parcels.map(({ key }) => key).filter((key) => key !== '')
    if (keys.length === 0) return new Set()
    const { rows } = await this.#store.reader.query({
      sql: 'SELECT DISTINCT batch FROM audit.batches WHERE batch IN {keys:Array(String)}',
      params: { keys },
      maxRows: keys.length,
    })
    return new Set(rows.map(([key]) => String(key)))
  }

  async #insert(table: keyof typeof ROWS, parcels: readonly Parcel[]): Promise<void> {
    const all = parcels.flatMap((parcel) => parcel[ROWS[table]] as never[])
    // The same batch has another key at a server of another authority, or after a node has joined again.
    const rows = table === 'samples' ? ((await newSamples(this.#store, all)) as never[]) : all
    if (rows.length > 0) await this.#store.writer.insert<TableName>(table, rows, `intake-${table}-${randomUUID()}`)
  }

  async #insertBatches(parcels: readonly Parcel[]): Promise<void> {
    const stored = storeTime(Date.now())
    const rows = parcels
      .filter(({ key }) => key !== '')
      .map((parcel) => {
        const { key: batch, cluster, node, rejected } = parcel
        return { batch, cluster, node, stored, accepted: parcelSize(parcel), rejected }
      })
    if (rows.length > 0) await this.#store.writer.insert('batches', rows, `intake-batches-${randomUUID()}`)
  }
}

const ROWS = { containers: 'containers', pods: 'pods', samples: 'samples', loss: 'losses', heartbeats: 'heartbeats' } as const

/** Keeps one parcel of each key: a batch may have been sent twice before the first copy was stored. */
function firstOfKey(): (parcel: Parcel) => boolean {
  const seen = new Set<string>()
  return ({ key }) => {
    if (key === '') return true
    if (seen.has(key)) return false
    seen.add(key)
    return true
  }
}

function busy(): IntakeError {
  return new IntakeError(
    'PW-IN-007',
    429,
    {
      what: 'Too much waits to be stored.',
      why: 'The store takes less than arrives.',
      do: 'Send the same again after the time in Retry-After.',
    },
    { retryAfterSeconds: 2 },
  )
}

function failureOf(cause: unknown): unknown {
  if (!(cause instanceof StoreError)) return cause
  if (cause.code === 'PW-ST-016') {
    const why = cause.why || cause.what
    return new IntakeError(
      'PW-IN-009',
      422,
      { what: 'The store refused the rows.', why, do: 'Keep the batch and report it: this is a fault in podwitness.' },
      { cause },
    )
  }
  return new IntakeError(
    'PW-IN-008',
    503,
    {
      what: 'The store does not take anything now.',
      why: `${cause.what} ${cause.why}`.trim(),
      do: 'Send the same again after the time in Retry-After; `podwitness doctor` looks for the reason.',
    },
    { cause, retryAfterSeconds: 5 },
  )
}
