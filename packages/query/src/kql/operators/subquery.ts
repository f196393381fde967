import type { Scope } from '../context.ts'
import { child } from '../lower.ts'
import type { Relation } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'

/** A pipeline without a source of its own, on the rows that are given to it. */
export function applySubquery(rows: Relation, node: SyntaxNode, scope: Scope): Relation {
  if (node.kind !== 'PipeExpression') return scope.context.lowering.operator(rows, node, scope)
  const before = applySubquery(rows, child(node, 'Expression', scope), scope)
  return scope.context.lowering.operator(before, child(node, 'Operator', scope), scope)
}
