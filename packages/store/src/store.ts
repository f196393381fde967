import type { BackupManifest } from './backup/backup-manifest.ts'
import type { CreateBackupOptions } from './backup/create-backup.ts'
import type { EventDays } from './event-streams.ts'
import type { StoreHealth } from './health.ts'
import type { Hold } from './holds.ts'
import type { StoreLedger } from './ledger/store-ledger.ts'
import type { ReadingScope } from './reading-scope.ts'
import type { TableRetention } from './retention.ts'
import type { StoreSide } from './store-side.ts'
import type { StoreWriter } from './store-writer.ts'
import type { ExpiringTable, TableName } from './table-rows.ts'
import type { Turn } from './turns.ts'

/** What every way of opening a store takes. */
interface CommonOptions {
  /** Is told, in one plain sentence, what a person who waits would like to know. */
  readonly onNotice?: (text: string) => void
  /** Ends waiting and starting; a store that is open already is not touched. */
  readonly signal?: AbortSignal
}

/** A directory with the embedded engine on it. */
export interface DirectoryOptions extends CommonOptions {
  readonly dataDir: string
  /**
   * `server` holds the directory until it is closed and lets commands attach.
   * `command` starts an engine for as long as it runs, or attaches to the server's.
   */
  readonly role: 'server' | 'command'
  /** Longest wait for a directory that another command holds, in milliseconds. */
  readonly waitMs?: number
}

/** An ordinary ClickHouse server or cluster over HTTP. */
export interface RemoteOptions extends CommonOptions {
  /**
   * `http://user:password@host:8123`, of a cluster `http://user:password@host-1:8123,host-2:8123/?cluster=NAME`; user and
   * password may also come apart.
   */
  readonly url: string
  readonly user?: string
  readonly password?: string
  /**
   * Data folder of this machine. The ledger of what this process stores there is in its folder `ledgers`, below the
   * store's id; without a data folder nothing is signed.
   */
  readonly dataDir?: string
  /** A scratch database instead of `audit`, for trying a server. */
  readonly database?: string
}

export type StoreOptions = DirectoryOptions | RemoteOptions

/** An open, migrated store. */
export interface Store {
  /** `embedded`: this process started the engine; `attached`: another did; `remote`: an ordinary server. */
  readonly kind: StoreSide['kind']
  readonly reader: StoreReader
  readonly writer: StoreWriter
  /** The signed account of what was stored; undefined for an ordinary server without a folder for it. */
  readonly ledger: StoreLedger | undefined
  health(): Promise<StoreHealth>
  /** What every table holds, how old it is and how fast it grows. */
  retention(): Promise<TableRetention[]>
  /** Sets the age, in days, at which rows of the named tables expire (all expiring tables by default). */
  setRetention(days: number, tables?: readonly ExpiringTable[]): Promise<void>
  /** Sets the age, in days, at which events expire, by stream; streams that are not named are kept as long as all others. */
  setEventRetention(wanted: EventDays): Promise<void>
  /** What is kept beyond its time, oldest first. */
  holds(): Promise<Hold[]>
  /** Keeps what a hold means until it is released. @throws StoreError PW-ST-013 where it would mean everything. */
  placeHold(hold: Omit<Hold, 'id' | 'placed'>): Promise<Hold>
  /** Lets go what no other hold means; undefined where there is none of this id. */
  releaseHold(id: string): Promise<Hold | undefined>
  /** Applies the holds to what came since they were placed. */
  applyHolds(): Promise<void>
  /** Writes a backup of the data folder while the store is used. @throws BackupError PW-BK-001 for a server or cluster. */
  backUp(options: CreateBackupOptions): Promise<BackupManifest>
  /** What a query of ours answers, as a Parquet file. */
  parquet(sql: string, params: Readonly<Record<string, unknown>>): AsyncIterable<Uint8Array>
  /** Rows of a Parquet file on this machine that was exported from a table; for an engine on this machine alone. */
  parquetRows<T>(table: TableName, path: string): AsyncIterable<T[]>
  /** Whether `parquetRows` works here. */
  readonly readsParquet: boolean
  /** The engine died or stopped answering. One of our own is started again, and reader and writer work on. */
  onLost(listener: (reason: string) => void): void
  /** The engine is back after `onLost`. */
  onRestored(listener: () => void): void
  /**
   * Runs what must not run twice at once on this store: between the servers of one ClickHouse by turns, within a
   * process in the order it came. A data directory has one server, which goes on at once.
   *
   * @throws What `work` throws; StoreError PW-ST-010 where the store cannot be reached.
   */
  inTurn<T>(name: string, work: (turn: Turn) => Promise<T>): Promise<T>
  /** Whether other servers may write here too. */
  readonly shared: boolean
  /** Stops the engine if this process started it. A second call does nothing. */
  close(): Promise<void>
}

export interface QueryRequest {
  /** One statement. Values go in as `{name:Type}` parameters, never as text. */
  readonly sql: string
  readonly params?: Readonly<Record<string, unknown>>
  /** Rows returned at most; more are cut and `stats.truncated` says so. Default 10,000. */
  readonly maxRows?: number
  /** Milliseconds the engine may work. Default and ceiling of `hunt`: 30,000. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  /** `hunt` runs what people typed under fixed limits; `app` runs our own queries. Default `app`. */
  readonly profile?: 'hunt' | 'app'
}

export interface QueryAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** 64-bit integers are JSON strings, whatever their value: one column has one type. */
  readonly rows: readonly (readonly unknown[])[]
  readonly stats: {
    readonly rowsRead: number
    readonly bytesRead: number
    readonly elapsedMs: number
    /** Rows were cut at `maxRows`. */
    readonly truncated: boolean
  }
}

/** An answer whose rows are read as they come, so that it need not fit into memory. */
export interface OpenAnswer {
  readonly columns: QueryAnswer['columns']
  /** To be read once; leaving the loop ends the query. @throws StoreError like `query`. */
  readonly batches: AsyncGenerator<unknown[][]>
  /** Ends the query where its rows are not read. */
  close(): void
  /** Once the rows are read. What was read for them is known of answers that came in one piece. */
  stats(): {
    readonly rows: number
    readonly truncated: boolean
    readonly elapsedMs: number
    readonly rowsRead?: number
    readonly bytesRead?: number
  }
}

export interface StoreReader {
  /** @throws StoreError PW-ST-010, -011, -013 (wrong query), -014 (over a limit), -015 (cancelled). */
  query(request: QueryRequest): Promise<QueryAnswer>
  /** The same, with the rows still to come. */
  open(request: QueryRequest): Promise<OpenAnswer>
  /** Rows as objects, in blocks, with bounded memory. Leaving the loop cancels the query. */
  stream<T>(sql: string, params?: Readonly<Record<string, unknown>>): AsyncIterable<T[]>
  /**
   * The same store as somebody sees it who may see only some of it. Statements must be ours: text that people typed
   * can lift the engine's settings, so SQL as typed is not for a reader with namespaces or clusters.
   */
  within(scope: ReadingScope): StoreReader
}
