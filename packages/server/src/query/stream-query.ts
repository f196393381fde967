import type { QueryReply } from '@podwitness/api'
import type { OpenAnswer, Store } from '@podwitness/store'
import { compileQuestion, type QueryQuestion, renderOf, withPlace } from './run-query.ts'

/** An answer whose rows are still to come. */
export interface StreamedReply {
  readonly columns: QueryReply['columns']
  readonly render?: NonNullable<QueryReply['render']>
  /** To be read once; leaving the loop ends the query. */
  readonly batches: AsyncGenerator<unknown[][]>
  /** Once the rows are read. */
  stats(): ReturnType<OpenAnswer['stats']>
}

/**
 * Compiles a question in KQL or SLS and begins to run it, for answers that are passed on without being held.
 *
 * @throws QueryError for a wrong question, StoreError for a run that fails before its first rows.
 */
export async function streamQuery(store: Store, question: QueryQuestion & { readonly limit: number }): Promise<StreamedReply> {
  const { limit, timeoutMs, signal } = question
  return withPlace(store, question, async () => {
    const { sql, params, columns, render } = await compileQuestion(store, question)
    const answer = await store.reader.open({
      ...{ sql, params, profile: 'hunt', maxRows: limit },
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(signal === undefined ? {} : { signal }),
    })
    return {
      // KQL names types of its own; SLS shows the engine's, as `runQuery` does.
      columns: ((question.lang === 'kql' ? columns : undefined) ?? answer.columns).map(({ name, type }) => ({ name, type })),
      ...(render === undefined ? {} : { render: renderOf(render) }),
      batches: answer.batches,
      stats: answer.stats,
    }
  })
}
