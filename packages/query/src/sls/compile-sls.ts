import { identifier } from '../clickhouse/identifier.ts'
import { Parameters } from '../clickhouse/parameters.ts'
import type { CompiledQuery, CompileRequest } from '../compile-request.ts'
import { endsOf } from '../own-time.ts'
import { QueryError } from '../query-error.ts'
import { type Moment, parseTimeRange } from '../time-range.ts'
import { AnalysisContext } from './analysis-context.ts'
import { compileSearch } from './compile-search.ts'
import { compileSelect } from './compile-select.ts'
import { type SlsOwnTime, slsOwnTime } from './own-time.ts'
import { parseStatement } from './parse-select.ts'
import { LogRelation } from './scope.ts'
import { parseSearch } from './search-parser.ts'
import { searchTimes } from './search-times.ts'
import type { Select } from './statement.ts'

/** Rows where a query names no limit. Source: Alibaba Cloud SLS, LIMIT clause. */
const DEFAULT_LIMIT = 100

/** Compiles `search | select …`; without an analysis part the answer is the rows themselves, newest first. */
export function compileSls(request: CompileRequest): CompiledQuery {
  const { text } = request
  const { logstore } = request.catalog
  const { search, end } = parseSearch(text)
  const statement = end < text.length ? parseStatement(text, end + 1) : undefined
  const ownTime = slsOwnTime(search, statement)
  const { parameters, conditionAt, range } = matching(request, ownTime)
  const seconds = { from: range.from?.seconds, to: range.to?.seconds }
  const analysis = new AnalysisContext({ text, logstore, parameters, conditionAt, range: seconds, compileSelect })
  const limit = request.limit ?? DEFAULT_LIMIT
  if (!Number.isSafeInteger(limit) || limit < 0)
    throw new QueryError('PW-QY-005', 'The limit must be a whole number.', { text, offset: 0 })
  const compiled = statement === undefined ? rows(analysis, request, limit) : analysed(analysis, statement, limit)
  return { ...compiled, ownTime: endsOf(ownTime) }
}

/**
 * The rows a query is about: its search, its time range and its clusters.
 *
 * @param ownTime What the query says of time itself, which the request may let stand for its range.
 */
export function matching(request: CompileRequest, ownTime: SlsOwnTime | undefined) {
  const { text, clusters, ownTimeWins = false } = request
  const { logstore } = request.catalog
  const asked = parseTimeRange(request)
  // What it says in numbers bounds the rows as the request would have: by the column that the store is ordered by.
  const range = {
    from: ownTimeWins && ownTime?.from === true ? momentAt(ownTime.fromSeconds) : asked.from,
    to: ownTimeWins && ownTime?.to === true ? momentAt(ownTime.toSeconds) : asked.to,
  }
  const parameters = new Parameters()
  const { search } = parseSearch(text)
  const moment = ({ seconds }: Pick<Moment, 'seconds'>, shift: number): string => {
    const text = new Date((seconds - shift) * 1000).toISOString().replace('T', ' ').replace('Z', '')
    return parameters.bind(text, "DateTime64(6, 'UTC')")
  }
  const context = { text, logstore, parameters }
  const searched = compileSearch(search, context)
  const scope =
    clusters === undefined ? [] : [`${logstore.clusterColumn} IN [${clusters.map((one) => parameters.text(one)).join(', ')}]`]
  const seconds = range.from === undefined || range.to === undefined ? undefined : range.to.seconds - range.from.seconds
  /** The condition with the time range moved back by so many seconds. */
  const conditionAt = (shift: number): string => {
    const conditions = [
      ...(range.from === undefined ? [] : [`${logstore.timeColumn} >= ${moment(range.from, shift)}`]),
      ...(range.to === undefined ? [] : [`${logstore.timeColumn} < ${moment(range.to, shift)}`]),
      ...scope,
    ]
    return [...conditions, ...searchTimes(search, context, { conditions, seconds }), searched].join(' AND ')
  }
  return { parameters, conditionAt, range }
}

const momentAt = (seconds: number | undefined): Pick<Moment, 'seconds'> | undefined =>
  seconds === undefined ? undefined : { seconds }

function analysed(analysis: AnalysisContext, statement: Select, limit: number): CompiledQuery {
  const select = statement.limit === undefined ? { ...statement, limit: { skip: '0', rows: `${limit}` } } : statement
  const { sql, columns } = compileSelect(select, analysis, new Map())
  const names = new Set<string>()
  for (const { name } of columns) {
    if (names.has(name))
      throw analysis.error('PW-QY-005', `Two columns are named "${name}".`, statement.offset, {
        hint: 'Name one of them with as.',
      })
    names.add(name)
  }
  // The outermost names are the user's; inside they would get into the way of columns.
  const renamed = columns
    // A comparison is a number to the engine.
    .map(({ name, type }, index) => `${type === 'bool' ? `toBool(o${index + 1})` : `o${index + 1}`} AS ${identifier(name)}`)
    .join(', ')
  return { sql: `SELECT ${renamed} FROM (${sql})`, params: analysis.parameters.values, columns, warnings: [] }
}

function rows(analysis: AnalysisContext, { oldestFirst, skip = 0 }: CompileRequest, limit: number): CompiledQuery {
  const { logstore, parameters } = analysis
  const log = new LogRelation('__log', 'log', logstore, parameters)
  const columns = log.all()
  const inner = logstore.fields
    .filter((field) => field.hidden !== true)
    .map((field, index) => `toNullable(${field.sql}) AS c${index + 1}`)
  const way = oldestFirst === true ? 'ASC' : 'DESC'
  const order = `ORDER BY ${logstore.timeColumn} ${way}, ${logstore.idColumn} ${way}`
  const newest = `SELECT ${inner.join(', ')} FROM ${logstore.view} WHERE ${analysis.condition} ${order} LIMIT ${limit} OFFSET ${Math.trunc(skip)}`
  const list = columns.map(({ name }, index) => `c${index + 1} AS ${identifier(name)}`).join(', ')
  return {
    sql: `SELECT ${list} FROM (${newest})`,
    params: parameters.values,
    columns: columns.map(({ name, type }) => ({ name, type })),
    warnings: [],
  }
}
