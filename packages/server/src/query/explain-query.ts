import type { Store } from '@podwitness/store'
import { compileQuestion, type QueryQuestion } from './run-query.ts'

/** What becomes of a question. */
export interface QueryExplanation {
  readonly lang: string
  /** The one SELECT that runs, with placeholders. */
  readonly sql: string
  readonly params: Readonly<Record<string, unknown>>
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** The engine's plan, line by line, with the indexes it uses. */
  readonly plan: readonly string[]
}

/**
 * Compiles a question and asks the engine how it would run it. Nothing is run but what the compiler itself must know.
 *
 * @throws QueryError for a wrong question, StoreError where the engine refuses.
 */
export async function explainQuery(store: Store, question: QueryQuestion): Promise<QueryExplanation> {
  const { sql, params, columns = [] } = await compileQuestion(store, question)
  const { rows } = await store.reader.query({
    sql: `EXPLAIN indexes = 1 ${sql}`,
    params,
    profile: 'hunt',
    ...(question.signal === undefined ? {} : { signal: question.signal }),
  })
  return {
    lang: question.lang,
    sql,
    params,
    columns: columns.map(({ name, type }) => ({ name, type })),
    plan: rows.map(([line]) => String(line)),
  }
}
