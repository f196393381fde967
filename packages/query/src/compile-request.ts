import type { Catalog, ValueType } from './catalog/catalog.ts'

/** Longest text taken, in UTF-16 code units. */
export const MAX_QUERY_LENGTH = 65_536

/** Scalar types of KQL. Source: Kusto documentation, "Scalar data types". */
export const KQL_TYPES = ['bool', 'int', 'long', 'real', 'decimal', 'datetime', 'timespan', 'string', 'dynamic', 'guid'] as const
export type KqlType = (typeof KQL_TYPES)[number]

/** A function that was saved beside the data, callable by its name in every query. */
export interface SavedFunction {
  readonly name: string
  /** What stands between its parentheses: `a:string, n:long = 5`. */
  readonly parameters: string
  /** What stands between its braces. */
  readonly body: string
  readonly folder: string
  readonly docString: string
}

/** What `render` asks for: the kind of chart, and its properties by name (`title`, `xcolumn`, `kind`, …). */
export interface Render {
  readonly visualization: string
  readonly properties: Readonly<Record<string, string | readonly string[]>>
}

/** Who stands behind an account, or behind all that begin so where it ends in `*`. */
export interface AccountIdentity {
  readonly account: string
  readonly person: string
  readonly team: string
  /** Number of the account at the cloud or in the directory. */
  readonly uid: string
}

export interface CompileRequest {
  readonly lang: 'sls' | 'kql' | 'sql'
  readonly text: string
  /** ISO 8601; the first moment that counts. */
  readonly from?: string
  /** ISO 8601; the first moment that no longer counts. */
  readonly to?: string
  /** Whether an end of the time range that the query sets itself takes the place of `from` or `to`, instead of both counting. */
  readonly ownTimeWins?: boolean
  readonly catalog: Catalog
  /** Rows where the query itself names no number. */
  readonly limit?: number
  /** SLS without an analysis part: rows left out before the first, and whether the oldest come first. */
  readonly skip?: number
  readonly oldestFirst?: boolean
  /** Only rows of these clusters; every cluster where absent. */
  readonly clusters?: readonly string[]
  /** Values of `declare query_parameters`, by name: text for strings, a literal of KQL for all other types. */
  readonly parameters?: Readonly<Record<string, string>>
  /** Names that `workspace()` may have in KQL besides the whole store's own: clusters that exist. */
  readonly workspaces?: readonly string[]
  /** What the columns Person, Team and AccountUid are made of; KQL only. */
  readonly identities?: readonly AccountIdentity[]
  /** Functions that were saved beside the data; KQL only. */
  readonly functions?: readonly SavedFunction[]
}

export interface CompiledQuery {
  /** One SELECT for the read-only account, with placeholders for `params`. */
  readonly sql: string
  readonly params: Readonly<Record<string, unknown>>
  /** Names and types as the language knows them; absent for SQL. */
  readonly columns?: readonly { readonly name: string; readonly type: ValueType | KqlType }[]
  readonly warnings: readonly QueryWarning[]
  /** The ends of the time range that the query sets itself; SQL sets both, for no range is put around it. */
  readonly ownTime?: readonly ('from' | 'to')[]
  /** How the query wants its answer drawn. */
  readonly render?: Render
}

export interface QueryWarning {
  readonly message: string
}
