import type { Scope } from '../context.ts'
import { convert, toJson } from '../expressions/convert.ts'
import type { Scalar } from '../expressions/scalar.ts'
import { floorTo, fromTicks, toTicks } from '../expressions/ticks.ts'
import { arrayJson } from '../functions/json-values.ts'
import { child, lowerExpression } from '../lower.ts'
import { type Column, computed, type Relation } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { namedParameters } from './named-parameters.ts'
import { asColumn, expressionsOf, type Operator, resultColumns, unnamed } from './operator.ts'

/** Most points of a series. */
const MAX_POINTS = 1_000_000

/** `make-series … on axis from a to b step c by …`: a list for each group, with the default where a step has no rows. */
export const lowerMakeSeries: Operator = (input, node, scope) => {
  const { context } = scope
  const kind = namedParameters(node, scope, ['kind']).get('kind')
  const nonempty = kind?.text === 'nonempty'
  if (kind !== undefined && !nonempty) throw context.refuse(kind.node, `The kind ${kind.text} is not supported.`)
  const result = resultColumns(node, scope)
  const groups = node.fields.ByClause === undefined ? [] : expressionsOf(node.fields.ByClause)
  const keys = computed(
    input,
    groups.map((group, index) => asColumn(lowerExpression(unnamed(group, scope), scope), result[index], scope, group)),
    context,
  )
  const axis = seriesAxis(input, node, scope)
  const rows: Scope = { ...scope, row: { ...keys.relation, columns: input.columns }, aggregating: { place: undefined } }
  const aggregates = expressionsOf(node, 'Aggregates').map((item) => oneAggregate(item, rows))
  const place = context.fresh('c')
  const cells = aggregates.map(() => context.fresh('c'))
  const by = keys.columns.map((column) => column.sql)
  const grouped = `SELECT ${[...by, `${axis.index} AS ${place}`, ...aggregates.map(({ json }, at) => `ifNull(${json}, 'null') AS ${cells[at]}`)].join(', ')} FROM (${keys.relation.sql}) WHERE ${axis.inside} GROUP BY ${[...by, place].join(', ')}`
  const lists = result.slice(groups.length, -1).map((column): Column => ({ ...column, sql: context.fresh('c') }))
  const times: Column = { name: result.at(-1)?.name ?? '', type: 'dynamic', sql: context.fresh('c') }
  const made = lists.map((column, at) => {
    const cell = `groupArray(${cells[at]})[indexOf(groupArray(${place}), i)]`
    return `toNullable(${arrayJson(`arrayMap(i -> if(has(groupArray(${place}), i), ${cell}, ${aggregates[at]?.fallback}), range(${axis.count}))`)}) AS ${column.sql}`
  })
  const list = [
    ...by,
    ...made,
    `toNullable(${arrayJson(`arrayMap(i -> ifNull(${axis.time}, 'null'), range(${axis.count}))`)}) AS ${times.sql}`,
  ]
  const sql = `SELECT ${list.join(', ')} FROM (${grouped})${by.length === 0 ? (nonempty ? '' : ' HAVING count() > 0') : ` GROUP BY ${by.join(', ')}`}`
  return { sql, columns: [...keys.columns, ...lists, times], order: [], depth: keys.relation.depth + 2 }
}

function oneAggregate(item: SyntaxNode, rows: Scope): { json: string; fallback: string } {
  const { context } = rows
  const value = lowerExpression(unnamed(child(item, 'Expression', rows), rows), rows)
  const given = item.fields.DefaultExpression?.fields.Expression
  const fallback: Scalar =
    given === undefined
      ? { sql: '0', type: value.type }
      : convert(lowerExpression(given, { ...rows, aggregating: undefined, row: undefined }), value.type, context)
  const zero = value.type === 'real' ? "'0.0'" : "'0'"
  return { json: toJson(value, context), fallback: given === undefined ? zero : `ifNull(${toJson(fallback, context)}, 'null')` }
}

interface Axis {
  /** Number of a row's step. */
  readonly index: string
  readonly inside: string
  readonly count: string
  /** JSON text of the step numbered `i`. */
  readonly time: string
}

/** Where no end is given the data decide: from the step of the first row to that of the last. */
function seriesAxis(input: Relation, node: SyntaxNode, scope: Scope): Axis {
  const { context } = scope
  const axis = lowerExpression(unnamed(child(child(node, 'OnClause', scope), 'Expression', scope), scope), scope)
  const range = child(node, 'RangeClause', scope)
  const outside: Scope = { ...scope, row: undefined }
  // `in range(a, b, c)` counts its bins from zero, and b itself is inside. Source: Kusto documentation, make-series.
  const listed = range.kind === 'MakeSeriesInRangeClause' ? (range.fields.Arguments?.fields.Expressions?.items ?? []) : undefined
  const places = ['MakeSeriesFromClause', 'MakeSeriesToClause', 'MakeSeriesStepClause']
  const bound = (name: string): Scalar | undefined => {
    const expression = listed === undefined ? range.fields[name]?.fields.Expression : listed[places.indexOf(name)]
    return expression === undefined ? undefined : lowerExpression(expression, outside)
  }
  const isTime = axis.type === 'datetime'
  const number = (value: Scalar): string =>
    isTime ? toTicks(convert(value, 'datetime', context).sql) : convert(value, axis.type, context).sql
  const step = bound('MakeSeriesStepClause')
  if (step === undefined || (!isTime && axis.type !== 'long' && axis.type !== 'int' && axis.type !== 'real'))
    throw context.refuse(node, 'This form of make-series is not supported.', 'Use on axis from a to b step c.')
  const size = isTime ? convert(step, 'timespan', context).sql : convert(step, axis.type, context).sql
  const [from, to] = [bound('MakeSeriesFromClause'), bound('MakeSeriesToClause')]
  const at = number(axis)
  const shift = isTime ? '621355968000000000' : '0'
  const floored = (value: string): string =>
    axis.type === 'real' ? `floor(${value} / ${size}) * ${size}` : `(${floorTo(`(${value} + ${shift})`, size)} - ${shift})`
  const first =
    from === undefined
      ? `(SELECT ${floored(`min(${at})`)} FROM (${input.sql}))`
      : listed === undefined
        ? number(from)
        : floored(number(from))
  const start = isTime || axis.type !== 'real' ? `toInt64(assumeNotNull(${first}))` : first
  const count =
    to === undefined
      ? `(SELECT max(intDiv(${at} - ${start}, ${size})) + 1 FROM (${input.sql}))`
      : listed === undefined
        ? `ceil((${number(to)} - ${start}) / ${size})`
        : `floor((${number(to)} - ${start}) / ${size}) + 1`
  const points = `greatest(ifNull(${count}, 0), 0)`
  const moment = `toNullable(${start} + i * ${size})`
  const time: Scalar = isTime ? { sql: fromTicks(moment), type: 'datetime' } : { sql: moment, type: axis.type }
  const end = to === undefined ? '' : ` AND ${at} ${listed === undefined ? '<' : '<='} ${number(to)}`
  const inside = `${at} >= ${start}${end}`
  return {
    index: `toUInt64(assumeNotNull(floor((${at} - ${start}) / ${size})))`,
    inside,
    count: `toUInt64(${points} + ${context.stopIf(`${points} > ${MAX_POINTS}`, node, 'make-series makes a million points at most.')})`,
    time: toJson(time, context),
  }
}
