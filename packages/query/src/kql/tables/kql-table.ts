import type { KqlColumn } from '../kql-type.ts'

export interface KqlTableColumn extends KqlColumn {
  /** Expression over the columns of `from`; absent where we have no value: typed and empty then. */
  readonly sql?: string
  /** What the identity map has for the account that `sql` gives; without it, the account itself. */
  readonly identity?: 'person' | 'team' | 'uid'
}

/** A table of KQL over a view or table of the store. Everything here is written by us. */
export interface KqlTable {
  readonly name: string
  /** Must have a column `cluster`: a question may be limited to some clusters. */
  readonly from: string
  /** The DateTime64 column of `from` that the request's time range bounds. */
  readonly timeColumn: string
  readonly where?: string
  readonly columns: readonly KqlTableColumn[]
}

/** The condition of a table that is typed only: nothing of ours fills it. */
export const NO_ROWS = 'false'

export type KqlTables = ReadonlyMap<string, KqlTable>

/** Table names and their columns in Kusto's form, e.g. `(a:string, b:long)`. */
export type KqlSchema = ReadonlyMap<string, string>
