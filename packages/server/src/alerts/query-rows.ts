import type { ResultRow, Rule } from '@podwitness/alert'
import type { Store } from '@podwitness/store'
import { type QueryQuestion, runQuery } from '../query/run-query.ts'

/** Rows of one question; what has more is asked in two halves of its time. */
const MAX_ROWS = 10_000
/** Halvings: from the longest window down to a millisecond. Only halves that have too many rows are halved again. */
export const MAX_DEPTH = 34

export interface RuleRows {
  readonly columns: readonly string[]
  readonly rows: readonly ResultRow[]
  /** More rows than could be read, in the shortest piece of time. */
  readonly truncated: boolean
}

/** A rule's query about a time, as it is put to the store. */
export function questionOf({ query }: Rule, fromMs: number, toMs: number): QueryQuestion {
  const cluster = /^advaudit-(.+)$/.exec(query.stream)?.[1]
  return {
    lang: query.lang,
    text: query.text,
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    limit: MAX_ROWS,
    // One more than is read: so the answer can say that there are more.
    defaultLimit: MAX_ROWS + 1,
    ...(cluster === undefined || cluster === '*' || query.lang === 'sql' ? {} : { clusters: [cluster] }),
  }
}

/**
 * All rows that a rule's query gives for a time.
 *
 * @param fromMs First millisecond that counts; `toMs` the first that does not.
 * @param depth Halvings made already; at `MAX_DEPTH` no more are made, and the answer says that it was cut.
 * @throws QueryError, StoreError.
 */
export async function queryRows(store: Store, rule: Rule, fromMs: number, toMs: number, depth = 0): Promise<RuleRows> {
  const answer = await runQuery(store, questionOf(rule, fromMs, toMs))
  const columns = answer.columns.map(({ name }) => name)
  if (answer.stats.truncated && depth < MAX_DEPTH && toMs - fromMs > 1) {
    const middle = Math.floor((fromMs + toMs) / 2)
    const halves = [
      await queryRows(store, rule, fromMs, middle, depth + 1),
      await queryRows(store, rule, middle, toMs, depth + 1),
    ]
    return { columns, rows: halves.flatMap(({ rows }) => rows), truncated: halves.some(({ truncated }) => truncated) }
  }
  const rows = answer.rows.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index]])))
  return { columns, rows, truncated: answer.stats.truncated }
}
