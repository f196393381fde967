import type { Scope } from '../context.ts'
import { argumentsOf, lowerExpression, lowerTable } from '../lower.ts'
import { asScalar, type Column, findColumn } from '../relation.ts'
import { type Scalar, scalar } from '../scalar.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { convert, toJson } from '../values/convert.ts'
import { constantScalar } from '../values/literal.ts'
import { bagJson } from './json-values.ts'
import { RANDOM_FUNCTIONS } from './random-functions.ts'

/** The column where there is one of that name, else the other value. */
function columnIfExists(node: SyntaxNode, scope: Scope): Scalar {
  const [name, other] = argumentsOf(node)
  const wanted = name === undefined ? undefined : lowerExpression(name, scope).constant
  if (other === undefined || wanted === undefined)
    throw scope.context.refuse(node, 'The name of the column must be a constant.', undefined, 'PW-QY-005')
  const found = scope.row?.columns.find((column) => column.name === wanted)
  const value = found === undefined ? lowerExpression(other, scope) : asScalar(found)
  return node.type === undefined ? value : convert(value, node.type, scope.context)
}

/** Functions of the columns there are, not of values alone. */
export const ROW_FUNCTIONS: Readonly<Record<string, (node: SyntaxNode, scope: Scope) => Scalar>> = {
  /** `pack_all(true)` leaves out nulls and empty texts. */
  pack_all: (node, scope) => {
    const [ignore] = argumentsOf(node)
    const skips = ignore !== undefined && lowerExpression(ignore, scope).constant === 'true'
    return packed(scope.row?.columns ?? [], skips, scope)
  },
  bag_pack_columns: (node, scope) => {
    const columns = argumentsOf(node).map((item) => {
      const found = scope.row?.columns.find((column) => column.name === item.text)
      if (found === undefined)
        throw scope.context.refuse(item, 'Only columns may be packed here.', 'Use bag_pack().', 'PW-QY-005')
      return found
    })
    return packed(columns, false, scope)
  },
  ...RANDOM_FUNCTIONS,
  column_ifexists: columnIfExists,
  columnifexists: columnIfExists,
  iscolumnexists: (node, scope) => {
    const [name] = argumentsOf(node)
    const wanted = name === undefined ? undefined : lowerExpression(name, scope).constant
    if (wanted === undefined)
      throw scope.context.refuse(node, 'The name of the column must be a constant.', undefined, 'PW-QY-005')
    return constantScalar(String(findColumn(scope.row, wanted) !== undefined), 'bool', scope.context, node)
  },
  current_database: (node, { context }) => constantScalar('podwitness', 'string', context, node),
  /** When the store received a record. Rows that are not of a table any more have no such time. */
  ingestion_time: (node, { row, context }) => {
    const received = findColumn(row, '_TimeReceived')
    if (received === undefined)
      throw context.refuse(node, 'Only rows of a table with _TimeReceived have a time of ingestion.', 'Keep that column.')
    return asScalar(received)
  },
  /** Bytes of the values: texts by their length, all others by their type. */
  estimate_data_size: (node, scope) => {
    const values = argumentsOf(node).flatMap((item) =>
      item.kind === 'StarExpression' ? (scope.row?.columns ?? []).map(asScalar) : [lowerExpression(item, scope)],
    )
    return scalar(`toInt64(${values.map(sizeOf).join(' + ') || '0'})`, 'long')
  },
  column_names_of: (node, scope) => {
    const [table] = argumentsOf(node)
    if (table === undefined) throw scope.context.refuse(node, 'This function needs a table.', undefined, 'PW-QY-005')
    const names = lowerTable(table, scope).columns.map((column) => column.name)
    return constantScalar(JSON.stringify(names), 'dynamic', scope.context, node)
  },
}

/** Source: Kusto documentation, estimate_data_size(). */
const SIZES: Readonly<Record<string, number>> = {
  bool: 1,
  int: 4,
  long: 8,
  real: 8,
  datetime: 8,
  timespan: 8,
  guid: 16,
  decimal: 34,
}
const sizeOf = ({ sql, type }: Scalar): string => String(SIZES[type] ?? `length(ifNull(${sql}, ''))`)

function packed(columns: readonly Column[], skips: boolean, { context }: Scope): Scalar {
  const members = columns.map(
    (column) => `(${context.string(column.name)}, ifNull(${toJson(asScalar(column), context)}, 'null'))`,
  )
  const empty = columns.map((column) => `(${convert(asScalar(column), 'string', context).sql} = '')`)
  const list = `[${members.join(', ')}]`
  return scalar(
    `toNullable(${bagJson(skips ? `arrayFilter((m, e) -> NOT e, ${list}, [${empty.join(', ')}])` : list)})`,
    'dynamic',
  )
}
