import { advauditCatalog } from './catalog/advaudit-catalog.ts'
import { compile } from './compile.ts'
import { MAX_QUERY_LENGTH } from './compile-request.ts'
import type { EditorAnswer, EditorAnswers, EditorRequest, EditorTask, Signature } from './editor/editor-answer.ts'
import { enclosingCall } from './editor/enclosing-call.ts'
import { faultAt } from './editor/fault-place.ts'
import { editSls } from './editor/sls-editor.ts'
import { QueryError } from './query-error.ts'
import { editKql } from './worker/compile-kql.ts'

/**
 * Answers an editor: what could stand at the cursor, what stands there, what is wrong, how it is written well. By the
 * same parsers and the same schema that compile the query.
 *
 * @throws QueryError for a text that is too long, or that takes too long.
 */
export async function editQuery<Task extends EditorTask>(request: EditorRequest & { task: Task }): Promise<EditorAnswers[Task]> {
  const { text, lang, position } = request
  if (text.length > MAX_QUERY_LENGTH)
    throw new QueryError('PW-QY-007', `A query may have ${MAX_QUERY_LENGTH} characters.`, { text: text.slice(0, 100), offset: 0 })
  const inside = { ...request, ...(position === undefined ? {} : { position: Math.min(position, text.length) }) }
  if (request.task === 'signature') return (await signatureAt(inside)) as EditorAnswers[Task]
  const answer = lang === 'kql' ? await editKql(inside) : lang === 'sls' ? editSls(inside, advauditCatalog) : editSql(inside)
  return answer as EditorAnswers[Task]
}

/** What is to be said of the function in whose brackets the cursor stands. */
async function signatureAt({ position, ...request }: EditorRequest): Promise<Signature | null> {
  const call = enclosingCall(request.text, position ?? request.text.length)
  if (call === undefined) return null
  const { from, to, argument } = call
  const hover = await editQuery({ ...request, task: 'hover', position: from + 1 })
  // Words like `in` have brackets too, and are no functions.
  const name = request.text.slice(from, to)
  return hover === null || !hover.text.startsWith(request.lang === 'kql' ? `${name}(` : `${name.toLowerCase()}:`)
    ? null
    : { from, to, text: hover.text, argument }
}

/** SQL goes to the engine as typed: only what would stop it before that is known. */
function editSql({ task, text, position = text.length }: EditorRequest): EditorAnswer {
  if (task === 'complete') return { from: position, to: position, items: [] }
  if (task === 'hover') return null
  if (task !== 'diagnose') return text
  try {
    compile({ lang: 'sql', text, catalog: advauditCatalog, from: '2000-01-01T00:00:00Z', to: '2000-01-02T00:00:00Z' })
    return []
  } catch (error) {
    if (error instanceof QueryError) return [faultAt(error, text)]
    throw error
  }
}
