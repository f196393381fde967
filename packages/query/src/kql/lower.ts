import type { Scope } from './context.ts'
import type { Relation } from './relation.ts'
import type { Scalar } from './scalar.ts'
import type { SyntaxNode } from './syntax/syntax-node.ts'

/** A scalar expression. */
export function lowerExpression(node: SyntaxNode, scope: Scope): Scalar {
  return scope.context.lowering.expression(node, scope)
}

/** An expression that gives rows; columns of the rows around it mean nothing inside. */
export function lowerTable(node: SyntaxNode, scope: Scope): Relation {
  return scope.context.lowering.table(node, { ...scope, row: undefined, aggregating: undefined })
}

/** A part that a complete expression has. */
export function child(node: SyntaxNode, name: string, { context }: Pick<Scope, 'context'>): SyntaxNode {
  const found = node.fields[name]
  if (found === undefined) throw context.refuse(node, 'This expression is not complete.', undefined, 'PW-QY-001')
  return found
}

/** What stands between the parentheses of a call. */
export function argumentsOf(node: SyntaxNode): readonly SyntaxNode[] {
  return node.fields.ArgumentList?.fields.Expressions?.items ?? []
}
