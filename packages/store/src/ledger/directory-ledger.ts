import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Connection } from '../connection.ts'
import type { EventDays } from '../event-streams.ts'
import type { TableRetention } from '../retention.ts'
import { StoreError } from '../store-error.ts'
import type { StoreWriter } from '../store-writer.ts'
import { type EventProof, proveEvents } from './event-proof.ts'
import { Ledger } from './ledger.ts'
import type { LedgerMirror } from './ledger-mirror.ts'
import type { Anchor, LedgerReport } from './ledger-report.ts'
import { LedgerWriter } from './ledger-writer.ts'
import { loadSigningKey, PUBLIC_KEY_FILE, type PublicKey, readPublicKey } from './signing-key.ts'
import type { StoreLedger } from './store-ledger.ts'
import { verifyLedger } from './verify-ledger.ts'

interface DirectoryLedgerOptions {
  readonly folder: string
  readonly connection: Connection
  retention(): Promise<TableRetention[]>
  /** Where other processes sign what they store too. */
  readonly mirror?: LedgerMirror
}

/**
 * The ledger of a folder. It is opened with the first event that is written: reading a store, or looking whether it is
 * intact, must not begin a chain.
 */
export class DirectoryLedger implements StoreLedger {
  readonly folder: string
  readonly #options: DirectoryLedgerOptions
  readonly #listeners: ((anchor: Anchor) => void)[] = []
  #opened: Promise<Ledger> | undefined
  #closed = false
  #head: Anchor = { chain: '', seq: 0, head: '' }

  constructor(options: DirectoryLedgerOptions) {
    this.folder = options.folder
    this.#options = options
  }

  /** A writer that signs what it writes. */
  writer(inner: StoreWriter): StoreWriter {
    return new LedgerWriter(inner, () => this.#open())
  }

  head(): Anchor {
    return this.#head
  }

  onEntry(listener: (anchor: Anchor) => void): void {
    this.#listeners.push(listener)
  }

  async verify(options: Parameters<StoreLedger['verify']>[0]): Promise<LedgerReport> {
    const { key = this.#publicKey(), ...rest } = options
    const { folder, connection, mirror } = this.#options
    const foreign = mirror === undefined ? {} : { foreign: () => mirror.foreign(this.#publicKey().id) }
    return verifyLedger({ folder, connection, key, nowMs: Date.now(), ...foreign, ...rest })
  }

  prove(events: readonly { readonly eventId: string; readonly time: string }[]): Promise<EventProof[]> {
    return proveEvents(this.#options.connection, this.folder, events)
  }

  sign(bytes: Uint8Array): string {
    return loadSigningKey(this.folder).sign(bytes).toString('base64')
  }

  async recordExpired(): Promise<number> {
    return (await this.#open()).recordExpired(await this.#days(), Date.now())
  }

  /** Told by the store when the days change. */
  async recordRetention(days: EventDays): Promise<void> {
    await (await this.#open()).recordRetention(days)
  }

  async close(): Promise<void> {
    this.#closed = true
    const ledger = await this.#opened?.catch(() => undefined)
    await ledger?.close()
  }

  async #open(): Promise<Ledger> {
    if (this.#closed) throw new StoreError('PW-ST-017', { what: 'Events came after the store was closed.' })
    this.#opened ??= this.#begin()
    return this.#opened
  }

  async #begin(): Promise<Ledger> {
    try {
      return await Ledger.open({
        folder: this.folder,
        connection: this.#options.connection,
        retention: await this.#days(),
        ...(this.#options.mirror === undefined ? {} : { mirror: this.#options.mirror }),
        onEntry: (anchor) => {
          this.#head = anchor
          for (const listener of this.#listeners) listener(anchor)
        },
      })
    } catch (error) {
      this.#opened = undefined // The next batch tries again: a full disk gets empty.
      throw error
    }
  }

  async #days(): Promise<EventDays> {
    const { days = 0, streams = {} } = (await this.#options.retention()).find(({ table }) => table === 'events') ?? {}
    return { days, streams }
  }

  #publicKey(): PublicKey {
    const path = join(this.folder, PUBLIC_KEY_FILE)
    return existsSync(path) ? readPublicKey(readFileSync(path)) : NO_KEY
  }
}

/** Where there is no ledger there is no signature either: rows without an entry are what a check finds. */
const NO_KEY: PublicKey = { id: '', verify: () => false }
