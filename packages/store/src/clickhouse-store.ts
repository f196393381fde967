import { backedUpElsewhere } from './backup/backup-error.ts'
import type { BackupManifest } from './backup/backup-manifest.ts'
import { type CreateBackupOptions, createBackup } from './backup/create-backup.ts'
import { ClickHouseReader } from './clickhouse-reader.ts'
import { ClickHouseWriter } from './clickhouse-writer.ts'
import type { EventDays } from './event-streams.ts'
import type { StoreHealth } from './health.ts'
import { readHealth } from './health.ts'
import { applyHolds, type Hold, type HoldPlaces, placeHold, readHolds, releaseHold } from './holds.ts'
import { DirectoryLedger } from './ledger/directory-ledger.ts'
import { LedgerMirror } from './ledger/ledger-mirror.ts'
import { parquetRows } from './parquet-rows.ts'
import type { TableRetention } from './retention.ts'
import { readRetention, writeEventRetention, writeRetention } from './retention.ts'
import type { Store } from './store.ts'
import { storeFailure } from './store-failure.ts'
import type { StoreSide } from './store-side.ts'
import type { StoreWriter } from './store-writer.ts'
import { EXPIRING_TABLES, type ExpiringTable, type TableName } from './table-rows.ts'
import { type Turn, Turns } from './turns.ts'

/** A store over one connection, whatever is at its other end. */
export class ClickHouseStore implements Store {
  readonly kind: Store['kind']
  readonly reader: ClickHouseReader
  readonly writer: StoreWriter
  readonly ledger: DirectoryLedger | undefined
  readonly shared: boolean
  readonly #side: StoreSide
  readonly #turns: Turns
  readonly #lost: ((reason: string) => void)[] = []
  readonly #restored: (() => void)[] = []
  #closing: Promise<void> | undefined

  constructor(side: StoreSide) {
    this.#side = side
    this.kind = side.kind
    this.shared = side.kind === 'remote'
    const isClosed = () => this.#closing !== undefined
    this.reader = new ClickHouseReader(side.connection, side.kind !== 'remote', isClosed, { ending: side.cluster?.ending ?? '' })
    const { connection, ledgerFolder: folder } = side
    const { shards = [connection], ending = '' } = side.cluster ?? {}
    const writer = new ClickHouseWriter({ connection, shards, ending }, isClosed)
    this.ledger =
      folder === undefined
        ? undefined
        : new DirectoryLedger({
            folder,
            connection,
            retention: () => this.retention(),
            ...(this.shared ? { mirror: new LedgerMirror(connection, writer) } : {}),
          })
    this.writer = this.ledger?.writer(writer) ?? writer
    this.#turns = new Turns(connection, (row, token) => writer.insertNow('leases', row, token))
    side.watch(
      (reason) => {
        for (const listener of this.#lost) listener(reason)
      },
      () => {
        for (const listener of this.#restored) listener()
      },
    )
  }

  health(): Promise<StoreHealth> {
    const { connection, cluster } = this.#side
    return readHealth(cluster?.servers ?? [connection], this.#side.restarts())
  }

  retention(): Promise<TableRetention[]> {
    const { connection, cluster } = this.#side
    return readRetention(connection, cluster?.shards, cluster?.ending)
  }

  async setRetention(days: number, tables: readonly ExpiringTable[] = EXPIRING_TABLES): Promise<void> {
    const { connection, cluster } = this.#side
    await writeRetention(cluster?.servers ?? [connection], cluster?.ending ?? '', days, tables)
    if (tables.includes('events')) await this.ledger?.recordRetention({ days, streams: {} })
  }

  async setEventRetention(wanted: EventDays): Promise<void> {
    const { connection, cluster } = this.#side
    await writeEventRetention(cluster?.servers ?? [connection], cluster?.ending ?? '', wanted)
    await this.ledger?.recordRetention(wanted)
  }

  holds(): Promise<Hold[]> {
    return readHolds(this.#side.connection)
  }

  placeHold(hold: Omit<Hold, 'id' | 'placed'>): Promise<Hold> {
    return placeHold(this.#holdPlaces(), hold)
  }

  releaseHold(id: string): Promise<Hold | undefined> {
    return releaseHold(this.#holdPlaces(), id)
  }

  applyHolds(): Promise<void> {
    return applyHolds(this.#holdPlaces())
  }

  #holdPlaces(): HoldPlaces {
    const { connection, cluster } = this.#side
    return { connection, servers: cluster?.servers ?? [connection], ending: cluster?.ending ?? '', writer: this.writer }
  }

  async backUp(options: CreateBackupOptions): Promise<BackupManifest> {
    const { connection, dataDir } = this.#side
    const { ledger } = this
    if (dataDir === undefined || ledger === undefined) throw backedUpElsewhere()
    return createBackup({ dataDir, connection, sign: (bytes) => ledger.sign(bytes) }, options)
  }

  async *parquet(sql: string, params: Readonly<Record<string, unknown>>): AsyncGenerator<Uint8Array> {
    try {
      yield* this.#side.connection.bytes('app', `${sql} FORMAT Parquet`, params)
    } catch (error) {
      throw storeFailure(error, { what: 'The rows cannot be written as Parquet.', otherwise: 'PW-ST-018' })
    }
  }

  get readsParquet(): boolean {
    return !this.shared
  }

  parquetRows<T>(table: TableName, path: string): AsyncIterable<T[]> {
    return parquetRows<T>(this.#side.connection, table, path)
  }

  inTurn<T>(name: string, work: (turn: Turn) => Promise<T>): Promise<T> {
    return this.shared ? this.#turns.inTurn(name, work) : work({ check: () => {} })
  }

  onLost(listener: (reason: string) => void): void {
    this.#lost.push(listener)
  }

  onRestored(listener: () => void): void {
    this.#restored.push(listener)
  }

  close(): Promise<void> {
    this.#closing ??= this.#end()
    return this.#closing
  }

  async #end(): Promise<void> {
    await this.#turns.close()
    await this.ledger?.close()
    await this.#side.stop()
  }
}
