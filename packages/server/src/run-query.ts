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

/**
 * Compiles a question and runs it with the read-only profile.
 *
 * @throws QueryError for a wrong question, StoreError for a failed run.
 */
export async function runQuery(store: Store, question: QueryQuestion): Promise<QueryReply> {
  const { lang, text, from, to, limit = DEFAULT_ROWS, signal } = question
  const range = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
  const compiled =
    lang === 'kql'
      ? await compileKql({ text, ...range, limit })
      : compile({ lang, text, ...range, limit, catalog: advauditCatalog })
  const answer = await store.reader.query({
    sql: compiled.sql,
    params: compiled.params,
    profile: 'hunt',
    maxRows: limit,
    ...(signal === undefined ? {} : { signal }),
  })
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
