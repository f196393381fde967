import type { Scope } from '../context.ts'
import { lowerExpression } from '../lower.ts'
import type { Scalar } from '../scalar.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { convert } from '../values/convert.ts'
import type { KqlAggregate } from './aggregate.ts'
import { AGGREGATES } from './index.ts'

/** An aggregation by its name, or by the name without `if` or `_if`. */
export function findAggregate(name: string): { entry: KqlAggregate; conditional: boolean } | undefined {
  if (Object.hasOwn(AGGREGATES, name)) {
    const entry = AGGREGATES[name]
    return entry === undefined ? undefined : { entry, conditional: name === 'anyif' }
  }
  const base = /^(.*?)_?if$/.exec(name)?.[1]
  const entry = base !== undefined && Object.hasOwn(AGGREGATES, base) ? AGGREGATES[base] : undefined
  return entry?.conditional ? { entry, conditional: true } : undefined
}

/** A call of an aggregation, anywhere inside an expression of `summarize`. */
export function lowerAggregate(node: SyntaxNode, name: string, args: readonly SyntaxNode[], scope: Scope): Scalar | undefined {
  const found = findAggregate(name)
  if (found === undefined) return undefined
  const { context } = scope
  const { entry, conditional } = found
  const rows: Scope = { ...scope, aggregating: undefined }
  // The condition comes behind the arguments that must be there; a largest size or an accuracy follows it.
  const at = conditional ? Math.min(entry.required, args.length - 1) : -1
  const given = args.filter((_, index) => index !== at)
  if (given.length < entry.required || (!entry.variadic && given.length > entry.parameters.length))
    throw context.refuse(node, `${name}() does not take ${args.length} arguments.`, undefined, 'PW-QY-005')
  const values = given.map((argument, index) => {
    const value = lowerExpression(argument, rows)
    const wanted = entry.parameters[Math.min(index, entry.parameters.length - 1)] ?? 'any'
    return wanted === 'any' ? value : convert(value, wanted, context)
  })
  const condition = args[at]
  const filter = condition === undefined ? undefined : convert(lowerExpression(condition, rows), 'bool', context).sql
  const type = entry.returns === 'bound' ? (node.type ?? values[0]?.type ?? 'dynamic') : entry.returns
  const sql = entry.emit(values, { node, context, type, filter, place: scope.aggregating?.place })
  const result: Scalar = { sql, type: entry.returns === 'bound' ? resultType(name, values, type) : type }
  return node.type === undefined ? result : convert(result, node.type, context)
}

/** The type of what was emitted, which the binder may name differently. */
function resultType(name: string, values: readonly Scalar[], bound: Scalar['type']): Scalar['type'] {
  const type = values[0]?.type ?? bound
  if (/^avg/.test(name)) return type === 'datetime' || type === 'timespan' ? type : 'real'
  if (/^sum/.test(name)) return type === 'bool' ? 'long' : type === 'dynamic' ? 'real' : type
  return type === 'dynamic' && /^percentilew?$/.test(name) ? 'real' : type
}
