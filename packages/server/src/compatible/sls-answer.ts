import { randomUUID } from 'node:crypto'
import type { QueryReply } from '@podwitness/api'
import type { StreamedReply } from '../query/stream-query.ts'
import { queryFault } from './query-fault.ts'

/** Some rows of an answer. */
export type Rows = Pick<QueryReply, 'columns' | 'rows'>

/** One log as the API sends it: every value is text. */
export type Log = Readonly<Record<string, string>>

/**
 * Rows as logs. Fields below an object (`k8s.pod.name`) come as that object in JSON, the way they were stored there; a
 * field that is absent is left out.
 */
export function searchedLogs({ columns, rows }: Rows, jsonFields: ReadonlySet<string>): Log[] {
  return rows.map((row) => {
    const log: Record<string, unknown> = { __source__: '', __topic__: '' }
    columns.forEach(({ name }, index) => {
      const value = row[index] ?? null
      if (value !== null) place(log, name.split('.'), jsonFields.has(name) ? parsed(value) : value)
    })
    return Object.fromEntries(Object.entries(log).map(([name, value]) => [name, text(value)]))
  })
}

/** Rows of an analysis: columns under their own names; null is the word. */
export function analysedLogs({ columns, rows }: Rows): Log[] {
  return rows.map((row) => ({
    __source__: '',
    __time__: '0',
    ...Object.fromEntries(columns.map(({ name, type }, index) => [name, row[index] === null ? 'null' : cell(row[index], type)])),
  }))
}

/** A double has a point, as Presto writes it; everything else is as `text` has it. */
const cell = (value: unknown, type: string): string =>
  typeof value === 'number' && typeName(type) === 'double' ? doubleText(value) : text(value)

/** Source: Java, Double.toString, which is what Presto's doubles are written by. */
function doubleText(value: number): string {
  const amount = Math.abs(value)
  if (value === 0 || (amount >= 1e-3 && amount < 1e7)) return Number.isInteger(value) ? `${value}.0` : `${value}`
  const [digits = '', exponent = ''] = value.toExponential().split('e')
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`
}

function place(into: Record<string, unknown>, [first = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    into[first] = value
    return
  }
  const below = into[first]
  const inner = typeof below === 'object' && below !== null ? (below as Record<string, unknown>) : {}
  into[first] = inner
  place(inner, rest, value)
}

function parsed(value: unknown): unknown {
  try {
    return JSON.parse(String(value))
  } catch {
    return value
  }
}

function text(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** What the API tells beside the rows. */
export interface LogsMeta {
  readonly search: string
  readonly analysis: string
  readonly columns: QueryReply['columns']
  readonly stats: ReturnType<StreamedReply['stats']>
}

/** Headers of an answer that is known to its end. */
export function metaHeaders({ analysis, stats }: LogsMeta): Record<string, string> {
  return {
    ...openHeaders(analysis),
    'x-log-progress': progressOf(stats),
    'x-log-count': `${stats.rows}`,
    ...(stats.rowsRead === undefined ? {} : { 'x-log-processed-rows': `${stats.rowsRead}` }),
    'x-log-elapsed-millisecond': `${Math.round(stats.elapsedMs)}`,
  }
}

/** Headers of an answer whose end is still to come: one that does not come to it breaks off. */
export const openHeaders = (analysis: string): Record<string, string> => ({
  'x-log-progress': 'Complete',
  'x-log-has-sql': `${analysis !== ''}`,
})

/** An answer that was cut is not all there is. */
const progressOf = ({ truncated }: LogsMeta['stats']): string => (truncated ? 'Incomplete' : 'Complete')

/** Source: SLS API reference, GetLogsV2, `meta`. */
export function metaBody({ search, analysis, columns, stats }: LogsMeta): object {
  const hasSql = analysis !== ''
  return {
    progress: progressOf(stats),
    count: stats.rows,
    hasSQL: hasSql,
    whereQuery: search,
    aggQuery: analysis,
    ...(stats.rowsRead === undefined ? {} : { processedRows: stats.rowsRead }),
    ...(stats.bytesRead === undefined ? {} : { processedBytes: stats.bytesRead }),
    elapsedMillisecond: Math.round(stats.elapsedMs),
    isAccurate: true,
    mode: 0,
    ...(hasSql ? { keys: columns.map(({ name }) => name), columnTypes: columns.map(({ type }) => typeName(type)) } : {}),
  }
}

function typeName(type: string): string {
  const plain = type.replace(/^(?:Nullable|LowCardinality)\((.*)\)$/, '$1')
  if (/^U?Int/.test(plain)) return 'bigint'
  if (/^(?:Float|Decimal)/.test(plain)) return 'double'
  if (plain === 'Bool') return 'boolean'
  if (/^Date(?:32)?$/.test(plain)) return 'date'
  return plain.startsWith('DateTime') ? 'timestamp' : 'varchar'
}

/** A failure that has a code of the API. */
export class SlsFault extends Error {
  override readonly name = 'SlsFault'
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** Status, headers and body of a failure. Source: SLS API reference, "Common error codes" and GetLogs. */
export function slsError(error: unknown): { status: number; headers: Record<string, string>; body: object } {
  const headers = { 'x-log-requestid': randomUUID() }
  const made = (status: number, errorCode: string, errorMessage: string) => ({
    status,
    headers,
    body: { errorCode, errorMessage },
  })
  if (error instanceof SlsFault) return made(error.status, error.code, error.message)
  const fault = queryFault(error)
  if (fault === undefined) return made(500, 'InternalServerError', 'The server failed unexpectedly; its log has the details.')
  const codes = {
    syntax: 'InvalidQueryString',
    semantic: 'InvalidQueryString',
    request: 'ParameterInvalid',
    access: 'Unauthorized',
    workspace: 'LogStoreNotExist',
    cancelled: 'RequestCanceled',
    limit: 'ExceedQuota',
    server: 'InternalServerError',
  }
  return made(fault.status, codes[fault.kind], fault.message)
}
