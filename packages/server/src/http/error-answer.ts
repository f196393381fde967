import { AlertError } from '@podwitness/alert'
import type { ApiErrorBody } from '@podwitness/api'
import { QueryError } from '@podwitness/query'
import { StoreError } from '@podwitness/store'
import type { FastifyError, FastifyInstance } from 'fastify'
import { PkiError } from '../pki/pki-error.ts'
import { ServerError } from '../server-error.ts'

/** HTTP status of each failure of the store that is not our fault. */
const STORE_STATUS: Readonly<Partial<Record<string, number>>> = {
  'PW-ST-010': 503,
  'PW-ST-012': 507,
  'PW-ST-013': 400,
  'PW-ST-014': 400,
  'PW-ST-015': 499,
}

/** HTTP status of what is wrong about alerts, where it is not 400. */
const ALERT_STATUS: Readonly<Record<string, number>> = { 'PW-AL-005': 404, 'PW-AL-006': 409, 'PW-AL-008': 409 }

/**
 * Answers every failure with a code, what happened, why and what to do; never with a stack.
 *
 * @param onRefused Is told the code of each answer that is a failure.
 */
export function answerErrors(
  app: FastifyInstance,
  onUnexpected: (error: Error) => void,
  onRefused: (code: string) => void,
): void {
  app.setNotFoundHandler((request, reply) => {
    const error = new ServerError('PW-AP-004', 404, {
      what: `There is no ${request.url.split('?')[0]}.`,
      why: 'No route has this path.',
      do: 'Look at docs/reference/api.md.',
    })
    return reply.status(404).send(error.toBody())
  })
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const { status, body } = answerOf(error)
    if (status === 500) onUnexpected(error)
    onRefused(body.code)
    if (error instanceof ServerError && error.retryAfterSeconds !== undefined)
      reply.header('retry-after', String(error.retryAfterSeconds))
    return reply.status(status).send(body)
  })
}

function answerOf(error: FastifyError): { status: number; body: ApiErrorBody } {
  if (error instanceof ServerError) return { status: error.status, body: error.toBody() }
  if (error instanceof AlertError) return { status: ALERT_STATUS[error.code] ?? 400, body: alertBody(error) }
  if (error instanceof PkiError)
    return {
      status: error.code === 'PW-PK-004' ? 404 : 500,
      body: { code: error.code, what: error.message, why: error.why, do: error.todo },
    }
  if (error instanceof QueryError) return { status: 400, body: queryBody(error) }
  if (error instanceof StoreError)
    return {
      status: STORE_STATUS[error.code] ?? 500,
      body: { code: error.code, what: error.what, why: error.why, do: error.todo },
    }
  const status = error.statusCode ?? 500
  if (status < 500)
    return {
      status,
      body: { code: 'PW-AP-003', what: 'The request is malformed.', why: error.message, do: 'Look at docs/reference/api.md.' },
    }
  return {
    status: 500,
    body: {
      code: 'PW-AP-005',
      what: 'The server failed unexpectedly.',
      why: 'This is a fault in podwitness; its log has the details.',
      do: 'Report it with the log.',
    },
  }
}

function alertBody({ code, message, why, todo }: AlertError): ApiErrorBody {
  return { code, what: message, why, do: todo }
}

function queryBody(error: QueryError): ApiErrorBody {
  const nearest = error.nearest === undefined ? '' : `Did you mean ${error.nearest}? `
  return {
    code: error.code,
    what: error.message,
    why: `Line ${error.line}, column ${error.column}:\n${error.excerpt}`,
    do: `${nearest}${error.hint ?? ''}`.trim() || 'Look at docs/reference/query.md.',
    line: error.line,
    column: error.column,
  }
}
