import { randomUUID } from 'node:crypto'
import type { KqlColumn } from '@podwitness/query'
import { JsonText, rowsJson } from './exact-json.ts'
import { queryFault } from './query-fault.ts'
import type { AnswerParts } from './streamed-answer.ts'

/** Names of .NET's types, as the first version of the API has them. Source: Kusto REST API, "Query/management HTTP response". */
const DATA_TYPES: Readonly<Record<string, string>> = {
  bool: 'SByte',
  datetime: 'DateTime',
  decimal: 'SqlDecimal',
  dynamic: 'Object',
  guid: 'Guid',
  int: 'Int32',
  long: 'Int64',
  real: 'Double',
  string: 'String',
  timespan: 'TimeSpan',
}

export interface Table {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly unknown[])[] | JsonText
}

const text = (...names: string[]): KqlColumn[] => names.map((name) => ({ name, type: 'string' }))

/** JSON of dynamic values stands inline, as Kusto sends it; everything else as it is. */
export function kustoRows(columns: Table['columns'], rows: readonly (readonly unknown[])[]): string {
  const dynamic = columns.map(({ type }) => type === 'dynamic')
  if (!dynamic.includes(true)) return rowsJson(columns, rows)
  return rowsJson(
    columns,
    rows.map((row) => row.map((value, index) => (dynamic[index] ? parsed(value) : value))),
  )
}

const rowsText = ({ columns, rows }: Table): JsonText =>
  rows instanceof JsonText ? rows : new JsonText(kustoRows(columns, rows))

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

function tableV1(name: string, table: Table): object {
  const columns = table.columns.map(({ name: column, type }) => ({
    ColumnName: column,
    DataType: DATA_TYPES[type] ?? 'String',
    ColumnType: type,
  }))
  return { TableName: name, Columns: columns, Rows: rowsText(table) }
}

/** A management command's answer: its table alone. */
export function commandAnswer(table: Table): object {
  return { Tables: [tableV1('Table_0', table)] }
}

const COMPLETED = 'Query completed successfully'

/** The answer of `/v1/rest/query`: result, properties, status, and a table of contents that names them. */
export function answerV1(reply: AnswerParts, requestId: string): object {
  const error = truncation(reply)
  const status: Table = {
    columns: [
      { name: 'Timestamp', type: 'datetime' },
      { name: 'Severity', type: 'int' },
      ...text('SeverityName'),
      { name: 'StatusCode', type: 'int' },
      ...text('StatusDescription'),
      { name: 'Count', type: 'int' },
      ...text('RequestId', 'ActivityId', 'SubActivityId', 'ClientActivityId'),
    ],
    rows: [
      error === undefined
        ? [new Date().toISOString(), 4, 'Info', 0, COMPLETED, 1, requestId, requestId, requestId, requestId]
        : [new Date().toISOString(), 2, 'Error', -2133196797, error, 1, requestId, requestId, requestId, requestId],
    ],
  }
  const contents: Table = {
    columns: [{ name: 'Ordinal', type: 'long' }, ...text('Kind', 'Name', 'Id', 'PrettyName')],
    rows: [
      [0, 'QueryResult', 'PrimaryResult', randomUUID(), ''],
      [1, 'QueryProperties', '@ExtendedProperties', randomUUID(), ''],
      [2, 'QueryStatus', 'QueryStatus', '00000000-0000-0000-0000-000000000000', ''],
    ],
  }
  const properties: Table = { columns: [{ name: 'Value', type: 'string' }], rows: [[visualization(reply)]] }
  return { Tables: [reply, properties, status, contents].map((table, index) => tableV1(`Table_${index}`, table)) }
}

function frame(id: number, kind: string, name: string, table: Table): object {
  const columns = table.columns.map(({ name: column, type }) => ({ ColumnName: column, ColumnType: type }))
  return { FrameType: 'DataTable', TableId: id, TableKind: kind, TableName: name, Columns: columns, Rows: rowsText(table) }
}

/** The answer of `/v2/rest/query`, in one piece. Source: Kusto REST API, "Query V2 HTTP response". */
export function answerV2(reply: AnswerParts, requestId: string): object {
  const error = truncation(reply)
  const properties: Table = {
    columns: [{ name: 'TableId', type: 'int' }, ...text('Key'), { name: 'Value', type: 'dynamic' }],
    rows: [[1, 'Visualization', visualization(reply)]],
  }
  return [
    { FrameType: 'DataSetHeader', IsProgressive: false, Version: 'v2.0' },
    frame(0, 'QueryProperties', '@ExtendedProperties', properties),
    frame(1, 'PrimaryResult', 'PrimaryResult', reply),
    frame(2, 'QueryCompletionInformation', 'QueryCompletionInformation', completion(reply, requestId)),
    {
      FrameType: 'DataSetCompletion',
      HasErrors: error !== undefined,
      Cancelled: false,
      ...(error === undefined ? {} : { OneApiErrors: [limitError(error, requestId)] }),
    },
  ]
}

function completion({ stats }: AnswerParts, requestId: string): Table {
  const columns: KqlColumn[] = [
    { name: 'Timestamp', type: 'datetime' },
    ...text('ClientRequestId'),
    { name: 'ActivityId', type: 'guid' },
    { name: 'SubActivityId', type: 'guid' },
    { name: 'ParentActivityId', type: 'guid' },
    { name: 'Level', type: 'int' },
    ...text('LevelName'),
    { name: 'StatusCode', type: 'int' },
    ...text('StatusCodeName'),
    { name: 'EventType', type: 'int' },
    ...text('EventTypeName', 'Payload'),
  ]
  const id = randomUUID()
  const now = new Date().toISOString()
  const payload = JSON.stringify({ Count: 1, Text: COMPLETED })
  const usage = JSON.stringify({
    ExecutionTime: stats.elapsedMs / 1000,
    ...(stats.rowsRead === undefined
      ? {}
      : { input_dataset_statistics: { rows: { total: stats.rowsRead, scanned: stats.rowsRead } } }),
    dataset_statistics: [{ table_row_count: stats.rows }],
  })
  const row = (code: string, type: number, name: string, text: string) => [
    ...[now, requestId, id, id, id, 4, 'Info', 0, code, type, name, text],
  ]
  return { columns, rows: [row('S_OK (0)', 4, 'QueryInfo', payload), row('S_OK (0)', 5, 'QueryResourceConsumption', usage)] }
}

function visualization({ render }: AnswerParts): string {
  const properties = { Visualization: null, Title: null, XColumn: null, Series: null, YColumns: null, Kind: null, Legend: null }
  if (render === undefined) return JSON.stringify(properties)
  const wanted = new Map(Object.entries(render.properties).map(([name, value]) => [name.toLowerCase(), value]))
  const filled = Object.keys(properties).map((name) => {
    const value = wanted.get(name.toLowerCase()) ?? null
    return [name, Array.isArray(value) ? value.join(',') : value]
  })
  return JSON.stringify({ ...Object.fromEntries(filled), Visualization: render.visualization })
}

/** Kusto does not hand out a cut answer as a whole one. Source: Kusto documentation, "Query limits", result truncation. */
function truncation({ stats, fault }: AnswerParts): string | undefined {
  if (fault !== undefined) return fault
  if (!stats.truncated) return undefined
  return `Query result set has exceeded the internal record count limit ${stats.rows} (E_QUERY_RESULT_SET_TOO_LARGE).`
}

function limitError(message: string, requestId: string): object {
  return { error: oneApi('LimitsExceeded', 'Request is invalid and cannot be executed.', message, requestId) }
}

function oneApi(code: string, message: string, detail: string, requestId: string): object {
  const context = { timestamp: new Date().toISOString(), clientRequestId: requestId, activityId: randomUUID() }
  return {
    code,
    message,
    '@type': 'Kusto.Data.Exceptions.KustoBadRequestException',
    '@message': detail,
    '@context': context,
    '@permanent': true,
  }
}

/** HTTP status and body of a failure. Source: Kusto REST API, OneApi errors. */
export function kustoError(error: unknown, requestId: string): { status: number; body: object } {
  const fault = queryFault(error)
  if (fault === undefined) {
    const message = 'The server failed unexpectedly; its log has the details.'
    return {
      status: 500,
      body: { error: { ...oneApi('InternalServiceError', message, message, requestId), '@permanent': false } },
    }
  }
  const { kind, code, message } = fault
  const status = kind === 'workspace' ? 400 : fault.status
  const names = {
    syntax: 'General_BadRequest',
    semantic: 'General_BadRequest',
    request: 'General_BadRequest',
    access: 'Unauthorized',
    workspace: 'BadRequest_EntityNotFound',
    limit: 'LimitsExceeded',
    cancelled: 'Query_Canceled',
    server: 'General_ServiceUnavailable',
  }
  const words = { syntax: 'Syntax error', semantic: 'Semantic error' }
  const detail = kind === 'syntax' || kind === 'semantic' ? `${words[kind]}: ${code}: ${message}` : message
  const body = oneApi(names[kind], 'Request is invalid and cannot be executed.', detail, requestId)
  const inner = { code, message: detail, '@message': detail, '@permanent': true }
  return { status, body: { error: { ...body, innererror: inner } } }
}
