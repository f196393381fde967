import type { Value } from '../functions/query-function.ts'
import type { AnalysisContext, ExpressionContext, WithNames } from './analysis-context.ts'
import type { CompiledSource } from './compiled-source.ts'
import { ColumnsRelation } from './scope.ts'
import type { Call, Expression, Select } from './statement.ts'
import type { TimeWindows } from './time-windows.ts'

const NAMES = new Set(['compare', 'ts_compare'])
/** Further windows a query may have. */
const MAX_WINDOWS = 10

/** The calls of a SELECT that look at earlier times. */
function callsOf(select: Select): Call[] {
  return select.items.flatMap(({ expression }) => (expression.type === 'call' && NAMES.has(expression.name) ? [expression] : []))
}

/**
 * The rows of a SELECT that compares: its subquery once for the asked time range and once for each earlier one, with
 * times moved to where they are compared. Source: Alibaba Cloud SLS, "Interval-valued comparison and periodicity-valued
 * comparison functions".
 *
 * @returns undefined where nothing is compared.
 */
export function compareSource(
  select: Select,
  analysis: AnalysisContext,
  withNames: WithNames,
): { source: CompiledSource; windows: TimeWindows } | undefined {
  const [first, ...others] = callsOf(select)
  if (first === undefined) return undefined
  const shifts = shiftsOf(first, analysis)
  if (others.some((call) => String(shiftsOf(call, analysis)) !== String(shifts)))
    throw analysis.error('PW-QY-004', 'All comparisons of a SELECT must look at the same times.', select.offset)
  if (select.from?.type !== 'query')
    throw analysis.error('PW-QY-005', `${first.name} compares rows of a subquery.`, first.offset, {
      hint: `Write select ${first.name}(n, 86400) from (select count(*) as n from log).`,
    })
  if (analysis.range.from === undefined || analysis.range.to === undefined)
    throw analysis.error('PW-QY-008', `${first.name} needs a time range, to know what lies before it.`, first.offset)
  const { query, alias, columns: names } = select.from
  const parts = [0, ...shifts].map((shift) => analysis.compileSelect(query, analysis.shiftedBy(shift), withNames))
  const columns = parts[0]?.columns ?? []
  const id = analysis.id('r')
  const unions = parts.map(({ sql }, index) => {
    const list = columns.map(
      ({ type, name }, place) => `${moved(`o${place + 1}`, type, name, [0, ...shifts][index] ?? 0)} AS o${place + 1}`,
    )
    return `SELECT ${index} AS w, ${list.join(', ')} FROM (${sql})`
  })
  const list = columns.map(({ name, type }, index) => ({ name: names?.[index] ?? name, type, sql: `${id}.o${index + 1}` }))
  const time = list.find(({ type, name }) => isTime(type, name))
  const source = { relations: [new ColumnsRelation(alias, list)], print: () => `(${unions.join(' UNION ALL ')}) AS ${id}` }
  return { source, windows: { shifts, sql: `${id}.w`, time } }
}

/** A time, or Unix seconds under a name that says so. */
function isTime(type: string, name: string): boolean {
  return type === 'time' || (type === 'int' && /^(?:__time__|time|t|dt|ts)$/i.test(name))
}

function moved(sql: string, type: string, name: string, shift: number): string {
  if (shift === 0 || !isTime(type, name)) return sql
  return type === 'time' ? `addSeconds(${sql}, ${shift})` : `${sql} + ${shift}`
}

function shiftsOf(call: Call, analysis: AnalysisContext): number[] {
  const shifts = call.args.slice(1).map((arg: Expression) => (arg.type === 'number' ? Number(arg.value) : Number.NaN))
  if (
    shifts.length === 0 ||
    shifts.length > MAX_WINDOWS ||
    shifts.some((shift) => !Number.isInteger(shift) || shift < 1 || shift > 1e9)
  )
    throw analysis.error('PW-QY-005', `${call.name} takes a value and 1 to ${MAX_WINDOWS} numbers of seconds.`, call.offset)
  return shifts
}

/** `[now, before, now / before]`, and for `ts_compare` the Unix seconds before as well; several times in that order, each kind together. */
export function compileCompare(call: Call, context: ExpressionContext, compile: (one: Expression) => Value): Value {
  const { windows } = context.scope
  const [value] = call.args
  if (windows === undefined || value === undefined)
    throw context.analysis.error('PW-QY-005', `${call.name} must be a column of the SELECT.`, call.offset)
  const { sql } = compile(value)
  const at = (index: number): string => `anyOrNullIf(toFloat64(${sql}), ${windows.sql} = ${index})`
  const before = windows.shifts.map((_, index) => at(index + 1))
  const ratios = before.map((one) => `${at(0)} / ${one}`)
  const times =
    call.name === 'ts_compare' ? windows.shifts.map((shift) => `${secondsOf(windows.time, call, context)} - ${shift}`) : []
  return { sql: `[${[at(0), ...before, ...ratios, ...times].join(', ')}]`, type: 'array' }
}

function secondsOf(time: Value | undefined, call: Call, context: ExpressionContext): string {
  if (time === undefined)
    throw context.analysis.error(
      'PW-QY-005',
      'ts_compare needs a column of time in its subquery, such as date_trunc(…).',
      call.offset,
    )
  return time.type === 'time' ? `toFloat64(toUnixTimestamp(any(${time.sql})))` : `toFloat64(any(${time.sql}))`
}
