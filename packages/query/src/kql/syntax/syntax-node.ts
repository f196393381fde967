import type { KqlColumn, KqlType } from '../kql-type.ts'

/**
 * A node of a bound query as plain data: what the parser found (`kind`, `fields`, `items`) and what the binder added
 * (`type`, `columns`, `refers`). Kinds and field names are those of Kusto's own language service.
 */
export interface SyntaxNode {
  readonly kind: string
  /** Offset in the text, in UTF-16 code units. */
  readonly start: number
  /** Offset after its last character. */
  readonly end: number
  /** Text of a token, name of a name; empty for all others. */
  readonly text: string
  /** Type of a scalar expression; undefined where it has none that we know. */
  readonly type: KqlType | undefined
  /** Columns of a tabular expression. */
  readonly columns: readonly KqlColumn[] | undefined
  readonly refers: Reference | undefined
  /** Value of a literal: strings decoded, timespans in ticks, all others as text. Null is the literal null of its type. */
  readonly literal: string | null | undefined
  readonly fields: Readonly<Record<string, SyntaxNode>>
  /** Elements of a list, without their commas. */
  readonly items: readonly SyntaxNode[]
  /** Of an element of a list of columns: the name its column has where the query gives none; empty where it is numbered. */
  readonly implied: string
  /** The body of a function of the query, bound for this call. */
  readonly body: SyntaxNode | undefined
}

export type Reference = 'column' | 'table' | 'variable' | 'function' | 'parameter' | 'other'
