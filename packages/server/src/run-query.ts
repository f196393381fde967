import type { QueryReply } from '@podwitness/api'
import { advauditCatalog, compile, compileKql } from '@podwitness/query'
import type { Store } from '@podwitness/store'

/** A question in one of the query languages. */
export interface QueryQuestion {
  readonly lang: 'sls' | 'kql' | 'sql'
  readonly text: string
  /** ISO 8601; both ends optional. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly limit?: number | undefined
  readonly signal?: AbortSignal
}

/** Rows given where the question sets no limit. */
const DEFAULT_ROWS = 10_000
/** Rows of a question that the compiler itself puts to the data; it says when they are too many. */
const SCHEMA_ROWS = 10_000

/**
 * Compiles a question and runs it with the read-only profile.
 *
 * @throws QueryError for a wrong question, StoreError for a failed run.
 */
export async function runQuery(store: Store, question: QueryQuestion): Promise<QueryReply> {
  const { lang, text, from, to, limit = DEFAULT_ROWS, signal } = question
  const range = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
  const run = (sql: string, params: Readonly<Record<string, unknown>>, maxRows: number) =>
    store.reader.query({ sql, params, profile: 'hunt', maxRows, ...(signal === undefined ? {} : { signal }) })
  const compiled =
    lang === 'kql'
      ? await compileKql({ text, ...range, limit }, async (sql, params) => (await run(sql, params, SCHEMA_ROWS)).rows)
      : compile({ lang, text, ...range, limit, catalog: advauditCatalog })
  const answer = await run(compiled.sql, compiled.params, limit)
  return {
    // KQL names types of its own; the other two show the engine's.
    columns:
      (lang === 'kql' ? compiled.columns : undefined)?.map(({ name, type }) => ({ name, type })) ??
      answer.columns.map(({ name, type }) => ({ name, type })),
    rows: answer.rows.map((row) => [...row]),
    stats: {
      rows: answer.rows.length,
      scannedRows: answer.stats.rowsRead,
      scannedBytes: answer.stats.bytesRead,
      elapsedMs: answer.stats.elapsedMs,
      truncated: answer.stats.truncated,
    },
  }
}
