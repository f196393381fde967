import type { Scope } from '../context.ts'
import { child, lowerExpression, lowerTable } from '../lower.ts'
import { orderBy } from '../relation.ts'
import { type Scalar, scalar } from '../scalar.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'

/** `toscalar(table)`: the first column of the first row, null where there is none; a value is what it is. */
export function lowerToScalar(node: SyntaxNode, scope: Scope): Scalar {
  const { context } = scope
  const inside = child(node, 'Expression', scope)
  if (inside.columns === undefined && inside.type !== undefined) return lowerExpression(inside, { ...scope, row: undefined })
  const relation = lowerTable(inside, { ...scope, row: undefined })
  const [column] = relation.columns
  if (column === undefined) throw context.refuse(node, 'This table has no column.', undefined, 'PW-QY-005')
  const sql = `(SELECT ${column.sql} FROM (${relation.sql})${orderBy(relation.order)} LIMIT 1)`
  return scalar(column.type === 'string' ? `ifNull(${sql}, '')` : sql, column.type)
}
