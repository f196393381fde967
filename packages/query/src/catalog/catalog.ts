/**
 * What a query may read. Everything here is written by us, so `sql` may become part of a statement.
 * `string`, `int`, `float` and `json` (text that holds JSON) are nullable: an absent value is null.
 */
export type ValueType = 'string' | 'int' | 'float' | 'bool' | 'time' | 'json' | 'array' | 'map' | 'unknown'

export interface Field {
  /** As users know it; found whatever the case of its letters. Its parts are keys of the JSON objects above it. */
  readonly name: string
  readonly type: ValueType
  /** Expression over the columns of the view. */
  readonly sql: string
  /** Its value as JSON text, where that is not made from the type alone. */
  readonly json?: string
  /** A Map column: names below this one look a key up. */
  readonly map?: string
  /** The view's column of text that its words are indexed of, in small letters. */
  readonly words?: string
  /** Its text as the store has it, '' where it is absent: all that a search for words needs. */
  readonly text?: string
  /** What its texts are: long lines, or nothing but times or identities in small letters; any words where this is absent. */
  readonly holds?: 'lines' | 'time' | 'identity'
  /** Where it is kept. */
  readonly part?: LogPart
  /** Whether so many rows have the same value that looking for it beforehand leaves nothing out. */
  readonly common?: boolean
  /** Left out of full-text search and of `*`. */
  readonly hidden?: boolean
}

/** A table that rows of a logstore are made of. Its columns go by the names the view has for them. */
export interface LogPart {
  /** Table and condition of the rows that `found` holds for; they have the view's columns of time and cluster. */
  rows(found: string): string
  /** Whether its rows have every field. */
  readonly whole?: boolean
}

/** A logstore of SLS: a view of the store under field names of its own. */
export interface Logstore {
  /** Names other than `log` begin with it; the rest names the cluster. */
  readonly prefix: string
  /** Qualified view, e.g. `audit.advaudit`. */
  readonly view: string
  /** The view's DateTime64 column. */
  readonly timeColumn: string
  /** The view's column that no two rows share: rows of one moment have an order by it. */
  readonly idColumn: string
  readonly clusterColumn: string
  /** What its rows are made of: words can be looked for there before rows are put together. */
  readonly parts?: readonly LogPart[]
  readonly fields: readonly Field[]
}

export interface Catalog {
  readonly logstore: Logstore
}
