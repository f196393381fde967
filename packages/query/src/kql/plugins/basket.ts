import { nullOf } from '../context.ts'
import type { KqlType } from '../kql-type.ts'
import { lowerExpression } from '../lower.ts'
import { type Column, type Relation, stored } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { convert } from '../values/convert.ts'
import { fromTicks, toTicks } from '../values/ticks.ts'
import type { Plugin, PluginCall } from './plugin.ts'

/** Most columns that are looked at: each more doubles the work. */
const MAX_COLUMNS = 16

/**
 * `basket(threshold, weight, dimensions, wildcards…)`: the patterns of values that enough rows share. As in the documentation's
 * examples a pattern is left out where a longer one stands for the very same rows; unlike there nothing is sampled, so all
 * patterns over the threshold are found. Source: Kusto documentation, basket plugin.
 */
export const basket: Plugin = (input, call) => {
  const { scope, node, result } = call
  const { context } = scope
  const threshold = numberAt(call, 0, 0.05, [0.015, 1])
  const dimensions = numberAt(call, 2, 5, [1, 10])
  const weight = isDefault(call.args[1]) ? undefined : weightColumn(input, call)
  const columns = input.columns.filter((column) => column !== weight)
  if (columns.length > MAX_COLUMNS)
    throw context.refuse(node, `basket() looks at ${MAX_COLUMNS} columns at most.`, 'Put project … before.', 'PW-QY-007')
  const amount = weight === undefined ? '1' : `toFloat64(ifNull(${weight.sql}, 0))`
  const items = columns.map((column, at) => `(toUInt8(${at}), ${textOf(column)})`).join(', ')
  const rows = `SELECT [${items || "(toUInt8(0), '')"}] AS items, sum(${amount}) AS w FROM (${input.sql}) GROUP BY items`
  const least = `(SELECT sum(w) * ${threshold} FROM (${rows}))`
  const known = `SELECT groupArray(item) FROM (SELECT arrayJoin(items) AS item, sum(w) AS n FROM (${rows}) GROUP BY item HAVING n >= ${least})`
  const kept = `SELECT arrayFilter(i -> has((${known}), i), items) AS a, sum(w) AS w FROM (${rows}) GROUP BY a`
  const masks = `arrayFilter(m -> bitCount(m) <= ${dimensions}, range(1, toUInt32(bitShiftLeft(1, length(a)))))`
  const subsets = `SELECT a, w, arrayJoin(arrayMap(m -> arrayFilter((i, k) -> bitTest(m, k - 1), a, arrayEnumerate(a)), ${masks})) AS s FROM (${kept})`
  const frequent = `SELECT sum(w) AS n, arraySort(groupArrayIntersect(a)) AS pattern FROM (${subsets}) GROUP BY s HAVING n >= ${least}`
  const closed = `SELECT DISTINCT n, pattern FROM (${frequent})`
  const numbered = `SELECT row_number() OVER (ORDER BY n DESC, pattern) - 1 AS segment, n, pattern FROM (${closed})`
  const shown: Column[] = result.map((column) => ({ ...column, sql: context.fresh('c') }))
  const values = [
    'toInt64(segment)',
    'toInt64(n)',
    `toFloat64(100 * n / (SELECT sum(w) FROM (${rows})))`,
    ...result.slice(3).map((column) => cell(column, columns, call)),
  ]
  const list = shown.map((column, at) => `${stored({ sql: values[at] ?? 'NULL', type: column.type })} AS ${column.sql}`)
  const order = [{ sql: shown[0]?.sql ?? '', descending: false, nullsFirst: true, unique: true as const }]
  return { sql: `SELECT ${list.join(', ')} FROM (${numbered})`, columns: shown, order, depth: input.depth + 9 }
}

/** The value of a column in a pattern, or the wildcard of its type. */
function cell({ name, type }: { name: string; type: KqlType }, columns: readonly Column[], call: PluginCall): string {
  const at = columns.findIndex((column) => column.name === name)
  if (at < 0) return wildcard(type, call)
  const text = `arrayFirst(i -> i.1 = ${at}, pattern).2`
  return `if(arrayExists(i -> i.1 = ${at}, pattern), ${valueOfText(text, type)}, ${wildcard(type, call)})`
}

function wildcard(type: KqlType, call: PluginCall): string {
  const { context } = call.scope
  for (const argument of call.args.slice(3)) {
    if (isDefault(argument)) continue
    const value = lowerExpression(argument, { ...call.scope, row: undefined })
    if (value.type === type || (value.type === 'int' && type === 'long')) return stored(convert(value, type, context))
  }
  return nullOf(type)
}

/** A value as text that gives it back; null is told apart from every text. */
const textOf = ({ sql, type }: Column): string => {
  const text = type === 'string' ? sql : `toString(${type === 'datetime' ? toTicks(sql) : sql})`
  return `ifNull(concat('=', ${text}), '')`
}
function valueOfText(text: string, type: KqlType): string {
  const inside = `substring(${text}, 2)`
  const value: Readonly<Record<KqlType, string>> = {
    string: inside,
    dynamic: inside,
    guid: inside,
    bool: `toBool(${inside} = 'true')`,
    int: `toInt64OrNull(${inside})`,
    long: `toInt64OrNull(${inside})`,
    timespan: `toInt64OrNull(${inside})`,
    datetime: fromTicks(`toInt64OrNull(${inside})`),
    real: `toFloat64OrNull(${inside})`,
    decimal: `toDecimal256OrNull(${inside}, 12)`,
  }
  return type === 'string' ? value[type] : `if(${text} = '', NULL, ${value[type]})`
}

const isDefault = (node: SyntaxNode | undefined): boolean => node === undefined || node.literal === '~'

function numberAt(call: PluginCall, at: number, otherwise: number, [least, most]: readonly [number, number]): number {
  const argument = call.args[at]
  if (argument === undefined || isDefault(argument)) return otherwise
  const value = Number(lowerExpression(argument, { ...call.scope, row: undefined }).constant)
  if (!(value >= least && value <= most))
    throw call.scope.context.refuse(argument, `This must be a constant from ${least} to ${most}.`, undefined, 'PW-QY-005')
  return value
}

function weightColumn(input: Relation, { args, scope, node }: PluginCall): Column {
  const found = input.columns.find(({ name }) => name === args[1]?.text)
  if (found === undefined || !['int', 'long', 'real'].includes(found.type))
    throw scope.context.refuse(args[1] ?? node, 'The weight must be a column with numbers.', undefined, 'PW-QY-005')
  return found
}
