import type { Scope } from '../context.ts'
import { lowerColumns } from '../functions/column-functions.ts'
import { lowerExpression } from '../lower.ts'
import { unnamed } from '../operator.ts'
import type { Scalar } from '../scalar.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'

/** A value of a list of expressions. `name` is undefined where the query gives none. */
export interface ListedValue {
  readonly name: string | undefined
  readonly value: Scalar
  readonly node: SyntaxNode
}

/**
 * The values of an expression as it stands in `print`, `project` or `extend`. `a = f()` and `(a, b) = f()` name the
 * first columns of a function of several; the others have the function's names, except after `print a =`.
 */
export function listedValues(node: SyntaxNode, scope: Scope, inPrint = false): readonly ListedValue[] {
  const single = node.kind === 'SimpleNamedExpression'
  const compound = node.kind === 'CompoundNamedExpression'
  const names = compound
    ? (node.fields.Names?.fields.Names?.items ?? []).map((name) => name.text)
    : [single ? node.fields.Name?.text : undefined]
  const expression = unnamed(node, scope)
  const several = expression.columns === undefined ? undefined : lowerColumns(expression, scope)
  if (several === undefined) {
    if (compound) throw scope.context.refuse(node, 'Several names need a function of several columns.')
    const own = expression.kind === 'NameReference' ? expression.text : expression.implied || undefined
    return [{ name: names[0] ?? own, value: lowerExpression(expression, scope), node }]
  }
  const all = several.map((value, at) => ({ name: names[at] ?? expression.columns?.[at]?.name, value, node }))
  return single && inPrint ? all.slice(0, 1) : all
}
