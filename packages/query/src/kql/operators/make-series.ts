import type { Scope } from '../context.ts'
import { arrayJson } from '../functions/json-values.ts'
import { child, lowerExpression } from '../lower.ts'
import { namedParameters } from '../named-parameters.ts'
import { asColumn, expressionsOf, type Operator, resultColumns, unnamed } from '../operator.ts'
import { type Column, computed, type Relation } from '../relation.ts'
import type { Scalar } from '../scalar.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { convert, toJson } from '../values/convert.ts'
import { floorTo, fromTicks, toTicks } from '../values/ticks.ts'

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
  const by = keys.columns.map((column) => column.sql)
  const axis = seriesAxis(keys.relation, by, node, scope)
  const rows: Scope = { ...scope, row: { ...keys.relation, columns: input.columns }, aggregating: { place: undefined } }
  const aggregates = expressionsOf(node, 'Aggregates').map((item) => oneAggregate(item, rows))
  const place = context.fresh('c')
  const cells = aggregates.map(() => context.fresh('c'))
  const start = axis.column === undefined ? [] : [`any(${axis.column}) AS ${axis.column}f`]
  const values = aggregates.map(({ json }, at) => `ifNull(${json}, 'null') AS ${cells[at]}`)
  const grouped = `SELECT ${[...by, `${axis.index} AS ${place}`, ...start, ...values].join(', ')} FROM (${axis.rows}) GROUP BY ${[...by, place].join(', ')}`
  const count = axis.count(place)
  const lists = result.slice(groups.length, -1).map((column): Column => ({ ...column, sql: context.fresh('c') }))
  const times: Column = { name: result.at(-1)?.name ?? '', type: 'dynamic', sql: context.fresh('c') }
  const made = lists.map((column, at) => {
    const cell = `groupArray(${cells[at]})[indexOf(groupArray(${place}), i)]`
    return `toNullable(${arrayJson(`arrayMap(i -> if(has(groupArray(${place}), i), ${cell}, ${aggregates[at]?.fallback}), range(${count}))`)}) AS ${column.sql}`
  })
  const list = [
    ...by,
    ...made,
    `toNullable(${arrayJson(`arrayMap(i -> ifNull(${axis.time}, 'null'), range(${count}))`)}) AS ${times.sql}`,
  ]
  const sql = `SELECT ${list.join(', ')} FROM (${grouped})${by.length === 0 ? (nonempty ? '' : ' HAVING count() > 0') : ` GROUP BY ${by.join(', ')}`}`
  return { sql, columns: [...keys.columns, ...lists, times], order: [], depth: keys.relation.depth + 4 }
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
  /** The rows between the ends. */
  readonly rows: string
  /** Where the data say where a series starts, the column that has it. */
  readonly column: string | undefined
  /** Number of a row's step. */
  readonly index: string
  /** How many steps a series has, from the numbers of those that have rows. */
  count(place: string): string
  /** JSON text of the step numbered `i`. */
  readonly time: string
}

const AXES: ReadonlySet<string> = new Set(['datetime', 'timespan', 'long', 'int', 'real'])

/** Where no end is given the data of each series decide: from the step of its first row to that of its last. */
function seriesAxis(input: Relation, by: readonly string[], node: SyntaxNode, scope: Scope): Axis {
  const { context } = scope
  const axis = lowerExpression(unnamed(child(child(node, 'OnClause', scope), 'Expression', scope), scope), scope)
  const { from, to, step, listed } = bounds(node, scope)
  if (step === undefined || !AXES.has(axis.type))
    throw context.refuse(node, 'This form of make-series is not supported.', 'Use on axis from a to b step c.')
  const isTime = axis.type === 'datetime'
  const number = (value: Scalar): string => {
    const { sql } = convert(value, axis.type, context)
    return isTime ? toTicks(sql) : sql
  }
  const size = convert(step, isTime ? 'timespan' : axis.type, context).sql
  const at = number(axis)
  const shift = isTime ? '621355968000000000' : '0'
  const floored = (value: string): string =>
    axis.type === 'real' ? `floor(${value} / ${size}) * ${size}` : `(${floorTo(`(${value} + ${shift})`, size)} - ${shift})`
  const whole = (value: string): string => (axis.type === 'real' ? `assumeNotNull(${value})` : `toInt64(assumeNotNull(${value}))`)
  const column = from === undefined ? context.fresh('c') : undefined
  const given = from === undefined ? undefined : whole(listed ? floored(number(from)) : number(from))
  const ends = [
    ...(given === undefined ? [`isNotNull(${at})`] : [`${at} >= ${given}`]),
    ...(to === undefined ? [] : [`${at} ${listed ? '<=' : '<'} ${number(to)}`]),
  ]
  const inside = `SELECT * FROM (${input.sql}) WHERE ${ends.join(' AND ')}`
  const first = `min(${at}) OVER (${by.length === 0 ? '' : `PARTITION BY ${by.join(', ')}`})`
  const start = given ?? `any(${column}f)`
  const moment = `toNullable(${start} + i * ${size})`
  return {
    rows: column === undefined ? inside : `SELECT *, ${whole(floored(first))} AS ${column} FROM (${inside})`,
    column,
    index: `toUInt64(assumeNotNull(floor((${at} - ${given ?? column}) / ${size})))`,
    count(place) {
      const span = to === undefined ? '' : `(${number(to)} - ${start}) / ${size}`
      const count = to === undefined ? `if(count() = 0, 0, max(${place}) + 1)` : listed ? `floor(${span}) + 1` : `ceil(${span})`
      const points = `greatest(ifNull(${count}, 0), 0)`
      return `toUInt64(${points} + ${context.stopIf(`${points} > ${MAX_POINTS}`, node, 'make-series makes a million points at most.')})`
    },
    time: toJson(isTime ? { sql: fromTicks(moment), type: 'datetime' } : { sql: moment, type: axis.type }, context),
  }
}

interface Bounds {
  readonly from: Scalar | undefined
  readonly to: Scalar | undefined
  readonly step: Scalar | undefined
  /** `in range(a, b, c)` counts its bins from zero, and b itself is inside. Source: Kusto documentation, make-series. */
  readonly listed: boolean
}

function bounds(node: SyntaxNode, scope: Scope): Bounds {
  const range = child(node, 'RangeClause', scope)
  const listed = range.kind === 'MakeSeriesInRangeClause' ? (range.fields.Arguments?.fields.Expressions?.items ?? []) : undefined
  const [from, to, step] = ['From', 'To', 'Step'].map((name, at) => {
    const expression = listed === undefined ? range.fields[`MakeSeries${name}Clause`]?.fields.Expression : listed[at]
    return expression === undefined ? undefined : lowerExpression(expression, { ...scope, row: undefined })
  })
  return { from, to, step, listed: listed !== undefined }
}
