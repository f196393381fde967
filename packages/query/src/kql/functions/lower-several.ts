import type { Scope } from '../context.ts'
import { toJson } from '../expressions/convert.ts'
import { type Scalar, scalar } from '../expressions/scalar.ts'
import { argumentsOf, lowerExpression } from '../lower.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { SEVERAL_FUNCTIONS } from './several-functions.ts'

/** The results of a call that gives several columns; undefined for every other expression. */
export function lowerSeveral(node: SyntaxNode, scope: Scope): readonly Scalar[] | undefined {
  if (node.kind !== 'FunctionCallExpression' || node.columns === undefined || node.body !== undefined) return undefined
  const name = node.fields.Name?.text ?? ''
  const make = Object.hasOwn(SEVERAL_FUNCTIONS, name) ? SEVERAL_FUNCTIONS[name] : undefined
  if (make === undefined) throw scope.context.refuse(node, `The function ${name}() is not supported.`)
  const args = argumentsOf(node).map((argument) => lowerExpression(argument, scope))
  return make(args, { node, context: scope.context, type: 'dynamic' })
}

/** The results as one array, where a value is wanted: `array_sort_asc(a, b)[1]`. */
export function severalAsArray(values: readonly Scalar[], { context }: Scope): Scalar {
  const texts = values.map((value) => `ifNull(${toJson(value, context)}, 'null')`)
  return scalar(`toNullable(concat('[', ${texts.join(", ',', ")}, ']'))`, 'dynamic')
}
