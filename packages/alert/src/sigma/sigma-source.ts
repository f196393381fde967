import type { DataNeed } from '../rule.ts'

/** What a field of a Sigma rule is in the store. `list` is an array of text, of which any element may match. */
export interface SigmaField {
  readonly sql: string
  readonly kind: 'text' | 'number' | 'list' | 'syscall'
}

/** Evidence that Sigma rules of one log source are asked of. */
export interface SigmaSource {
  /** Columns and table, up to and including the condition on time. */
  readonly select: string
  /** The whole of a row as text, for keywords. */
  readonly text: string
  readonly needs: readonly DataNeed[]
  readonly groupBy: readonly string[]
  /** Field names people may have meant. */
  readonly known: readonly string[]
  /**
   * What is added where the rule itself does not ask for the field of that name: a request to the API server is one
   * row a stage, and is to alert once.
   */
  readonly unless?: { readonly field: string; readonly sql: string }
  /**
   * The field of that name in lower case and as written, or undefined where the evidence has none.
   *
   * @param beside Fields and values of the same selection: a record's type decides what some fields are.
   */
  field(name: string, beside: Readonly<Record<string, unknown>>): SigmaField | undefined
}

/** What a rule asks for that cannot be asked here, in words. */
export class SigmaRefusal extends Error {
  override readonly name = 'SigmaRefusal'
}

/** A string in the engine's SQL. */
export const quoted = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`

/** Milliseconds of the window are bound when the rule runs. */
export const IN_TIME = 'time >= {from:DateTime64(3)} AND time < {to:DateTime64(3)}'

const text = (sql: string): SigmaField => ({ sql, kind: 'text' })
const number = (sql: string): SigmaField => ({ sql, kind: 'number' })
const list = (sql: string): SigmaField => ({ sql, kind: 'list' })
export const as = { text, number, list }
