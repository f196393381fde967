import { parentPort } from 'node:worker_threads'
import type { EditorAnswer, EditorRequest } from '../editor/editor-answer.ts'
import { editKqlHere } from '../editor/kql-editor.ts'
import { compileStep, type KqlRequest, type KqlStep } from '../kql/compile-step.ts'
import type { FoundSchema } from '../kql/found-schema.ts'
import { QueryError, type QueryErrorCode } from '../query-error.ts'

export type WorkerRequest = { readonly id: number } & (
  | { readonly request: KqlRequest; readonly found: readonly FoundSchema[] }
  | { readonly edit: EditorRequest }
)
/** An error loses its class on the way between threads, so its parts travel. */
export interface WorkerFault {
  readonly code: QueryErrorCode
  readonly message: string
  readonly line: number
  readonly column: number
  readonly hint: string | undefined
  readonly nearest: string | undefined
}
export type WorkerReply =
  | { readonly ready: true }
  | { readonly id: number; readonly step: KqlStep }
  | { readonly id: number; readonly edited: EditorAnswer }
  | { readonly id: number; readonly fault: WorkerFault }
  | { readonly id: number; readonly bug: string }

/** Loads the parser and lets it analyse once, which costs seconds; then answers one request after the other. */
async function serve(port: NonNullable<typeof parentPort>): Promise<void> {
  const send = (reply: WorkerReply): void => port.postMessage(reply)
  await compileStep({ text: 'Commands | where User has "a" | summarize count() by bin(TimeGenerated, 1h)' })
  port.on('message', async (asked: WorkerRequest) => {
    const { id } = asked
    try {
      if ('edit' in asked) send({ id, edited: await editKqlHere(asked.edit) })
      else send({ id, step: await compileStep(asked.request, asked.found) })
    } catch (error) {
      if (!(error instanceof QueryError)) return send({ id, bug: String(error) })
      const { code, message, line, column, hint, nearest } = error
      send({ id, fault: { code, message, line, column, hint, nearest } })
    }
  })
  send({ ready: true })
}

if (parentPort !== null) await serve(parentPort)
