import type { Value } from '../functions/query-function.ts'
import type { AnalysisContext, CompiledSelect, ExpressionContext, WithNames } from './analysis-context.ts'
import { compareSource } from './compile-compare.ts'
import { compileExpression } from './compile-expression.ts'
import { compileGroups } from './compile-groups.ts'
import { compileOrder } from './compile-order.ts'
import { compileSource } from './compile-source.ts'
import { fillTimeSeries } from './fill-time-series.ts'
import type { Scope } from './scope.ts'
import type { Expression, Limit, Order, Select } from './statement.ts'

interface Output extends Value {
  readonly name: string
}

/** Compiles a SELECT; its columns come out as `o1`, `o2`, … so that no name of a user can stand in another's way. */
export function compileSelect(select: Select, analysis: AnalysisContext, outer: WithNames): CompiledSelect {
  const withNames = new Map(outer)
  const definitions = select.with.map(({ name, query }) => {
    const { sql, columns } = compileSelect(query, analysis, withNames)
    const id = analysis.id('w')
    withNames.set(name.toLowerCase(), { id, columns })
    return `${id} AS (${sql})`
  })
  const compiled =
    select.union === undefined ? compileBlock(select, analysis, withNames) : compileUnion(select, analysis, withNames)
  const prefix = definitions.length === 0 ? '' : `WITH ${definitions.join(', ')} `
  return { ...compiled, sql: `${prefix}${compiled.sql}` }
}

function compileUnion(select: Select, analysis: AnalysisContext, withNames: WithNames): CompiledSelect {
  const { union, orderBy: _, limit: __, ...head } = select
  const first = compileBlock({ ...head, orderBy: [] }, analysis, withNames)
  const parts = [first.sql]
  for (let next = union; next !== undefined; next = next.query.union) {
    const { union: ___, ...alone } = next.query
    const part = compileBlock(alone, analysis, withNames)
    if (part.columns.length !== first.columns.length)
      throw analysis.error(
        'PW-QY-005',
        `The parts of a union must have as many columns: ${first.columns.length}, not ${part.columns.length}.`,
        next.query.offset,
      )
    parts.push(next.all ? 'UNION ALL' : 'UNION DISTINCT', part.sql)
  }
  const id = analysis.id('r')
  const outputs = first.columns.map(({ name, type }, index) => ({ name, type, sql: `${id}.o${index + 1}` }))
  const context = { analysis, withNames, scope: { relations: [], outputs: byName(outputs), outputsFirst: true } }
  const list = outputs.map(({ sql }, index) => `${sql} AS o${index + 1}`).join(', ')
  return {
    columns: first.columns,
    sql: `SELECT ${list} FROM (${parts.join(' ')}) AS ${id}${tail(select.orderBy, select.limit, outputs, context)}`,
  }
}

function compileBlock(select: Select, analysis: AnalysisContext, withNames: WithNames): CompiledSelect {
  const outerSeries = analysis.timeSeries
  analysis.timeSeries = undefined
  const compared = compareSource(select, analysis, withNames)
  const from = compared?.source ?? compileSource(select.from, { analysis, withNames })
  const scope: Scope = {
    relations: from.relations,
    ...(select.groupingSets === undefined ? {} : { grouped: true }),
    ...(compared === undefined ? {} : { windows: compared.windows }),
  }
  const context: ExpressionContext = { analysis, withNames, scope }
  const where = select.where === undefined ? '' : ` WHERE ${compileExpression(select.where, context).sql}`
  const written = select.items.flatMap((item, index) => compileItem(item, index, context))
  const naming: ExpressionContext = { ...context, scope: { ...scope, outputs: byName(written) } }
  const {
    groups,
    sql: grouped,
    adapt,
  } = compileGroups(select, (group) => byPlace(group, written, naming) ?? compileExpression(group, naming))
  const outputs = written.map((output) => ({ ...output, sql: adapt(output.sql) }))
  const named: ExpressionContext = { ...context, scope: { ...scope, outputs: byName(outputs) } }
  const having = select.having === undefined ? '' : ` HAVING ${adapt(compileExpression(select.having, naming).sql)}`
  const series = analysis.timeSeries
  analysis.timeSeries = outerSeries
  const body = (list: string, end: string) =>
    `SELECT ${select.distinct ? 'DISTINCT ' : ''}${list} FROM ${from.print()}${where}${grouped}${having}${end}`
  const columns = outputs.map(({ name, type }) => ({ name, type }))
  if (series !== undefined)
    return {
      columns,
      sql: fillTimeSeries({
        select,
        series,
        outputs,
        groups,
        analysis,
        body,
        tail: (rows) =>
          tail(select.orderBy, select.limit, rows, {
            ...named,
            scope: { relations: [], outputs: byName(rows), outputsFirst: true },
          }),
      }),
    }
  const end = tail(select.orderBy, select.limit, outputs, { ...named, scope: { ...named.scope, outputsFirst: true } }, adapt)
  return { columns, sql: body(outputs.map(({ sql }, index) => `${sql} AS o${index + 1}`).join(', '), end) }
}

function compileItem(item: Select['items'][number], index: number, context: ExpressionContext): Output[] {
  const { expression, alias } = item
  const { relations } = context.scope
  if (expression.type === 'star') {
    const except = new Set(item.except?.map((name) => name.toLowerCase()))
    const columns = relations.flatMap((relation) => relation.all())
    const missing = item.except?.find((name) => !columns.some((column) => column.name.toLowerCase() === name.toLowerCase()))
    if (item.strict === true && missing !== undefined)
      throw context.analysis.error('PW-QY-002', `Column '${missing}' cannot be resolved.`, expression.offset)
    return columns.filter(({ name }) => !except.has(name.toLowerCase())).map((column) => ({ ...column }))
  }
  if (expression.type === 'column' && expression.parts.at(-1) === '*') {
    const wanted = expression.parts[0]?.toLowerCase()
    const relation = relations.find((one) => one.alias?.toLowerCase() === wanted)
    if (relation === undefined)
      throw context.analysis.error('PW-QY-002', `There is no source "${expression.parts[0]}".`, expression.offset)
    return relation.all().map((column) => ({ ...column }))
  }
  const value = compileExpression(expression, context)
  return [{ ...value, name: alias ?? ownName(expression, index, context) }]
}

/** A column keeps the name as it was written, without its source; anything else is `_col` and its place. */
function ownName(expression: Expression, index: number, context: ExpressionContext): string {
  if (expression.type !== 'column') return `_col${index}`
  const [first, ...rest] = expression.parts
  const qualified =
    rest.length > 0 && context.scope.relations.some((relation) => relation.alias?.toLowerCase() === first?.toLowerCase())
  return (qualified ? rest : expression.parts).join('.')
}

function byName(outputs: readonly Output[]): Map<string, Value> {
  return new Map(outputs.map((output) => [output.name.toLowerCase(), output]))
}

/** `group by 1`, `order by 2`. */
function byPlace(expression: Expression, outputs: readonly Output[], context: ExpressionContext): Value | undefined {
  if (expression.type !== 'number') return undefined
  const output = outputs[Number(expression.value) - 1]
  if (output === undefined)
    throw context.analysis.error('PW-QY-005', `There is no column ${expression.value}.`, expression.offset)
  return output
}

function tail(
  orderBy: readonly Order[],
  limit: Limit | undefined,
  outputs: readonly Output[],
  context: ExpressionContext,
  adapt = (sql: string): string => sql,
): string {
  const orders = orderBy.map((order) => {
    const named = byPlace(order.expression, outputs, context)
    const { sql } = named ?? compileExpression(order.expression, context)
    // What stands for an output has been adapted with it.
    return compileOrder(order, outputs.some((output) => output.sql === sql) ? sql : adapt(sql))
  })
  const order = orders.length === 0 ? '' : ` ORDER BY ${orders.join(', ')}`
  return `${order}${limit === undefined ? '' : ` LIMIT ${Number(limit.rows)} OFFSET ${Number(limit.skip)}`}`
}
