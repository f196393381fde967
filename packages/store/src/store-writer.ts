import type { Insertable, TableName } from './table-rows.ts'

/** Writes rows. Every insert is on disk when the promise resolves. */
export interface StoreWriter {
  /**
   * Inserts rows once. A second insert with the same token and rows changes nothing, so a writer that got no
   * answer sends the same again.
   *
   * @param token Unique for the batch, the same for its retry.
   * @throws StoreError PW-ST-010 (not reachable: try again), PW-ST-012 (disk full), PW-ST-016 (rows refused).
   */
  insert<T extends TableName>(table: T, rows: readonly Insertable<T>[], token: string): Promise<void>
  /** Ids of the stored events of a time range (both ends included, ISO 8601 or the engine's form). */
  knownEventIds(range: KnownRange): Promise<Set<string>>
}

export interface KnownRange {
  readonly from: string
  readonly to: string
  readonly cluster: string
  /** Event kinds; an empty list means all. */
  readonly kinds: readonly string[]
}
