import type { Scope } from '../context.ts'
import { lowerColumns } from '../functions/column-functions.ts'
import { lowerExpression } from '../lower.ts'
import { lowerBody } from '../lower-body.ts'
import { asScalar, findColumn } from '../relation.ts'
import type { Scalar } from '../scalar.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { constantScalar } from '../values/literal.ts'
import { followPath, type Step } from '../values/path.ts'

/** A column, or a value of `let`. Columns shadow values. */
export function lowerName(node: SyntaxNode, scope: Scope): Scalar {
  const name = node.text
  const column = node.refers === 'variable' || node.refers === 'parameter' ? undefined : findColumn(scope.row, name)
  if (column?.constant !== undefined) return constantScalar(column.constant, column.type, scope.context, node)
  if (column !== undefined) return asScalar(column)
  const binding = scope.lets.get(name)
  if (binding?.kind === 'scalar') return binding.value
  if (binding?.kind === 'function') {
    const result = lowerBody(node, binding, scope)
    if (result.kind === 'scalar') return result.value
  }
  const shadowed = findColumn(scope.row, name)
  if (shadowed !== undefined) return asScalar(shadowed)
  throw scope.context.refuse(node, `There is no column or value "${name}" here.`, undefined, 'PW-QY-002')
}

/** `d.a.b`, `d["a"]`, `d[0]`, and `$left.a` in a join. */
export function lowerPath(node: SyntaxNode, scope: Scope): Scalar {
  const steps: Step[] = []
  let at = node
  while (at.kind === 'PathExpression' || at.kind === 'ElementExpression') {
    const side = sideColumn(at, scope)
    if (side !== undefined) return steps.length === 0 ? side : followPath(side, steps.reverse(), scope.context)
    steps.push(stepOf(at, scope))
    at = at.fields.Expression ?? at
  }
  return overColumns(at, steps.reverse(), scope) ?? followPath(lowerExpression(at, scope), steps, scope.context)
}

/** `f(x)[1]` of a function of several columns is its second column. */
function overColumns(node: SyntaxNode, steps: readonly Step[], scope: Scope): Scalar | undefined {
  const [first, ...rest] = steps
  const constant = first !== undefined && 'index' in first ? first.index.constant : undefined
  const several = constant === undefined || node.columns === undefined ? undefined : lowerColumns(node, scope)
  const column = several?.[Number(constant)]
  if (column === undefined) return undefined
  return rest.length === 0 ? column : followPath(column, rest, scope.context)
}

function sideColumn(node: SyntaxNode, { sides, steps, graph, context }: Scope): Scalar | undefined {
  const base = node.fields.Expression
  const side = base?.text === '$left' ? sides?.left : base?.text === '$right' ? sides?.right : undefined
  const relation = side ?? (base?.kind === 'NameReference' ? steps?.get(base.text) : undefined)
  if (relation === undefined || node.kind !== 'PathExpression') {
    const edge = base?.kind === 'NameReference' ? base.text : ''
    if (graph?.paths.has(edge))
      throw context.refuse(
        node,
        `${edge} stands for several edges.`,
        `Say map(${edge}, ${node.fields.Selector?.text ?? '…'}).`,
        'PW-QY-005',
      )
    return undefined
  }
  const name = node.fields.Selector?.text ?? ''
  const column = findColumn(relation, name)
  if (column === undefined) throw context.refuse(node, `There is no column "${name}" on this side.`, undefined, 'PW-QY-002')
  return asScalar(column)
}

function stepOf(node: SyntaxNode, scope: Scope): Step {
  const selector = node.fields.Selector
  if (selector === undefined) throw scope.context.refuse(node, 'This path is not complete.', undefined, 'PW-QY-001')
  if (node.kind === 'PathExpression') {
    const bracketed = selector.kind === 'BracketedExpression' ? selector.fields.Expression : undefined
    return bracketed === undefined ? { key: selector.text } : indexStep(lowerExpression(bracketed, scope))
  }
  const expression = selector.fields.Expression ?? selector
  return indexStep(lowerExpression(expression, scope))
}

function indexStep(value: Scalar): Step {
  if (value.type === 'string') return value.constant === undefined ? { computed: value } : { key: value.constant }
  return value.type === 'int' || value.type === 'long' ? { index: value } : { computed: { ...value, type: 'long' } }
}
