import type { ApiErrorBody } from '@podwitness/api'
import type { FastifyError, FastifyInstance } from 'fastify'
import { PkiError } from '../pki/pki-error.ts'
import { IntakeError } from './intake-error.ts'
import type { IntakeParts } from './intake-options.ts'

/** Answers every failure with a code, what happened, why and what to do; counts it by code. */
export function answerIntakeErrors(app: FastifyInstance, { rejects, onUnexpected }: IntakeParts): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const { status, body, retryAfterSeconds } = answerOf(error)
    const text = `${request.method} ${request.url.slice(0, 256)} from ${request.ip}`
    rejects.add({ source: 'request', cluster: '', node: '', code: body.code, bytes: 0, text })
    if (status === 500) onUnexpected(error)
    if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds))
    // What was not read of the body would be taken for the next request.
    if (!request.raw.complete) reply.header('connection', 'close')
    return reply.status(status).send(body)
  })
}

function answerOf(error: FastifyError): { status: number; body: ApiErrorBody; retryAfterSeconds?: number | undefined } {
  if (error instanceof IntakeError)
    return { status: error.status, body: error.toBody(), retryAfterSeconds: error.retryAfterSeconds }
  if (error instanceof PkiError)
    return { status: 400, body: { code: error.code, what: error.message, why: error.why, do: error.todo } }
  const status = error.statusCode ?? (isAborted(error) ? 400 : 500)
  if (status < 500)
    return {
      status,
      body: { code: 'PW-IN-005', what: 'The request is malformed.', why: error.message, do: 'See docs/reference/intake.md.' },
    }
  const why = 'This is a fault in podwitness; its log has the details.'
  return { status: 500, body: { code: 'PW-AP-005', what: 'The server failed unexpectedly.', why, do: 'Report it with the log.' } }
}

/** The sender went away in the middle of its body. */
function isAborted(error: Error): boolean {
  return 'code' in error && (error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE')
}
