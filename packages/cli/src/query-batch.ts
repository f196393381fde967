import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { type QueryQuestion, runQuery } from '@podwitness/server'
import type { Store } from '@podwitness/store'
import type { Context } from './context.ts'
import { failureOf } from './failure.ts'
import { openInput } from './open-input.ts'

/** One line of a batch's answer: rows, or why there are none. */
interface BatchAnswer {
  readonly id: unknown
  readonly columns?: readonly { readonly name: string; readonly type: string }[]
  readonly rows?: readonly (readonly unknown[])[]
  readonly error?: { readonly code: string; readonly message: string; readonly why: string }
}

/**
 * Answers a file of questions, `{id, query}` a line, with `{id, columns, rows}` or `{id, error}` a
 * line, in order. A wrong question does not end the batch.
 *
 * @param question What all questions share.
 * @returns How many had no answer.
 */
export async function answerBatch(
  context: Context,
  store: Store,
  path: string,
  question: Omit<QueryQuestion, 'text'>,
): Promise<number> {
  let failed = 0
  const lines = createInterface({ input: Readable.from(openInput(path, context.terminal)), crlfDelay: Number.POSITIVE_INFINITY })
  for await (const line of lines) {
    if (line.trim() === '') continue
    const answer = await answerLine(store, line, question)
    if (answer.error !== undefined) failed++
    await context.terminal.write(`${JSON.stringify(answer)}\n`)
  }
  return failed
}

async function answerLine(store: Store, line: string, question: Omit<QueryQuestion, 'text'>): Promise<BatchAnswer> {
  let id: unknown = null
  try {
    const asked: unknown = JSON.parse(line)
    const { query, ...rest } = asked as { readonly id?: unknown; readonly query?: unknown }
    id = rest.id ?? null
    if (typeof query !== 'string') throw new TypeError('The line has no text under "query".')
    const { columns, rows } = await runQuery(store, { ...question, text: query })
    return { id, columns, rows }
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError)
      return { id, error: { code: 'PW-CL-001', message: 'The line is no question.', why: error.message } }
    const { code, what, why } = failureOf(error)
    return { id, error: { code, message: what, why } }
  }
}
