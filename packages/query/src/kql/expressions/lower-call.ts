import { nearestName } from '../../nearest-name.ts'
import { findAggregate, lowerAggregate } from '../aggregates/lower-aggregate.ts'
import type { Scope } from '../context.ts'
import { columnsAsArray, lowerColumns } from '../functions/column-functions.ts'
import { SCALAR_FUNCTIONS } from '../functions/index.ts'
import type { KqlFunction } from '../functions/kql-function.ts'
import { refusedFunction } from '../functions/refused-functions.ts'
import { ROW_FUNCTIONS } from '../functions/row-functions.ts'
import { WINDOW_FUNCTIONS } from '../functions/window-functions.ts'
import { lowerGraphCall } from '../graphs/graph-functions.ts'
import type { KqlType } from '../kql-type.ts'
import { argumentsOf, lowerExpression } from '../lower.ts'
import { lowerBody } from '../lower-body.ts'
import type { Scalar } from '../scalar.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { convert } from '../values/convert.ts'

/** A call of a function of the table, or of the query itself. */
export function lowerCall(node: SyntaxNode, scope: Scope): Scalar {
  const { context } = scope
  const name = node.fields.Name?.text ?? ''
  const declared = scope.lets.get(name)
  if (declared?.kind === 'function' && node.body !== undefined) {
    const result = lowerBody(node, declared, scope)
    if (result.kind === 'scalar') return result.value
    throw context.refuse(node, `${name}() gives a table, not a value.`, 'Put toscalar() around it.', 'PW-QY-005')
  }
  const ofGraph = lowerGraphCall(node, name, scope)
  if (ofGraph !== undefined) return ofGraph
  const aggregated = scope.aggregating === undefined ? undefined : lowerAggregate(node, name, argumentsOf(node), scope)
  if (aggregated !== undefined) return aggregated
  const several = lowerColumns(node, scope)
  if (several?.[0] !== undefined) return node.columns === undefined ? several[0] : columnsAsArray(several, scope)
  const window = WINDOW_FUNCTIONS[name] ?? ROW_FUNCTIONS[name]
  if (window !== undefined) return window(node, scope)
  const entry = Object.hasOwn(SCALAR_FUNCTIONS, name) ? SCALAR_FUNCTIONS[name] : undefined
  if (entry === undefined) throw unknownFunction(node, name, scope)
  return callFunction(entry, node, name, scope)
}

function unknownFunction(node: SyntaxNode, name: string, { context }: Scope) {
  if (findAggregate(name) !== undefined)
    return context.refuse(node, `${name}() is an aggregation; it belongs into summarize.`, undefined, 'PW-QY-005')
  const why = refusedFunction(name)
  const nearest = nearestName(name, Object.keys(SCALAR_FUNCTIONS))
  return context.refuse(
    node,
    `The function ${name}() is not supported${why === undefined ? '' : `: ${why}`}.`,
    nearest === undefined || why !== undefined ? undefined : `There is ${nearest}().`,
  )
}

function callFunction(entry: KqlFunction, node: SyntaxNode, name: string, scope: Scope): Scalar {
  const { context } = scope
  const given = argumentsOf(node)
  const most = entry.variadic ? Number.POSITIVE_INFINITY : entry.parameters.length
  if (given.length < entry.required || given.length > most)
    throw context.refuse(node, `${name}() does not take ${given.length} arguments.`, undefined, 'PW-QY-005')
  const args = given.map((argument, index) => {
    const value = lowerExpression(argument, scope)
    const wanted = entry.parameters[Math.min(index, entry.parameters.length - 1)] ?? 'any'
    return wanted === 'any' ? value : convert(value, wanted, context)
  })
  const type: KqlType = entry.returns === 'bound' ? (node.type ?? args[0]?.type ?? 'dynamic') : entry.returns
  const sql = entry.emit(args, { node, context, type })
  // A function of nullable values may give a null text; KQL has none.
  const result: Scalar = {
    sql: type === 'string' && args.some((arg) => arg.type !== 'string') ? `ifNull(${sql}, '')` : sql,
    type,
  }
  const bound = node.type
  return bound !== undefined && bound !== type ? convert(result, bound, context) : result
}
