import { QueryError } from '@podwitness/query'
import { StoreError } from '@podwitness/store'
import { ServerError } from '../server-error.ts'
import { UnknownWorkspace } from './workspace.ts'

/** A request that the caller can put right: the shape of its body, a header or a parameter. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest'
}

/** A failure as the foreign APIs tell of it, before it takes the shape of one of them. */
export interface QueryFault {
  /** HTTP status. */
  readonly status: number
  readonly kind: 'syntax' | 'semantic' | 'request' | 'access' | 'workspace' | 'limit' | 'cancelled' | 'server'
  /** Kusto's code where it has one, else ours. */
  readonly code: string
  readonly message: string
  /** Where in the query, from 1. */
  readonly line?: number
  readonly column?: number
}

/** Codes of Kusto's own engine. Source: Kusto documentation, "Query error codes": SYN0002, SEM0100, SEM0260. */
const KUSTO_CODES: Readonly<Record<string, string>> = { 'PW-QY-001': 'SYN0002', 'PW-QY-002': 'SEM0100', 'PW-QY-003': 'SEM0260' }

/** What went wrong, for an answer in another API's words; undefined for a fault of ours, which is nobody's business. */
export function queryFault(error: unknown): QueryFault | undefined {
  if (error instanceof QueryError) {
    const { code, message, line, column, hint, nearest, excerpt } = error
    const more = `${nearest === undefined ? '' : ` Did you mean ${nearest}?`}${hint === undefined ? '' : ` ${hint}`}`
    return {
      status: 400,
      kind: code === 'PW-QY-001' ? 'syntax' : 'semantic',
      code: KUSTO_CODES[code] ?? code,
      message: `${message}${more} (line ${line}, column ${column})\n${excerpt}`,
      line,
      column,
    }
  }
  if (error instanceof UnknownWorkspace) return { status: 404, kind: 'workspace', code: 'PW-AP-003', message: error.message }
  if (error instanceof BadRequest) return { status: 400, kind: 'request', code: 'PW-AP-003', message: error.message }
  if (error instanceof StoreError) return storeFault(error)
  if (error instanceof ServerError) {
    const kind = error.status === 401 || error.status === 403 ? 'access' : 'request'
    return { status: error.status, kind, code: error.code, message: `${error.message} ${error.why} ${error.todo}` }
  }
  const status = statusOf(error)
  if (status !== undefined && status < 500 && error instanceof Error)
    return { status, kind: 'request', code: 'PW-AP-003', message: error.message }
  return undefined
}

function storeFault(error: StoreError): QueryFault {
  const message = `${error.what} ${error.why} ${error.todo}`
  if (error.code === 'PW-ST-014') return { status: 400, kind: 'limit', code: error.code, message }
  if (error.code === 'PW-ST-015') return { status: 400, kind: 'cancelled', code: error.code, message }
  if (error.code === 'PW-ST-013') return { status: 400, kind: 'semantic', code: error.code, message }
  return { status: error.code === 'PW-ST-010' ? 503 : 500, kind: 'server', code: error.code, message }
}

function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined
}
