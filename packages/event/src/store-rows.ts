/** A turn at something that only one process on a store does at a time. The highest term of a name counts. */
export interface LeaseRow {
  name: string
  term: number
  owner: string
  /** 1 where the owner has given it back. */
  released: 0 | 1
}

/** An entry of a ledger, kept in the store as well so that every server can check what another one signed. */
export interface LedgerEntryRow {
  /** Id of the process's ledger and name of its chain. */
  chain: string
  seq: number
  /** The entry as it stands in the chain's file. */
  line: string
}

/** Something that is known about the store itself: its id, a key, a hold. The newest version counts. */
export interface StoreObjectRow {
  kind: string
  id: string
  /** JSON. */
  spec: string
  changed: string
  version: string
  is_deleted: 0 | 1
}
