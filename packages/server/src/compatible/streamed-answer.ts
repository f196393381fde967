import { randomUUID } from 'node:crypto'
import type { QueryReply } from '@podwitness/api'
import type { StreamedReply } from '../query/stream-query.ts'
import { exactJson, JsonText } from './exact-json.ts'
import { queryFault } from './query-fault.ts'

/** An answer as the shapes of the APIs take it: its rows are text, which stands where it is put. */
export interface AnswerParts {
  readonly columns: QueryReply['columns']
  readonly rows: JsonText
  readonly render?: NonNullable<QueryReply['render']> | undefined
  readonly stats: ReturnType<StreamedReply['stats']>
  /** Why rows are missing, where some went out before the query failed. */
  readonly fault?: string
}

/** Rows as JSON, `[…]`. */
type RowsJson = (columns: QueryReply['columns'], rows: readonly (readonly unknown[])[]) => string

/**
 * The text of an answer, piece by piece: what stands before its rows, the rows as they come, and what stands behind them,
 * which only they decide. A query that fails on its way ends in an answer that says so, since its status is sent by then.
 */
export async function* answerText(
  found: StreamedReply,
  shape: (parts: AnswerParts) => object,
  rowsJson: RowsJson,
): AsyncGenerator<string> {
  const { columns, render } = found
  const mark = randomUUID()
  const around = (stats: AnswerParts['stats'], fault?: string): string[] =>
    exactJson(shape({ columns, render, stats, rows: new JsonText(mark), ...(fault === undefined ? {} : { fault }) })).split(mark)
  yield `${around({ rows: 0, truncated: false, elapsedMs: 0 })[0]}[`
  let fault: string | undefined
  try {
    let divided = ''
    for await (const rows of found.batches) {
      yield divided + rowsJson(columns, rows).slice(1, -1)
      divided = ','
    }
  } catch (error) {
    fault = queryFault(error)?.message ?? 'The server failed unexpectedly.'
  }
  yield `]${around(found.stats(), fault)[1]}`
}

/** Runs to its end what was begun, or until its asker has gone. */
export async function* untilEnded(pieces: AsyncGenerator<string>, end: () => void, gone: AbortSignal): AsyncGenerator<string> {
  gone.addEventListener('abort', () => end(), { once: true })
  try {
    yield* pieces
  } finally {
    end()
  }
}
