import type { Connection } from './connection.ts'

/** What differs between an engine of our own, one of another process, and an ordinary server. */
export interface StoreSide {
  readonly kind: 'embedded' | 'attached' | 'remote'
  readonly connection: Connection
  /** The servers of a cluster by shard, and the ending of their tables; absent where there is one server. */
  readonly cluster?: { readonly shards: readonly Connection[]; readonly servers: readonly Connection[]; readonly ending: string }
  restarts(): number
  /** Folder for the ledger of what is written; none, no ledger. */
  readonly ledgerFolder?: string
  /** Data folder of an embedded engine. */
  readonly dataDir?: string
  /** Tells loss and return from now on. */
  watch(lost: (reason: string) => void, restored: () => void): void
  stop(): Promise<void>
}
