/** Stable codes; docs/reference/query.md explains each. */
export type QueryErrorCode =
  | 'PW-QY-001' // syntax
  | 'PW-QY-002' // unknown column or field
  | 'PW-QY-003' // unknown or unsupported function
  | 'PW-QY-004' // known, not supported
  | 'PW-QY-005' // wrong argument
  | 'PW-QY-006' // not allowed: statement or relation
  | 'PW-QY-007' // too large or too deeply nested
  | 'PW-QY-008' // time range
  | 'PW-QY-009' // language not available
  | 'PW-QY-010' // met data it cannot be computed with

export interface QueryErrorDetails {
  /** What would help, one sentence. */
  readonly hint?: string | undefined
  /** The closest name that exists. */
  readonly nearest?: string | undefined
}

/** A query that cannot be answered as written. `line` and `column` count from 1, in UTF-16 code units. */
export class QueryError extends Error {
  override readonly name = 'QueryError'
  readonly code: QueryErrorCode
  readonly line: number
  readonly column: number
  readonly hint: string | undefined
  readonly nearest: string | undefined
  /** The line of the query with a caret under the place. */
  readonly excerpt: string

  constructor(code: QueryErrorCode, message: string, place: { text: string; offset: number }, details: QueryErrorDetails = {}) {
    super(message)
    this.code = code
    const before = place.text.slice(0, place.offset).split('\n')
    this.line = before.length
    this.column = (before.at(-1)?.length ?? 0) + 1
    this.hint = details.hint
    this.nearest = details.nearest
    this.excerpt = excerpt(place.text.split('\n')[this.line - 1] ?? '', this.column)
  }
}

const EXCERPT_SIDE = 60

function excerpt(line: string, column: number): string {
  const start = Math.max(0, column - 1 - EXCERPT_SIDE)
  return `${line.slice(start, column - 1 + EXCERPT_SIDE).replaceAll('\t', ' ')}\n${' '.repeat(column - 1 - start)}^`
}
