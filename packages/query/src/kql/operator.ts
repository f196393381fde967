import type { Scope } from './context.ts'
import type { KqlColumn } from './kql-type.ts'
import { child } from './lower.ts'
import type { Column, Relation } from './relation.ts'
import type { Scalar } from './scalar.ts'
import type { SyntaxNode } from './syntax/syntax-node.ts'
import { convert } from './values/convert.ts'

/** One step of a pipeline. `scope.row` is the input. */
export type Operator = (input: Relation, node: SyntaxNode, scope: Scope) => Relation

/** The expressions of an operator. */
export function expressionsOf(node: SyntaxNode, field = 'Expressions'): readonly SyntaxNode[] {
  return node.fields[field]?.items ?? []
}

/** The value of an expression that may have a name in front. */
export function unnamed(node: SyntaxNode, scope: Scope): SyntaxNode {
  return node.kind === 'SimpleNamedExpression' || node.kind === 'CompoundNamedExpression'
    ? child(node, 'Expression', scope)
    : node
}

/** Names and types of the result, as the binder gives them. */
export function resultColumns(node: SyntaxNode, { context }: Scope): readonly KqlColumn[] {
  if (node.columns === undefined) throw context.refuse(node, 'The columns of this step are not known before it runs.')
  return node.columns
}

/** A value under the name and the type that the binder gives the column. */
export function asColumn(
  value: Scalar,
  column: KqlColumn | undefined,
  scope: Scope,
  node: SyntaxNode,
): { name: string; value: Scalar } {
  if (column === undefined) throw scope.context.refuse(node, 'This expression gives no column.', 'Give it a name: name = ….')
  return { name: column.name, value: convert(value, column.type, scope.context) }
}

export function mustFind(columns: readonly Column[], name: string, node: SyntaxNode, { context }: Scope): Column {
  const found = columns.find((column) => column.name === name)
  if (found === undefined) throw context.refuse(node, `There is no column "${name}" here.`, undefined, 'PW-QY-002')
  return found
}
