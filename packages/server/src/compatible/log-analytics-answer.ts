import { randomUUID } from 'node:crypto'
import { queryFault } from './query-fault.ts'
import type { AnswerParts } from './streamed-answer.ts'

/** What the header `Prefer` asks for. Source: Azure Monitor, "Log Analytics query API: Request format", RFC 7240. */
export interface Preferences {
  readonly timeoutMs?: number
  readonly statistics: boolean
  readonly render: boolean
}

/** Longest wait the API grants, in seconds. Source: Azure Monitor service limits, query API. */
const MAX_WAIT_SECONDS = 600

export function readPreferences(header: unknown): Preferences {
  const wishes = new Map(
    String(header ?? '')
      .split(/[,;]/)
      .map((wish) => /^([^=]*)=?(.*)$/.exec(wish.trim().toLowerCase()))
      .map((parts): [string, string] => [parts?.[1] ?? '', parts?.[2] ?? '']),
  )
  const wait = Number(wishes.get('wait') ?? Number.NaN)
  return {
    ...(Number.isFinite(wait) && wait > 0 ? { timeoutMs: Math.min(wait, MAX_WAIT_SECONDS) * 1000 } : {}),
    statistics: wishes.get('include-statistics') === 'true',
    render: wishes.get('include-render') === 'true',
  }
}

/** The answer to a question. Source: Azure Monitor, "Log Analytics query API: Response format". */
export function logAnalyticsAnswer(reply: AnswerParts, preferences: Preferences): object {
  const { columns, rows, stats, fault } = reply
  return {
    tables: [{ name: 'PrimaryResult', columns, rows }],
    ...(preferences.statistics ? { statistics: statisticsOf(reply) } : {}),
    ...(preferences.render && reply.render !== undefined ? { render: renderOf(reply.render) } : {}),
    ...(fault !== undefined
      ? { error: partial(fault) }
      : stats.truncated
        ? { error: partial(`The answer was cut after ${stats.rows} rows.`) }
        : {}),
  }
}

/** What was read is known of answers that came in one piece. */
function statisticsOf({ stats }: AnswerParts): object {
  return {
    query: {
      executionTime: stats.elapsedMs / 1000,
      ...(stats.rowsRead === undefined
        ? {}
        : { inputDatasetStatistics: { rows: { total: stats.rowsRead, scanned: stats.rowsRead } } }),
      datasetStatistics: [
        { tableRowCount: stats.rows, ...(stats.bytesRead === undefined ? {} : { tableSize: stats.bytesRead }) },
      ],
    },
  }
}

/** Every property there may be, null where the query names none; columns are lists, names of the properties as `render` has them. */
function renderOf({ visualization, properties }: NonNullable<AnswerParts['render']>): object {
  const named = ['title', 'kind', 'legend', 'xcolumn', 'xtitle', 'ytitle', 'xaxis', 'yaxis', 'ymin', 'ymax', 'series', 'ycolumns']
  const empty = Object.fromEntries(named.map((name) => [name, null]))
  const accumulate = properties.accumulate === 'true'
  return {
    visualization,
    ...empty,
    ...properties,
    accumulate,
    isQuerySorted: false,
    anomalycolumns: properties.anomalycolumns ?? null,
  }
}

/** Rows are missing: the answer holds, and says so. */
function partial(message: string): object {
  const inner = { code: '-2133196797', message, severity: 2, severityName: 'Error' }
  return {
    code: 'PartialError',
    message: 'There were some errors when processing your query.',
    details: [{ ...inner, innererror: inner }],
  }
}

/** HTTP status and body of a failure. Source: Azure Monitor, "Log Analytics query API: Errors"; undefined for a fault of ours. */
export function logAnalyticsError(error: unknown): { status: number; body: object } {
  const correlationId = randomUUID()
  const fault = queryFault(error)
  if (fault === undefined) {
    const message = 'The server failed unexpectedly; its log has the details.'
    return { status: 500, body: { error: { code: 'InternalServerError', message, correlationId } } }
  }
  const { status, kind, code, message } = fault
  const place = fault.line === undefined ? {} : { line: fault.line, pos: fault.column, token: '' }
  const inner = { code, message, ...place }
  switch (kind) {
    case 'access':
      return {
        status,
        body: {
          error: { code: status === 403 ? 'InsufficientAccessError' : 'AuthorizationRequiredError', message, correlationId },
        },
      }
    case 'workspace':
      return { status, body: { error: { code: 'WorkspaceNotFoundError', message, correlationId } } }
    case 'server':
      return { status, body: { error: { code: 'ServiceUnavailable', message, correlationId, innererror: inner } } }
    case 'request':
      return {
        status,
        body: {
          error: { code: status === 429 ? 'ThrottledError' : 'BadArgumentError', message, correlationId, innererror: inner },
        },
      }
    default: {
      const words = {
        syntax: ['SyntaxError', 'A recognition error occurred in the query.'],
        semantic: ['SemanticError', 'A semantic error occurred.'],
        limit: ['LimitError', 'The query took more than it may.'],
        cancelled: ['QueryCanceled', 'The query was cancelled.'],
      }
      const [name, text] = words[kind]
      const innererror = { code: name, message: text, innererror: inner }
      return {
        status,
        body: {
          error: { code: 'BadArgumentError', message: 'The request had some invalid properties', correlationId, innererror },
        },
      }
    }
  }
}
