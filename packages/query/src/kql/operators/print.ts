import type { Scope } from '../context.ts'
import { asColumn, expressionsOf, resultColumns } from '../operator.ts'
import { computed, type Relation } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { withHoisting } from './hoisting.ts'
import { listedValues } from './listed-columns.ts'

/** `print`: one row. */
export function lowerPrint(node: SyntaxNode, scope: Scope): Relation {
  const one: Relation = { sql: 'SELECT 1 AS c0', columns: [], order: [], depth: 1 }
  return selected(one, node, scope)
}

/** The expressions of `print` and `project`, each under the name and type that the binder gives it. */
export function selected(input: Relation, node: SyntaxNode, scope: Scope): Relation {
  const result = resultColumns(node, scope)
  const { relation: rows, made: listed } = withHoisting(input, node, scope, (inner) =>
    expressionsOf(node).flatMap((expression) => listedValues(expression, inner, node.kind === 'PrintOperator')),
  )
  if (listed.length !== result.length)
    throw scope.context.refuse(node, 'An expression here gives another number of columns than expected.')
  const values = listed.map((one, index) => asColumn(one.value, result[index], scope, one.node))
  const { relation, columns } = computed(rows, values, scope.context)
  return { ...relation, columns }
}
