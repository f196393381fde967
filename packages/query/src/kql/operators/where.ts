import type { Scope } from '../context.ts'
import { child, lowerExpression } from '../lower.ts'
import type { Operator } from '../operator.ts'
import { filtered, wrap } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { convert } from '../values/convert.ts'
import { withHoisting } from './hoisting.ts'
import { prefilter } from './prefilter.ts'

export const lowerWhere: Operator = (input, node, scope) => {
  const { relation, made: sql } = withHoisting(input, node, scope, (inner) => condition(child(node, 'Condition', scope), inner))
  if (!sql.includes(' OVER (')) return filtered(relation, sql)
  // The engine computes functions of ordered rows after conditions; KQL before.
  const test = scope.context.fresh('c')
  return filtered(wrap(relation, `SELECT *, ${sql} AS ${test} FROM (${relation.sql})`), test)
}

/** A condition rows must fulfil: null counts as false, so a plain comparison will do, and the engine can use its indexes. */
function condition(node: SyntaxNode, scope: Scope): string {
  if (node.kind === 'AndExpression')
    return `${condition(child(node, 'Left', scope), scope)} AND ${condition(child(node, 'Right', scope), scope)}`
  if (node.kind === 'ParenthesizedExpression') return `(${condition(child(node, 'Expression', scope), scope)})`
  const first = prefilter(node, scope)
  if (first?.exact) return first.sql
  const exact = plainEqual(node, scope) ?? convert(lowerExpression(node, scope), 'bool', scope.context).sql
  return first === undefined ? exact : `${first.sql} AND ${exact}`
}

function plainEqual(node: SyntaxNode, scope: Scope): string | undefined {
  if (node.kind !== 'EqualExpression' || node.fields.Left?.kind === 'StarExpression') return undefined
  const left = lowerExpression(child(node, 'Left', scope), scope)
  const right = lowerExpression(child(node, 'Right', scope), scope)
  const simple = left.type === right.type && (left.constant !== undefined || right.constant !== undefined)
  return simple ? `(${left.sql} = ${right.sql})` : undefined
}
