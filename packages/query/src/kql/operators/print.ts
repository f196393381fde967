import type { Scope } from '../context.ts'
import { lowerExpression } from '../lower.ts'
import { computed, type Relation } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { asColumn, expressionsOf, resultColumns, unnamed } from './operator.ts'

/** `print`: one row. */
export function lowerPrint(node: SyntaxNode, scope: Scope): Relation {
  const result = resultColumns(node, scope)
  const expressions = expressionsOf(node)
  if (expressions.length !== result.length)
    throw scope.context.refuse(node, 'An expression with several columns is not supported here.')
  const values = expressions.map((expression, index) =>
    asColumn(lowerExpression(unnamed(expression, scope), scope), result[index], scope, expression),
  )
  const one: Relation = { sql: 'SELECT 1 AS c0', columns: [], order: [], depth: 1 }
  const { relation, columns } = computed(one, values, scope.context)
  return { ...relation, columns }
}
