import type { Scope } from '../context.ts'
import { arrayJson } from '../functions/json-values.ts'
import { type GraphScope, OWN_DEGREES } from '../graph-scope.ts'
import { argumentsOf, lowerExpression } from '../lower.ts'
import type { Scalar } from '../scalar.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { convert, toJson } from '../values/convert.ts'

/** A call of a function that only the steps of graphs know; undefined for all others. */
export function lowerGraphCall(node: SyntaxNode, name: string, scope: Scope): Scalar | undefined {
  if (scope.graph === undefined) return undefined
  if (name === 'map' || name === 'all' || name === 'any') return overPath(node, name, scope, scope.graph)
  if (name === 'node_degree_in' || name === 'node_degree_out') return degree(node, name, scope, scope.graph)
  return undefined
}

/** `map(edge, …)`, `all(…)` and `any(…)`: a value of each edge of a path, or of each node inside it. */
function overPath(node: SyntaxNode, name: 'map' | 'all' | 'any', scope: Scope, at: GraphScope): Scalar {
  const { context } = scope
  const [over, expression] = argumentsOf(node)
  const inner = over?.kind === 'FunctionCallExpression' && over.fields.Name?.text === 'inner_nodes'
  const variable = inner ? argumentsOf(over)[0] : over
  const path = at.paths.get(variable?.text ?? '')
  if (path === undefined || expression === undefined || at.list === undefined)
    throw context.refuse(node, `${name}() takes an edge of variable length, like -[e*1..3]->.`, undefined, 'PW-QY-005')
  const graph = { ...at, list: undefined, degrees: new Map(inner ? [['', OWN_DEGREES]] : []) }
  const row = inner ? at.graph.nodes : at.graph.edges
  const value = lowerExpression(expression, { ...scope, row, steps: undefined, graph })
  const element =
    name === 'map'
      ? `ifNull(${toJson(value, context)}, 'null')`
      : `toUInt8(ifNull(${convert(value, 'bool', context).sql}, false))`
  const values = at.list(inner ? path.nodes : path.edges, element, inner ? 'nodes' : 'edges')
  if (name === 'map') return { sql: arrayJson(values), type: 'dynamic' }
  return { sql: `toBool(${name === 'all' ? 'NOT has' : 'has'}(${values}, ${name === 'all' ? 0 : 1}))`, type: 'bool' }
}

/** `node_degree_in(node)`: how many edges lead to it; without an argument of the node inside a path. */
function degree(node: SyntaxNode, name: string, { context }: Scope, { degrees }: GraphScope): Scalar {
  const found = degrees.get(argumentsOf(node)[0]?.text ?? '')
  if (found === undefined) throw context.refuse(node, `${name}() takes a node of the pattern.`, undefined, 'PW-QY-005')
  return { sql: name === 'node_degree_in' ? found.ins : found.outs, type: 'long' }
}
