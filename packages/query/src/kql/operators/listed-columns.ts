import type { Scope } from '../context.ts'
import type { Scalar } from '../expressions/scalar.ts'
import { lowerSeveral } from '../functions/lower-several.ts'
import { lowerExpression } from '../lower.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { unnamed } from './operator.ts'

/** A value of a list of expressions. `name` is undefined where the query gives none. */
export interface ListedValue {
  readonly name: string | undefined
  readonly value: Scalar
  readonly node: SyntaxNode
}

/**
 * The values of an expression as it stands in `print`, `project` or `extend`: several for a function of several
 * results, as many as there are names for `(a, b) = f()`, and the first one for `a = f()`.
 */
export function listedValues(node: SyntaxNode, scope: Scope): readonly ListedValue[] {
  const names =
    node.kind === 'CompoundNamedExpression'
      ? (node.fields.Names?.fields.Names?.items ?? []).map((name) => name.text)
      : node.kind === 'SimpleNamedExpression'
        ? [node.fields.Name?.text ?? '']
        : undefined
  const expression = unnamed(node, scope)
  const several = lowerSeveral(expression, scope)
  if (several === undefined) {
    const own = expression.kind === 'NameReference' ? expression.text : undefined
    return [{ name: names?.[0] ?? own, value: lowerExpression(expression, scope), node }]
  }
  if (names === undefined) return several.map((value, at) => ({ name: expression.columns?.[at]?.name, value, node }))
  return names.flatMap((name, at) => {
    const value = several[at]
    return value === undefined ? [] : [{ name, value, node }]
  })
}
