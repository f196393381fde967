import type { Scope } from '../context.ts'
import type { KqlColumn } from '../kql-type.ts'
import { lowerExpression } from '../lower.ts'
import type { Column, Relation } from '../relation.ts'
import type { Scalar } from '../scalar.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'

/** A call of a plugin: `evaluate name(args)`. */
export interface PluginCall {
  readonly name: string
  /** The `evaluate` step. */
  readonly node: SyntaxNode
  readonly args: readonly SyntaxNode[]
  readonly scope: Scope
  /** Columns of the result, as the binder gives them or the query names them. */
  readonly result: readonly KqlColumn[]
}

/** A step that a plugin makes of its input. */
export type Plugin = (input: Relation, call: PluginCall) => Relation

/** The argument at `index` as a value for each row. */
export function rowArgument(call: PluginCall, index: number): Scalar {
  const { args, scope, node, name } = call
  const argument = args[index]
  if (argument === undefined) throw scope.context.refuse(node, `${name}() needs ${index + 1} arguments.`, undefined, 'PW-QY-005')
  return lowerExpression(argument, scope)
}

/** The argument at `index` as one value for all rows. */
export function fixedArgument(call: PluginCall, index: number): Scalar {
  return rowArgument({ ...call, scope: { ...call.scope, row: undefined } }, index)
}

/** A whole number of at least `least` that the query holds. */
export function wholeArgument(call: PluginCall, index: number, least = 0): number {
  const { constant } = fixedArgument(call, index)
  if (constant === undefined || !/^\d+$/.test(constant) || Number(constant) < least)
    throw call.scope.context.refuse(
      call.args[index] ?? call.node,
      `Argument ${index + 1} of ${call.name}() must be a whole number of at least ${least}.`,
      undefined,
      'PW-QY-005',
    )
  return Number(constant)
}

/** Expressions for the columns of the result, in their order. */
export function shaped(values: readonly string[], call: PluginCall): { list: string; columns: Column[] } {
  const { result, scope, node, name } = call
  if (result.length !== values.length) throw scope.context.refuse(node, `The columns of ${name}() are not what was expected.`)
  const columns = result.map((column) => ({ ...column, sql: scope.context.fresh('c') }))
  return { list: values.map((value, at) => `${value} AS ${columns[at]?.sql}`).join(', '), columns }
}
