import type { QueryReply } from '@podwitness/api'
import type { StreamedReply } from '../query/stream-query.ts'
import type { Log, Rows } from './sls-answer.ts'

/** Characters of an answer that are held, so that the headers of one that is no longer can tell of its end. */
const HELD_CHARACTERS = 1_000_000

/** The beginning of an answer, and what is still to come of it where it is long. */
export interface BegunLogs {
  readonly columns: QueryReply['columns']
  /** Logs in JSON, divided by commas. */
  readonly held: string
  readonly rest?: AsyncGenerator<string>
  /** Once the rest is read. */
  stats(): ReturnType<StreamedReply['stats']>
}

/** Reads the first logs of an answer. What fails here has no answer yet; what fails in `rest` breaks the answer off. */
export async function beginLogs(found: StreamedReply, logs: (rows: Rows) => readonly Log[]): Promise<BegunLogs> {
  const texts = logTexts(found, logs)
  const begun = { columns: found.columns, stats: () => found.stats() }
  let held = ''
  while (held.length < HELD_CHARACTERS) {
    const next = await texts.next()
    if (next.done === true) return { ...begun, held }
    held += next.value
  }
  return { ...begun, held, rest: texts }
}

/** The logs of each batch of rows in one piece, never held together. */
async function* logTexts({ columns, batches }: StreamedReply, logs: (rows: Rows) => readonly Log[]): AsyncGenerator<string> {
  let divided = ''
  for await (const rows of batches) {
    yield divided + JSON.stringify(logs({ columns, rows })).slice(1, -1)
    divided = ','
  }
}
