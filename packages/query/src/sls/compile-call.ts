import { timeWriter } from '../functions/date-format.ts'
import { FUNCTIONS } from '../functions/index.ts'
import type { QueryFunction, Value } from '../functions/query-function.ts'
import { refusalOf } from '../functions/refused-functions.ts'
import { asTime } from '../functions/time-functions.ts'
import { nearestName } from '../nearest-name.ts'
import type { ExpressionContext } from './analysis-context.ts'
import { compileCompare } from './compile-compare.ts'
import { compileOrder } from './compile-order.ts'
import type { Call, Expression } from './statement.ts'

type Compile = (expression: Expression) => Value

/** Compiles a call of a function of the table; everything else is refused by name. */
export function compileCall(call: Call, context: ExpressionContext, compile: Compile): Value {
  if (call.name === 'time_series') return compileTimeSeries(call, context, compile)
  if (call.name === 'compare' || call.name === 'ts_compare') return compileCompare(call, context, compile)
  if (call.name === 'grouping') return compileGrouping(call, context, compile)
  const { analysis } = context
  const found = Object.hasOwn(FUNCTIONS, call.name) ? FUNCTIONS[call.name] : undefined
  if (found === undefined) throw unknownFunction(call, context)
  const written = call.name === 'count' && call.args[0]?.type === 'star' ? [] : call.args
  const args = filtered(call, found, written.map(compile), context, compile)
  if (args.length < found.min || args.length > found.max) {
    const wanted = found.min === found.max ? `${found.min}` : `${found.min} to ${found.max}`
    throw analysis.error('PW-QY-005', `${call.name} takes ${wanted} argument(s), not ${args.length}.`, call.offset)
  }
  if (found.kind === 'window' && call.over === undefined)
    throw analysis.error('PW-QY-005', `${call.name} needs a window.`, call.offset, {
      hint: `Write ${call.name}(…) over (partition by … order by …).`,
    })
  const refuse = (index: number, message: string): Error =>
    analysis.error('PW-QY-005', `${call.name}: ${message}`, call.args[index]?.offset ?? call.offset)
  const type = typeof found.returns === 'function' ? found.returns(args) : found.returns
  const counted = call.filter !== undefined && args.length === 0
  const sql = counted
    ? `countIf(ifNull(${compile(call.filter).sql}, 0))`
    : call.distinct
      ? distinct(call, args, context)
      : found.emit(args, { parameters: analysis.parameters, refuse })
  const whole = call.over === undefined ? sql : withWindow(call, found, sql, context, compile)
  return { sql: found.finish === undefined || call.distinct ? whole : found.finish(whole), type }
}

/** Arguments where a condition stands behind the call: what does not count is null, which aggregates leave out. */
function filtered(call: Call, found: QueryFunction, args: Value[], context: ExpressionContext, compile: Compile): Value[] {
  if (call.filter === undefined) return args
  if (found.kind !== 'aggregate' || (call.name === 'array_agg' && !call.distinct))
    throw context.analysis.error('PW-QY-004', `"filter" is not supported behind ${call.name}.`, call.offset, {
      hint: 'Put the condition into the argument with if(…), or into where.',
    })
  const condition = compile(call.filter).sql
  const deciding = call.name === 'max_by' || call.name === 'min_by' ? 1 : 0
  return args.map((arg, index) => (index === deciding ? { ...arg, sql: `if(ifNull(${condition}, 0), ${arg.sql}, NULL)` } : arg))
}

/** `grouping(a, b)`: a bit for each, 1 where the row is a total over it. */
function compileGrouping(call: Call, context: ExpressionContext, compile: Compile): Value {
  if (call.args.length === 0 || context.scope.grouped !== true)
    throw context.analysis.error(
      'PW-QY-005',
      'grouping needs columns of a group by with rollup, cube or grouping sets.',
      call.offset,
    )
  return { sql: `toInt64(grouping(${call.args.map((arg) => compile(arg).sql).join(', ')}))`, type: 'int' }
}

function unknownFunction(call: Call, context: ExpressionContext): Error {
  const reason = refusalOf(call.name)
  if (reason !== undefined)
    return context.analysis.error('PW-QY-004', `The function "${call.name}" is not supported: ${reason}.`, call.offset)
  const nearest = nearestName(call.name, Object.keys(FUNCTIONS))
  const hint = nearest === undefined ? 'docs/reference/sls.md lists the functions there are.' : `Did you mean ${nearest}?`
  return context.analysis.error('PW-QY-003', `The function "${call.name}" is not supported.`, call.offset, { nearest, hint })
}

function distinct(call: Call, args: readonly Value[], context: ExpressionContext): string {
  const [argument] = args
  const names: Readonly<Record<string, string>> = {
    count: 'uniqExact',
    array_agg: 'groupUniqArray',
    sum: 'sumDistinct',
    avg: 'avgDistinct',
  }
  const name = names[call.name]
  if (name === undefined || argument === undefined || args.length !== 1)
    throw context.analysis.error('PW-QY-004', `"distinct" is not supported in ${call.name}.`, call.offset)
  return `${name}(${argument.sql})`
}

function withWindow(call: Call, found: QueryFunction, sql: string, context: ExpressionContext, compile: Compile): string {
  // An aggregate wrapped in other functions cannot take OVER behind its last bracket.
  if (found.kind === 'scalar' || !/^\w+\((?:[^()]|\([^()]*\))*\)$/.test(sql))
    throw context.analysis.error('PW-QY-004', `${call.name} is not supported over a window.`, call.offset)
  const partition = (call.over?.partitionBy ?? []).map((one) => compile(one).sql)
  const order = (call.over?.orderBy ?? []).map((one) => compileOrder(one, compile(one.expression).sql))
  const parts = [
    ...(partition.length === 0 ? [] : [`PARTITION BY ${partition.join(', ')}`]),
    ...(order.length === 0 ? [] : [`ORDER BY ${order.join(', ')}`]),
  ]
  const frame = call.over?.frame
  if (frame !== undefined) parts.push(`${frame.unit.toUpperCase()} BETWEEN ${bound(frame.start)} AND ${bound(frame.end)}`)
  return `${sql} OVER (${parts.join(' ')})`
}

function bound(distance: number): string {
  if (distance === 0) return 'CURRENT ROW'
  const rows = Number.isFinite(distance) ? `${Math.abs(distance)}` : 'UNBOUNDED'
  return `${rows} ${distance < 0 ? 'PRECEDING' : 'FOLLOWING'}`
}

const STEP_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** `time_series(time, '1m', format, padding)`: here the start of the bucket; the SELECT around it fills and formats. */
function compileTimeSeries(call: Call, context: ExpressionContext, compile: Compile): Value {
  const { analysis } = context
  const args = call.args.map(compile)
  const refuse = (index: number, message: string): Error =>
    analysis.error('PW-QY-005', `time_series: ${message}`, call.args[index]?.offset ?? call.offset)
  if (args.length !== 4) throw refuse(0, 'Four arguments are needed: time, step, format, padding.')
  const step = /^([1-9]\d{0,5})([smhd])$/.exec(args[1]?.literal ?? '')
  if (step === null) throw refuse(1, "The step must be a constant like '30s', '1m', '2h' or '1d'.")
  const padding = args[3]?.literal
  if (padding !== '0' && padding !== 'null') throw refuse(3, "The padding must be '0' or 'null'.")
  const stepSeconds = Number(step[1]) * (STEP_SECONDS[step[2] ?? ''] ?? 1)
  const write = timeWriter(args, 2, { parameters: analysis.parameters, refuse })
  analysis.timeSeries = { stepSeconds, write, padding }
  const seconds = args[0]?.type === 'int' ? args[0].sql : `toInt64(toUnixTimestamp(${asTime(args[0])}))`
  return { sql: `(intDiv(${seconds}, ${stepSeconds}) * ${stepSeconds})`, type: 'int' }
}
