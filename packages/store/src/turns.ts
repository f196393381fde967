import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { LeaseRow } from '@podwitness/event'
import type { Connection } from './connection.ts'
import { StoreError } from './store-error.ts'

/** A turn at something. */
export interface Turn {
  /** @throws StoreError PW-ST-010 where it is not ours any more: to be asked before what cannot be taken back. */
  check(): void
}

/** How long a turn lasts that is not renewed, milliseconds: as long others wait for one whose process was killed. */
const LEASE_MS = 60_000
const RENEW_EVERY_MS = 10_000
/** A process keeps its turn while work waits for it, milliseconds: others get theirs after this. */
const KEEP_MS = 500
/** How often one looks whose turn it is, milliseconds; the half of it is chance, so that two do not meet for ever. */
const LOOK_EVERY_MS = 40

const FAILED = { what: 'Whose turn it is cannot be read.', otherwise: 'PW-ST-018' } as const
/** Ages by the engine's clock: those of several machines differ. */
const READ = `SELECT toUInt64(term) AS term, owner, released, dateDiff('millisecond', received, now64(3)) AS ageMs
FROM audit.leases FINAL WHERE name = {name:String}`

interface LeaseColumns {
  readonly term: string | number
  readonly owner: string
  readonly released: number
  readonly ageMs: string | number
}

/** A turn that this process has. */
interface Held {
  term: number
  readonly sinceMs: number
  /** When it ends for others unless it is renewed, by `performance.now()`. */
  untilMs: number
  lost: boolean
}

/** Stores a row once for a token; gives up at once where the store does not answer. */
export type InsertLease = (row: LeaseRow, token: string) => Promise<void>

/**
 * Lets one process of a store at a time do what must not be done twice at once. A turn is a term of a lease; a term
 * belongs to whose row was stored first, as the store takes only one insert of a token. Within a process, work of one
 * name goes in the order it came.
 */
export class Turns {
  readonly owner = randomUUID()
  readonly #connection: Connection
  readonly #insert: InsertLease
  readonly #queues = new Map<string, Promise<unknown>>()
  readonly #waiting = new Map<string, number>()
  readonly #held = new Map<string, Held>()

  constructor(connection: Connection, insert: InsertLease) {
    this.#connection = connection
    this.#insert = insert
  }

  /** @throws What `work` throws; StoreError PW-ST-010 where the store cannot be reached. */
  async inTurn<T>(name: string, work: (turn: Turn) => Promise<T>): Promise<T> {
    this.#waiting.set(name, (this.#waiting.get(name) ?? 0) + 1)
    const before = this.#queues.get(name) ?? Promise.resolve()
    const result = before.then(() => this.#run(name, work))
    const settled = result.then(
      () => {},
      () => {},
    )
    this.#queues.set(name, settled)
    return result
  }

  /** Waits until no work runs and gives every turn back. */
  async close(): Promise<void> {
    await Promise.all(this.#queues.values())
    for (const name of [...this.#held.keys()]) await this.#release(name)
  }

  async #run<T>(name: string, work: (turn: Turn) => Promise<T>): Promise<T> {
    try {
      const held = await this.#take(name)
      let renewing: Promise<void> = Promise.resolve()
      const renewal = setInterval(() => {
        renewing = renewing.then(() => this.#renew(name, held))
      }, RENEW_EVERY_MS)
      try {
        return await work({ check: () => this.#check(name, held) })
      } finally {
        clearInterval(renewal)
        await renewing
      }
    } finally {
      const waiting = (this.#waiting.get(name) ?? 1) - 1
      this.#waiting.set(name, waiting)
      const held = this.#held.get(name)
      if (held !== undefined && (waiting === 0 || performance.now() - held.sinceMs > KEEP_MS)) await this.#release(name)
    }
  }

  async #take(name: string): Promise<Held> {
    const mine = this.#held.get(name)
    if (mine !== undefined && !mine.lost && mine.untilMs - performance.now() > LEASE_MS / 2) return mine
    for (;;) {
      const [lease] = await this.#connection.rows<LeaseColumns>('app', READ, { name }, FAILED)
      const free = lease === undefined || lease.released === 1 || lease.owner === this.owner || Number(lease.ageMs) > LEASE_MS
      const held = free ? await this.#claim(name, Number(lease?.term ?? 0) + 1) : undefined
      if (held !== undefined) return held
      await pause(LOOK_EVERY_MS * (0.5 + Math.random()))
    }
  }

  async #claim(name: string, term: number): Promise<Held | undefined> {
    const now = performance.now()
    await this.#insert({ name, term, owner: this.owner, released: 0 }, `lease|${name}|${term}`)
    const sql = 'SELECT owner FROM audit.leases WHERE name = {name:String} AND term = {term:UInt64} AND released = 0'
    const rows = await this.#connection.rows<{ owner: string }>('app', sql, { name, term }, FAILED)
    if (rows.length !== 1 || rows[0]?.owner !== this.owner) return undefined
    const held = { term, sinceMs: now, untilMs: now + LEASE_MS, lost: false }
    this.#held.set(name, held)
    return held
  }

  async #renew(name: string, held: Held): Promise<void> {
    try {
      const next = await this.#claim(name, held.term + 1)
      if (next === undefined) held.lost = true
      else Object.assign(held, { term: next.term, untilMs: next.untilMs })
      this.#held.set(name, held)
    } catch {
      // The store does not answer: the turn ends by itself, and `check` says so.
    }
  }

  /** The next to come need not wait until the lease ends; where this fails, they do. */
  async #release(name: string): Promise<void> {
    const held = this.#held.get(name)
    this.#held.delete(name)
    if (held === undefined || held.lost) return
    const term = held.term + 1
    await this.#insert({ name, term, owner: this.owner, released: 1 }, `lease|${name}|${term}`).catch(() => {})
  }

  #check(name: string, held: Held): void {
    if (!held.lost && performance.now() < held.untilMs - LEASE_MS / 2) return
    throw new StoreError('PW-ST-010', {
      what: `The turn at "${name}" ended before its work.`,
      why: 'The store did not answer for too long, so another server may be at it.',
      todo: 'It is tried again by itself.',
    })
  }
}
