import type { Scope } from '../context.ts'
import { convert } from '../expressions/convert.ts'
import { type Scalar, scalar } from '../expressions/scalar.ts'
import { argumentsOf, lowerExpression } from '../lower.ts'
import { orderBy, stored } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'

type Window = (node: SyntaxNode, scope: Scope) => Scalar

/** Functions of the order of rows. The binder lets them stand only where the rows have one. */
export const WINDOW_FUNCTIONS: Readonly<Record<string, Window>> = {
  row_number: (node, scope) => {
    const [first, restart] = argumentsOf(node)
    const start = first === undefined ? '1' : lowerExpression(first, scope).sql
    if (restart !== undefined) throw scope.context.refuse(restart, 'row_number() that restarts is not supported.')
    return scalar(`(toInt64(row_number() OVER (${order(node, scope)})) + ${start} - 1)`, 'long')
  },
  prev: neighbour('lagInFrame'),
  next: neighbour('leadInFrame'),
  row_cumsum: (node, scope) => {
    const [term, restart] = argumentsOf(node)
    if (term === undefined || restart !== undefined)
      throw scope.context.refuse(node, 'row_cumsum() that restarts is not supported.')
    const value = lowerExpression(term, scope)
    return scalar(`sum(${value.sql}) OVER (${order(node, scope)} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`, value.type)
  },
}

function neighbour(name: string): Window {
  return (node, scope) => {
    const { context } = scope
    const [expression, offset, fallback] = argumentsOf(node)
    if (expression === undefined) throw context.refuse(node, 'This function needs a column.', undefined, 'PW-QY-005')
    const value = lowerExpression(expression, scope)
    const by = offset === undefined ? '1' : lowerExpression(offset, scope).constant
    if (by === undefined || !/^\d+$/.test(by)) throw context.refuse(node, 'The distance must be a constant, 0 or more.')
    const other = fallback === undefined ? [] : [stored(convert(lowerExpression(fallback, scope), value.type, context))]
    const args = [stored(value), by, ...other].join(', ')
    return scalar(
      `${name}(${args}) OVER (${order(node, scope)} ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)`,
      value.type,
    )
  }
}

function order(node: SyntaxNode, { row, context }: Scope): string {
  if (row === undefined || row.order.length === 0)
    throw context.refuse(node, 'The rows have no order here.', 'Put sort by … before.', 'PW-QY-005')
  const apart = row.partition === undefined ? '' : `PARTITION BY ${row.partition.join(', ')} `
  return `${apart}${orderBy(row.order).trim()}`
}
